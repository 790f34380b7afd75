"""Show the object model and change it. Source: reference §10.1, §10.2"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.custom.building import model_of
from ventuno.records.custom.changing import merged, refuse_unsafe
from ventuno.records.custom.live import LiveObjectModel
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.query import Query
from ventuno.records.standard.registry import STANDARD_OBJECTS

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.records.custom.declaration import ModelDeclaration
    from ventuno.records.model.field import Field
    from ventuno.records.model.object_type import ObjectType
    from ventuno.runtime.services import Services

_STANDARD = {kind.name: kind for kind in STANDARD_OBJECTS}


def apply_objects(change: ModelDeclaration, services: Services) -> bool:
    """Add and change objects and fields; False when everything was so already.

    Raises: RecordInputError, ConflictError, StoreUnavailableError
    """
    stored = services.metadata.load()
    before = stored.declaration
    after = merged(before, change)
    model_of(STANDARD_OBJECTS, after)  # refuses before anything is asked of the records
    known = set(_STANDARD) | {item.name for item in before.objects if item.active}

    def has_records(name: str) -> bool:
        return name in known and bool(services.records.query(name, Query(limit=1, counted=False)).records)

    refuse_unsafe(before, after, has_records)
    if after == before:
        return False
    saved = services.metadata.save(after.to_value(), stored.revision)
    if isinstance(services.objects, LiveObjectModel):
        services.objects.take(saved)
    return True


def declared(services: Services) -> JsonObject:
    """Return what is declared beside the standard objects, in the form `apply_objects` takes."""
    return {"objects": [], **services.metadata.load().declaration.to_value()}


def object_views(services: Services) -> list[JsonObject]:
    """Describe all objects."""
    return [object_view(kind) for kind in services.objects]


def find_object(name: str, services: Services) -> ObjectType:
    """Find an object by either of its names. Raises: NotFoundError"""
    kind = services.objects.by_plural(name)
    if kind is not None:
        return kind
    try:
        return services.objects.get(name)
    except errors.RecordInputError as exc:
        raise errors.NotFoundError(str(exc)) from exc


def object_view(kind: ObjectType) -> JsonObject:
    """Describe one object."""
    standard = _STANDARD.get(kind.name)
    own = standard.by_column if standard else {}
    return {
        "nameSingular": kind.name,
        "namePlural": kind.plural,
        "isCustom": standard is None,
        "writableByAutomation": kind.automation,
        "uniqueTogether": [list(group) for group in kind.unique_together],
        "search": list(kind.search),
        "fields": [_field_view(field, custom=field.column not in own) for field in kind.fields],
    }


def _field_view(field: Field, *, custom: bool) -> JsonObject:
    view: JsonObject = {
        "name": field.name,
        "column": field.column,
        "type": field.type.wire_name,
        "isUnique": field.unique,
        "isIndexed": field.indexed or field.is_relation,
        "isCustom": custom,
        "access": field.access.value,
        "defaultValue": field.default,
    }
    if isinstance(field.type, SelectType | MultiSelectType):
        view["options"] = list(field.type.options)
    if isinstance(field.type, RelationType):
        view["target"], view["inverse"] = field.type.target, field.type.inverse or None
    if field.type.part_names:
        view["parts"] = list(field.type.part_names)
    return view
