"""What can be wrong with an agent beyond the shape of its settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.record_checks import CODE
from ventuno.agent.answer_schema import schema_problem
from ventuno.definition.findings import Finding
from ventuno.expressions.showing import shown
from ventuno.outgoing.urls import target_of
from ventuno.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.ai_agent_settings import AiAgentSettings, ToolSettings
    from ventuno.actions.record_schemas import ModelSchemas


def agent_findings(settings: AiAgentSettings, objects: ModelSchemas) -> Iterator[Finding]:
    """Find what would make every run of the step fail."""
    if not settings.prompt.strip():
        yield Finding(CODE, ".prompt", "the agent has no prompt; say what it is to do")
    yield from _model_findings(settings)
    yield from _format_findings(settings)
    names: set[tuple[str, str]] = set()
    for index, tool in enumerate(settings.tools):
        path = f".tools[{index}]"
        if (tool.tool.value, tool.object_name) in names:
            yield Finding(CODE, path, f"{tool.tool} on {shown(tool.object_name)} is listed twice; remove one")
        names.add((tool.tool.value, tool.object_name))
        yield from _tool_findings(tool, path, objects)


def _model_findings(settings: AiAgentSettings) -> Iterator[Finding]:
    if settings.model is None:
        message = (
            'the agent has no model; give {"provider": "BEDROCK", "id": "<model id>"}, '
            'or {"provider": "OPENAI", "url": "<server>", "id": "<model>", "secret": "<name of its key>"}'
        )
        yield Finding(CODE, ".model", message)
    elif settings.model.url:
        try:
            target_of(settings.model.url)
        except errors.StepInputError as error:
            yield Finding(CODE, ".model.url", str(error))


def _format_findings(settings: AiAgentSettings) -> Iterator[Finding]:
    asked = settings.response_format
    path = ".responseFormat.schema"
    if asked.type == "text":
        if asked.json_schema is not None:
            yield Finding(CODE, path, "a text answer has no schema; write type: json, or remove the schema")
        return
    if asked.json_schema is None:
        yield Finding(CODE, path, "a JSON answer needs a schema that says what it looks like")
    elif asked.json_schema.get("type") != "object":
        yield Finding(CODE, path, 'the answer is an object: begin with {"type": "object", "properties": {…}}')
    elif problem := schema_problem(asked.json_schema):
        yield Finding(CODE, path, problem)


def _tool_findings(tool: ToolSettings, path: str, objects: ModelSchemas) -> Iterator[Finding]:
    kind = objects.kind(tool.object_name)
    if kind is None:
        message = f'there is no object "{shown(tool.object_name)}"'
        yield Finding(CODE, f"{path}.objectName", message, nearest(tool.object_name, objects.names()))
        return
    if tool.tool.writes and not kind.automation:
        yield Finding(CODE, f"{path}.objectName", f"{kind.name} cannot be written by automation")
    if tool.fields is not None and not tool.tool.writes:
        yield Finding(CODE, f"{path}.fields", f"{tool.tool} writes no fields; remove them")
    columns = kind.by_column
    for index, name in enumerate(tool.fields or ()):
        if name not in columns:
            message = f'"{shown(name)}" is not a field of {kind.name}; a relation is <name>Id'
            yield Finding(CODE, f"{path}.fields[{index}]", message, nearest(name, columns))
