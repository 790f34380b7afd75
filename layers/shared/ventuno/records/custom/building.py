"""A declaration laid over the standard objects: the object model of the workspace, or every reason why not.

A custom object becomes a target of tasks, notes, attachments and the like, as people and companies are.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.fields.base import FieldType, FieldValueError
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.registry import FIELD_TYPES
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.model.field import Field
from ventuno.records.model.object_model import ObjectModel
from ventuno.records.standard.base import BASE_FIELDS, object_type
from ventuno.records.standard.morphs import morph_field
from ventuno.spelling import meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno.records.custom.declaration import FieldDeclaration, ModelDeclaration, ObjectDeclaration
    from ventuno.records.model.object_type import ObjectType

# Words that addresses, filters and records use already.
RESERVED = frozenset(
    {
        "and",
        "batch",
        "duplicates",
        "groupBy",
        "merge",
        "metadata",
        "not",
        "or",
        "restore",
        "searchVector",
        "workflow",
        "workflowRun",
        "workflowVersion",
        "workflows",
        "workflowRuns",
        "workflowVersions",
    }
)
NOT_DECLARED = frozenset({"ACTOR", "MORPH_RELATION", "POSITION"})
DECLARABLE = tuple(sorted(set(FIELD_TYPES) - NOT_DECLARED))


@dataclass(slots=True)
class _Builder:
    standard: dict[str, ObjectType]
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, place: str, reason: str) -> None:
        self.wrong.append((place, reason))

    def built(self, declared: ModelDeclaration) -> list[ObjectType]:
        active = [item for item in declared.objects if item.active]
        names = {*self.standard, *(item.name for item in active)}
        kinds = dict(self.standard)
        for item in active:
            fields = self._fields(item, names)
            kind = kinds.get(item.name)
            kinds[item.name] = self._extended(item, kind, fields) if kind else self._made(item, fields)
        custom = [item.name for item in active if item.name not in self.standard]
        return [self._targeting(kind, custom) for kind in kinds.values()]

    def _made(self, item: ObjectDeclaration, fields: list[Field]) -> ObjectType:
        if item.plural is None:
            self.refuse(
                item.name,
                f"is no standard object, so it needs a plural{meant(item.name, self.standard)}",
            )
        for name in (item.name, item.plural):
            if name in RESERVED:
                self.refuse(item.name, f"cannot be called {name}, which is a word of the API")
        self._refuse_known(item, fields, {own.name for own in BASE_FIELDS})
        groups = self._groups(item, {own.name for own in fields})
        search = self._searched(item, {own.name for own in fields})
        return object_type(item.name, item.plural or item.name, fields, unique_together=groups, search=search)

    def _extended(self, item: ObjectDeclaration, kind: ObjectType, fields: list[Field]) -> ObjectType:
        if item.plural not in {None, kind.plural}:
            self.refuse(item.name, f"is a standard object, whose plural is {kind.plural}")
        self._refuse_known(item, fields, {*kind.by_input_name, *kind.morphs})
        if item.search:
            self.refuse(item.name, f"is a standard object, whose search fields are {', '.join(kind.search)}")
        own_names = {own.name for own in (*kind.fields, *fields)}
        groups = (*kind.unique_together, *self._groups(item, own_names))
        return replace(kind, fields=(*kind.fields, *fields), unique_together=groups)

    def _searched(self, item: ObjectDeclaration, names: set[str]) -> tuple[str, ...]:
        for name in item.search:
            if name not in names:
                self.refuse(item.name, f"has no field {name} to search{meant(name, names)}")
        return item.search

    def _refuse_known(self, item: ObjectDeclaration, fields: list[Field], known: set[str]) -> None:
        for own in fields:
            if set(own.names) & known:
                self.refuse(f"{item.name}.{own.name}", "is a field that the object has already")

    def _groups(self, item: ObjectDeclaration, names: set[str]) -> tuple[tuple[str, ...], ...]:
        for group in item.unique_together:
            for name in group:
                if name not in names:
                    self.refuse(item.name, f"has no field {name} to be unique together{meant(name, names)}")
        return tuple(group for group in item.unique_together if set(group) <= names)

    def _targeting(self, kind: ObjectType, custom: Sequence[str]) -> ObjectType:
        """Add the custom objects to the targets of an object with a morph."""
        if kind.name not in self.standard or not kind.morphs:
            return kind
        inverse = next(getattr(own.type, "inverse", "") for own in kind.morphs["target"])
        return replace(
            kind, fields=(*kind.fields, *(morph_field("target", name, inverse) for name in custom))
        )

    def _fields(self, item: ObjectDeclaration, objects: set[str]) -> list[Field]:
        active = [declared for declared in item.fields_ if declared.active]
        fields = [own for declared in active if (own := self._field(item.name, declared, objects))]
        for name, count in Counter(name for own in fields for name in own.names).items():
            if count > 1:
                self.refuse(f"{item.name}.{name}", "is declared twice")
        return fields

    def _field(self, object_name: str, declared: FieldDeclaration, objects: set[str]) -> Field | None:
        place = f"{object_name}.{declared.name}"
        if declared.name in RESERVED:
            self.refuse(place, "is a word of the API, choose another name")
            return None
        field_type = self._type(place, declared, objects)
        if field_type is None:
            return None
        try:
            made = Field(declared.name, field_type, declared.unique, declared.indexed)
            default = None if declared.default is None else field_type.normalise(declared.default)
        except ValueError as exc:
            self.refuse(place, str(exc))
        except FieldValueError as exc:
            self.refuse(place, f"has a default that {exc}")
        else:
            return replace(made, default=default)
        return None

    def _type(self, place: str, declared: FieldDeclaration, objects: set[str]) -> FieldType | None:
        match declared.type:
            case "SELECT" | "MULTI_SELECT":
                if not declared.options or len(set(declared.options)) < len(declared.options):
                    self.refuse(place, "needs options, each once")
                made = SelectType if declared.type == "SELECT" else MultiSelectType
                return made(declared.options)
            case "RELATION":
                if declared.target not in objects:
                    known = meant(declared.target or "", objects)
                    self.refuse(place, f"needs a target that is an object, not {declared.target}{known}")
                return RelationType(declared.target or "", declared.inverse or "")
            case name if name in DECLARABLE:
                return FIELD_TYPES[name]()
            case name:
                self.refuse(place, f"cannot be of type {name[:60]}; use one of {', '.join(DECLARABLE)}")
                return None


def model_of(standard: Sequence[ObjectType], declared: ModelDeclaration) -> ObjectModel:
    """Build the object model.

    Raises: RecordInputError naming everything that is wrong
    """
    builder = _Builder({kind.name: kind for kind in standard})
    kinds = builder.built(declared)
    counts = Counter(item.name for item in declared.objects)
    for name, count in counts.items():
        if count > 1:
            builder.refuse(name, "is declared twice")
    for name, count in Counter(name for kind in kinds for name in {kind.name, kind.plural}).items():
        if count > 1:
            builder.refuse(name, "is the name or plural of two objects")
    if builder.wrong:
        told = "; ".join(f"{place} {reason}" for place, reason in builder.wrong[:20])
        raise errors.RecordInputError(f"Objects cannot be declared so: {told}", field=builder.wrong[0][0])
    return ObjectModel(kinds)
