"""What authors write of objects and fields, in `objects.yaml` and over the API.

The reference's names (nameSingular, isUnique and so on) are taken too.

objects:
  - name: invoice
    plural: invoices
    fields:
      - {name: number, type: TEXT, unique: true}
      - {name: status, type: SELECT, options: [DRAFT, SENT, PAID], default: DRAFT, indexed: true}
      - {name: company, type: RELATION, target: company, inverse: invoices}
  - name: company            # a standard object, to which fields are added
    fields:
      - {name: tier, type: SELECT, options: [A, B, C]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

MAX_OBJECTS = 200
MAX_FIELDS = 500
MAX_OPTIONS = 200
NAME = r"^[a-z][a-zA-Z0-9]{0,59}$"
OPTION = r"^[_A-Za-z][_0-9A-Za-z]{0,59}$"


def _value(option: object) -> object:
    """Take the value out of an option as the reference writes it: {value, label, color, position}."""
    return option["value"] if isinstance(option, dict) and "value" in option else option


Name = Annotated[str, Field(pattern=NAME)]
Option = Annotated[str, BeforeValidator(_value), Field(pattern=OPTION)]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    label: str | None = Field(default=None, validation_alias=AliasChoices("label", "labelSingular"))
    description: str | None = None
    icon: str | None = None
    active: bool = Field(default=True, validation_alias=AliasChoices("active", "isActive"))


class FieldDeclaration(_Declared):
    """One field. A relation has a `target`, and an `inverse`: its name on the target's side."""

    name: Name
    type: str
    options: tuple[Option, ...] = Field(default=(), max_length=MAX_OPTIONS)
    default: Any = Field(default=None, validation_alias=AliasChoices("default", "defaultValue"))
    unique: bool = Field(default=False, validation_alias=AliasChoices("unique", "isUnique"))
    indexed: bool = Field(default=False, validation_alias=AliasChoices("indexed", "isIndexed"))
    target: Name | None = None
    inverse: Name | None = None


class ObjectDeclaration(_Declared):
    """One object; without `plural` it is a standard one to which fields are added."""

    name: Name = Field(validation_alias=AliasChoices("name", "nameSingular"))
    plural: Name | None = Field(default=None, validation_alias=AliasChoices("plural", "namePlural"))
    label_plural: str | None = Field(
        default=None, validation_alias=AliasChoices("label_plural", "labelPlural")
    )
    fields_: tuple[FieldDeclaration, ...] = Field(
        default=(), alias="fields", validation_alias="fields", max_length=MAX_FIELDS
    )
    search: tuple[Name, ...] = ()
    unique_together: tuple[tuple[Name, ...], ...] = Field(
        default=(), validation_alias=AliasChoices("unique_together", "uniqueTogether")
    )


class ModelDeclaration(BaseModel):
    """All of them, as stored and as exported."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    objects: tuple[ObjectDeclaration, ...] = Field(default=(), max_length=MAX_OBJECTS)

    def to_value(self) -> JsonObject:
        """Write what was declared, without what is the default."""
        written: JsonObject = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return written


def declaration_from(value: object) -> ModelDeclaration:
    """Read a declaration.

    Raises: RecordInputError naming every wrong place
    """
    try:
        return ModelDeclaration.model_validate(value)
    except ValidationError as exc:
        wrong = [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in exc.errors()]
        raise errors.RecordInputError(
            f"Objects are declared wrongly: {'; '.join(wrong[:20])}", field=wrong[0].partition(":")[0]
        ) from exc
