"""Changing what is declared: laying a change over what is there, and refusing what records would not survive.

Nothing is ever removed: an object or field with `active: false` disappears and comes back with its values.
An index cannot be built behind records that have no rows in it, so `unique` and `indexed` are fixed
once there are records; a new field may have them, for no record has a value of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.records.custom.declaration import ModelDeclaration, ObjectDeclaration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ventuno.records.custom.declaration import FieldDeclaration


def merged(before: ModelDeclaration, change: ModelDeclaration) -> ModelDeclaration:
    """Lay a change over a declaration: objects and fields by name, those it does not name stay."""
    objects = {item.name: item for item in before.objects}
    for item in change.objects:
        there = objects.get(item.name)
        objects[item.name] = item if there is None else _merged_object(there, item)
    return ModelDeclaration(objects=tuple(objects.values()))


def refuse_unsafe(
    before: ModelDeclaration, after: ModelDeclaration, has_records: Callable[[str], bool]
) -> None:
    """Refuse a change that stored records contradict.

    Raises: RecordInputError naming every such field
    """
    wrong = list(_unsafe(before, after, has_records))
    if wrong:
        raise errors.RecordInputError(
            f"The objects cannot be changed so: {'; '.join(wrong)}", field="objects"
        )


def _merged_object(there: ObjectDeclaration, change: ObjectDeclaration) -> ObjectDeclaration:
    fields = {field.name: field for field in there.fields_}
    for field in change.fields_:
        known = fields.get(field.name)
        fields[field.name] = field if known is None else known.model_copy(update=_given(field))
    return there.model_copy(update=_given(change) | {"fields_": tuple(fields.values())})


def _given(declared: ObjectDeclaration | FieldDeclaration) -> dict[str, object]:
    return {name: getattr(declared, name) for name in declared.model_fields_set if name != "fields_"}


def _unsafe(
    before: ModelDeclaration, after: ModelDeclaration, has_records: Callable[[str], bool]
) -> Iterator[str]:
    known = {(item.name, field.name): field for item in before.objects for field in item.fields_}
    plurals = {item.name: item.plural for item in before.objects}
    searches = {item.name: item.search for item in before.objects}
    groups = {item.name: item.unique_together for item in before.objects}
    for item in after.objects:
        if plurals.get(item.name) and plurals[item.name] != item.plural:
            yield f"the plural of {item.name} is {plurals[item.name]} and stays so"
        if item.unique_together != groups.get(item.name, ()) and has_records(item.name):
            yield f"{item.name} has records, so its unique_together stays as it is"
        if item.search != searches.get(item.name, ()) and has_records(item.name):
            yield f"{item.name} has records, so its search fields stay as they are"
        for field in item.fields_:
            there = known.get((item.name, field.name))
            if there is not None:
                yield from _unsafe_field(item.name, there, field, has_records)


def _unsafe_field(
    name: str, there: FieldDeclaration, field: FieldDeclaration, has_records: Callable[[str], bool]
) -> Iterator[str]:
    if (there.type, there.target) != (field.type, field.target):
        yield f"{name}.{field.name} is of type {there.type} and stays so: add a field of another name"
    if (there.unique, there.indexed) != (field.unique, field.indexed) and has_records(name):
        yield (
            f"{name}.{field.name} cannot become or stop being unique or indexed, because {name} has records: "
            "add a new field that is, and import the values into it"
        )
