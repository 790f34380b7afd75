"""AI_AGENT: let a language model do a task, with tools on records that the author lists.

Compiles to a Task; safe to retry: its replies are kept as they come, so a call that begins anew goes through
those it has, writes nothing twice, and pays for no token twice. What the model reads may try to lead it
astray; the tools that it has are the bounds of what it can do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.ai_agent_checks import agent_findings
from ventuno.actions.ai_agent_settings import AiAgentSettings
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.step_log import Level
from ventuno.agent.conversation import Answered, ModelChoice
from ventuno.agent.loop import AgentLoop, Budget, Surroundings, Task
from ventuno.agent.record_tools import Permission, RecordTools, Writing
from ventuno.outgoing.redaction import Secrets, shown_body
from ventuno.schemas import TEXT, Object, schema_of_json_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.ai_agent_settings import ModelSettings
    from ventuno.actions.scope import StepScope
    from ventuno.agent.conversation import ModelReply
    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue
    from ventuno.schemas import Schema

_LITERAL: Final = frozenset({"model", "tools", "responseFormat", "budget"})
_EXAMPLE: Final[JsonValue] = {
    "model": {"provider": "BEDROCK", "id": "anthropic.claude-sonnet-4-5-20250929-v1:0"},
    "prompt": "Which company is {{trigger.email}} from? Find it, or make it.",
    "tools": [
        {"tool": "SEARCH", "objectName": "company"},
        {"tool": "CREATE", "objectName": "company", "fields": ["name", "domainName"]},
    ],
    "responseFormat": {
        "type": "json",
        "schema": {
            "type": "object",
            "properties": {"companyId": {"type": "string"}, "isNew": {"type": "boolean"}},
            "required": ["companyId", "isNew"],
        },
    },
}


class AiAgent(TaskAction[AiAgentSettings]):
    """Result: `{response: text}`, or JSON as asked for. Source: reference §3.16; decisions, Actions."""

    wire_type = "AI_AGENT"
    settings_type = AiAgentSettings
    resolved_by_itself: ClassVar[frozenset[str]] = _LITERAL
    literal: ClassVar[frozenset[str]] = _LITERAL
    about = About(
        settings={
            "model": "`{provider: BEDROCK, id}`, or `{provider: OPENAI, url, id, secret?}` for any server "
            "that speaks OpenAI's chat completions; `secret` is the name of its key.",
            "prompt": "What is to be done; may hold variables.",
            "system": "What holds for the whole conversation; may hold variables.",
            "responseFormat": "`{type: text}`, or `{type: json, schema}`: a JSON schema of an object, "
            "against which the answer is checked; the model may mend it once.",
            "tools": "`{tool, objectName, fields?}` each; `tool` is SEARCH, READ, CREATE or UPDATE. "
            "Without `fields` all may be written.",
            "budget": "`{turns, tokens, seconds}`: at most so many replies (10), tokens (100,000) and "
            "seconds (300, up to 600). A reply that has begun is let end.",
            "agentId": "Kept for definitions that come from Twenty, and not used.",
        },
        result="`{response: text}`, or the JSON object that was asked for. The conversation is in the step's "
        "log, the tokens are on the run.",
        errors={
            errors.ModelError: "the model or its server refused, or no answer of it fits the schema",
            errors.ModelBusyError: "the model's server was busy or unreachable, again and again",
            errors.AgentBudgetError: "the turns, tokens or seconds are used up",
            errors.SecretMissingError: "there is no secret of this name",
            errors.StepInputError: "the model's url may not be called",
        },
        examples=(
            Example(
                "A decision that later steps can use",
                _EXAMPLE,
                {"companyId": "20202020-0687-4c41-b707-ed1bfca972a7", "isNew": False},
            ),
        ),
    )

    def output_schema(self, settings: AiAgentSettings, scope: StepScope) -> Schema:
        """Return the schema of the answer."""
        del scope
        asked = settings.response_format
        return (
            Object({"response": TEXT}) if asked.type == "text" else schema_of_json_schema(asked.json_schema)
        )

    def check(self, settings: AiAgentSettings, scope: StepScope) -> Iterator[Finding]:
        """Find a prompt or model that is missing, tools that cannot be, and schemas that are none."""
        yield from agent_findings(settings, scope.objects)

    def permissions(self, settings: AiAgentSettings) -> Iterator[str]:
        """Name the model, the secret it is called with, and what its tools may do with which records."""
        if settings.model is not None:
            at = f" at {settings.model.url}" if settings.model.url else ""
            yield f"ask {settings.model.provider} model {settings.model.id}{at}"
            if settings.model.secret:
                yield f"send secret {settings.model.secret}"
        for tool in settings.tools:
            yield f"{'write' if tool.tool.writes else 'read'} {tool.object_name}"

    def run(self, settings: AiAgentSettings, call: StepCall) -> JsonValue:
        """Run the agent.

        Raises: ModelError, AgentBudgetError, StepInputError, SecretMissingError, StoreUnavailableError
        """
        if settings.model is None or not settings.prompt.strip():
            raise errors.StepInputError(
                "the agent needs a model and a prompt; the prompt resolved to nothing"
            )
        name = settings.model.secret
        key = None if name is None else call.outside.secrets.value(name)
        secrets = Secrets({name: key} if name and key else {})
        loop = AgentLoop(_task(settings, settings.model, key), _surroundings(settings, call, secrets))
        begun = call.timer()
        try:
            answer = loop.run()
        except errors.StepError as error:  # a server can put what it was sent into its answers
            raise _without_secrets(error, secrets) from None
        finally:
            _tell(settings.model, loop, call, call.timer() - begun)
        return {"response": answer} if settings.response_format.type == "text" else answer


def _without_secrets(error: errors.StepError, secrets: Secrets) -> errors.StepError:
    if not secrets.within(str(error)):
        return error
    return type(error)(secrets.text(str(error)))


def _task(settings: AiAgentSettings, model: ModelSettings, key: str | None) -> Task:
    budget = settings.budget
    return Task(
        model=ModelChoice(model.provider, model.id, model.url or "", key),
        system=settings.system,
        prompt=settings.prompt,
        schema=settings.response_format.json_schema,
        budget=Budget(budget.turns, budget.tokens, budget.seconds),
    )


def _surroundings(settings: AiAgentSettings, call: StepCall, secrets: Secrets) -> Surroundings:
    permissions = [Permission(one.tool, one.object_name, one.fields) for one in settings.tools]
    writing = Writing(call.actor, call.key, call.causation)
    return Surroundings(
        reply=lambda request: _clean(call.outside.models.reply(request), secrets),
        tools=RecordTools(permissions, call.objects, call.records, writing),
        memory=call.memory,
        listener=_Transcript(call, secrets),
        timer=call.timer,
        pause=call.pause,
    )


def _clean(reply: ModelReply, secrets: Secrets) -> ModelReply:
    """Take secrets out of a reply before it is kept anywhere."""
    calls = (
        replace(one, text=secrets.text(one.text), arguments=secrets.value(one.arguments))
        for one in reply.turn.calls
    )
    return replace(reply, turn=Answered(secrets.text(reply.turn.text), tuple(calls)))


@dataclass(frozen=True, slots=True)
class _Transcript:
    """The conversation in the step's log, without credentials."""

    call: StepCall
    secrets: Secrets

    def said(self, speaker: str, text: str, *, failed: bool = False) -> None:
        """Add a line; JSON in it loses the values of telling keys."""
        shown = shown_body(text.encode("utf-8", "replace"), "application/json") or ""
        at = self.call.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        level = Level.WARN if failed else Level.INFO
        self.call.log.add(at, level, f"{speaker}: {self.secrets.text(shown)}")


def _tell(model: ModelSettings, loop: AgentLoop, call: StepCall, seconds: float) -> None:
    used = loop.usage.to_value()
    call.usage.update(used)
    call.log.details = {
        "type": "AI_AGENT",
        "provider": model.provider.value,
        "model": model.id,
        "turns": loop.replies,
        "usage": {**used},
        "durationMs": round(seconds * 1000),
    }
