"""Output schemas as a tree for people: the keys as variables name them, each with its type and a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno_dev.cli.tables import printable
from ventuno_dev.cli.wording import brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ventuno.json_value import JsonValue

    Line = tuple[str, str, str]  # the key, indented; its type; a sample

_INDENT = "  "
_NOTHING_KNOWN = "nothing is known of it before it runs"


def schemas_text(schemas: Mapping[str, JsonValue]) -> str:
    """Write the schemas of all roots, each as a tree below its id."""
    return "\n".join(line for root, schema in schemas.items() for line in _tree(root, schema))


def _tree(root: str, schema: Any) -> Iterator[str]:  # noqa: ANN401 - the picker's JSON
    lines = list(_members(_fields(schema), 1))
    yield printable(f"{root}  {_record_of(schema) if lines else _NOTHING_KNOWN}".rstrip())
    widest = max((len(key) for key, _, _ in lines), default=0)
    wide = max((len(kind) for _, kind, _ in lines), default=0)
    for key, kind, sample in lines:
        yield f"{key:<{widest}}  {kind:<{wide}}  {sample}".rstrip()


def _members(fields: Mapping[str, Any], depth: int) -> Iterator[Line]:
    for key, member in fields.items():
        shown = _INDENT * depth + printable(key)
        if member.get("isLeaf"):
            sample = member.get("value")
            yield shown, printable(member["type"]), "" if sample is None else brief(sample)
            continue
        yield shown, _record_of(member["value"]), ""
        yield from _members(_fields(member["value"]), depth + 1)


def _fields(schema: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the picker's JSON
    fields: Mapping[str, Any] = schema["fields"] if _is_record(schema) else schema
    return fields


def _record_of(schema: Any) -> str:  # noqa: ANN401 - the picker's JSON
    return printable(schema["object"]["objectMetadataId"]) if _is_record(schema) else ""


def _is_record(schema: Any) -> bool:  # noqa: ANN401 - the picker's JSON
    return bool(schema.get("_outputSchemaType") == "RECORD")
