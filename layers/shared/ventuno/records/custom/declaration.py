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

from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ventuno import errors
from ventuno.refusals import sentence
from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydantic_core import ErrorDetails

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


_KEYS: Final = tuple(
    field.alias or name
    for model in (ModelDeclaration, ObjectDeclaration, FieldDeclaration)
    for name, field in model.model_fields.items()
)
_NAMES: Final = "this is no name: use up to 60 letters and digits, the first one a small letter"
_OPTIONS: Final = "this is no option: use up to 60 letters, digits and _, the first one no digit"


def declaration_from(value: object) -> ModelDeclaration:
    """Read a declaration.

    Raises: RecordInputError naming every wrong place
    """
    try:
        return ModelDeclaration.model_validate(value)
    except ValidationError as exc:
        wrong = [(_place(item["loc"]), _sentence(item)) for item in exc.errors()]
        told = "; ".join(f"{place}: {what}" if place else what for place, what in wrong[:20])
        raise errors.RecordInputError(f"Objects are declared wrongly: {told}", field=wrong[0][0]) from exc


def _place(parts: Sequence[str | int]) -> str:
    """Write where something stands: `objects[0].fields[1].type`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def _sentence(refused: ErrorDetails) -> str:
    """Say what is wrong; patterns are those of names, and every key of a declaration is known."""
    if refused["type"] == "extra_forbidden":
        key = str(refused["loc"][-1])
        return f'"{key[:60]}" is not a key here; remove it or correct it{meant(key, _KEYS)}'
    if refused["type"] == "string_pattern_mismatch":
        return _NAMES if refused.get("ctx", {}).get("pattern") == NAME else _OPTIONS
    return sentence(refused)
