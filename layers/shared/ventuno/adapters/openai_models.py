"""Models on any server that speaks OpenAI's chat completions, through the guarded HTTP client.

Source: https://platform.openai.com/docs/api-reference/chat; RFC 9110 §10.2.3 (Retry-After)
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors, strict_json
from ventuno.agent.openai_form import chat_reply, chat_request
from ventuno.outgoing.exchange import HttpRequest

if TYPE_CHECKING:
    from ventuno.agent.conversation import ModelReply, ModelRequest
    from ventuno.outgoing.exchange import HttpResponse
    from ventuno.outside import HttpClient

_BUSY: Final = frozenset({408, 425, 429})
_OK, _THEIRS = 200, 500
_TOLD: Final = 500  # characters of an error


class OpenAiModels:
    """Chat completions; redirects are refused, because the key would go with them."""

    def __init__(self, http: HttpClient) -> None:
        self._http = http

    def reply(self, request: ModelRequest) -> ModelReply:
        """Ask a model once. Raises: ModelBusyError, ModelError, StepInputError"""
        try:
            answer = self._http.send(_request(request))
        except errors.HttpAnswerError as error:
            raise errors.ModelError(
                f"the model's server answered with what cannot be used: {error}"
            ) from error
        except errors.HttpTransportError as error:
            raise errors.ModelBusyError(f"the model's server cannot be reached: {error}") from error
        if answer.status >= _THEIRS or answer.status in _BUSY:
            told = f"the model's server answered {answer.status}: {_message(answer)}"
            raise errors.ModelBusyError(told, _retry_after(answer))
        if answer.status != _OK:
            raise errors.ModelError(f"the model's server answered {answer.status}: {_message(answer)}")
        return chat_reply(_json(answer))


def _request(request: ModelRequest) -> HttpRequest:
    model = request.model
    key = () if model.key is None else (("Authorization", f"Bearer {model.key}"),)
    headers = (("Content-Type", "application/json"), ("Accept", "application/json"), *key)
    url = f"{model.url.rstrip('/')}/chat/completions"
    body = json.dumps(chat_request(request), ensure_ascii=False).encode("utf-8", "replace")
    return HttpRequest("POST", url, headers, body, request.timeout_seconds)


def _json(answer: HttpResponse) -> Any:  # noqa: ANN401 - whatever a server sends
    try:
        return strict_json.parse(answer.body.decode())
    except ValueError as error:
        raise errors.ModelError(f"the model's server answered with no JSON: {error}") from error


def _message(answer: HttpResponse) -> str:
    """Return the reason a server gives: {"error": {"message": text}}, or the beginning of what it sent."""
    text = answer.body.decode("utf-8", "replace")
    try:
        told: Any = json.loads(text)
        message = told["error"]["message"]
    except (ValueError, KeyError, TypeError, RecursionError):
        message = text
    return str(message)[:_TOLD] or "no reason given"


def _retry_after(answer: HttpResponse) -> float | None:
    """Read the seconds of Retry-After; a date, which few send, counts as nothing."""
    text = answer.header("retry-after") or ""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None  # noqa: PLR2004 - a day at most
