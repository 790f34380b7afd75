"""The settings of AI_AGENT: which model, what it may do, how it answers, and what it may use."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ventuno.agent.conversation import Provider
from ventuno.agent.record_tools import RecordVerb
from ventuno.expressions import SECRET_NAME
from ventuno.wire import Wire

MOST_TOOLS: Final = 40
LONGEST_SECONDS: Final = 600
"""With one more reply of at most 290 s this is inside the 900 s of the call that runs the step."""


def _secret(name: str) -> str:
    if not SECRET_NAME.fullmatch(name):
        raise ValueError(
            "name a secret, as `ventuno secrets list` shows it; the key itself never stands here"
        )
    return name


class ModelSettings(Wire):
    """`{provider: BEDROCK, id}`, or `{provider: OPENAI, url, id, secret?}`; `secret` names the API key."""

    provider: Provider
    id: Annotated[str, Field(min_length=1, max_length=2_048)]
    url: Annotated[str, Field(max_length=2_048)] | None = None
    secret: Annotated[str, AfterValidator(_secret)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        is_server = self.provider is Provider.OPENAI
        if is_server and not self.url:
            raise ValueError("an OPENAI model needs its server's url, such as https://api.openai.com/v1")
        if not is_server and (self.url or self.secret):
            raise ValueError("a BEDROCK model has no url and no secret: the deployment's role may use it")
        return self


class ToolSettings(Wire):
    """`{tool: SEARCH | READ | CREATE | UPDATE, objectName, fields?}`; `fields` are what may be written."""

    tool: RecordVerb
    object_name: Annotated[str, Field(min_length=1)]
    fields: tuple[str, ...] | None = None


class ResponseFormat(Wire):
    """`{type: text}`, or `{type: json, schema}`."""

    type: Literal["text", "json"] = "text"
    json_schema: Annotated[dict[str, Any] | None, Field(alias="schema")] = None


class BudgetSettings(Wire):
    """What the step may use; before each turn of the model it is looked whether some is left."""

    turns: Annotated[int, Field(ge=1, le=50)] = 10
    tokens: Annotated[int, Field(ge=1, le=5_000_000)] = 100_000
    seconds: Annotated[float, Field(ge=1, le=LONGEST_SECONDS)] = 300


class AiAgentSettings(Wire):
    """`{model, prompt, system?, responseFormat?, tools?, budget?}`; an export's agent id is kept, unused."""

    model: ModelSettings | None = None
    prompt: str = ""
    system: str = ""
    response_format: ResponseFormat = ResponseFormat()
    tools: Annotated[tuple[ToolSettings, ...], Field(max_length=MOST_TOOLS)] = ()
    budget: BudgetSettings = BudgetSettings()
    agent_id: str | None = None
