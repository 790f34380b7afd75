"""Every error of the product; the class names of `StepError` leaves reach ASL and are a public contract.

`ErrorEquals` compares strings and knows no base classes: renaming a leaf changes what machines retry.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ventuno.definition.findings import Finding
    from ventuno.json_value import JsonValue


class VentunoError(Exception):
    """Base of all errors raised on purpose."""


class DefinitionError(VentunoError):
    """A definition cannot be used; `findings` holds every reason, not only the first."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{one.code} at {one.path}: {one.message}" for one in self.findings))


class ConfigurationError(VentunoError):
    """The environment of the process lacks something; the message names it."""


class MachineMissingError(VentunoError):
    """The state machine of a version does not exist any more."""


# --- a running step -------------------------------------------------------------------------------

MAX_TOLD_LENGTH = 10_000


class StepError(VentunoError):
    """A running step failed."""

    @property
    def told(self) -> JsonValue:
        """What is stored as the step's error."""
        return str(self)[:MAX_TOLD_LENGTH]


class RetryableStepError(StepError):
    """The same call may succeed later; every leaf is listed in the machine's Retry."""


class RetryLaterError(RetryableStepError):
    """The author asked for retries of this step and some are left."""


class StoreUnavailableError(RetryableStepError):
    """A store or service refused the call for now: throttled, busy, or unreachable."""


class TerminalStepError(StepError):
    """Repeating the call cannot help."""


class StepInputError(TerminalStepError):
    """INVALID_STEP_INPUT: the step's resolved input is wrong; never retried."""


class RecordInputError(StepInputError):
    """A record field is unknown or holds a value its type refuses; `field` names it."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        self.field = field
        super().__init__(message)


class QueryBudgetError(StepInputError):
    """A find would read more than it may; the message says what would make it cheaper."""


class SecretMissingError(StepInputError):
    """There is no secret of this name."""


class HttpTransportError(TerminalStepError):
    """A request got no answer: no such host, no connection, broken off, or not HTTP."""


class HttpTimeoutError(HttpTransportError):
    """The whole exchange took longer than it may."""


class HttpAnswerError(TerminalStepError):
    """A server answered with something that cannot be used: too large, or not what it says it is."""


class HttpStatusError(TerminalStepError):
    """A server answered with a status that means failure; the error of the step is {status, body}."""

    def __init__(self, status: int, body: JsonValue) -> None:
        self.status = status
        self.body = body
        super().__init__(f"the server answered with status {status}")

    @property
    def told(self) -> JsonValue:
        """Status and body; of a long body the beginning, as text."""
        text = json.dumps(self.body, ensure_ascii=False)
        body = self.body if len(text) <= MAX_TOLD_LENGTH else text[:MAX_TOLD_LENGTH]
        return {"status": self.status, "body": body}


class MailError(TerminalStepError):
    """A message was not sent, or nobody can tell."""


class MailTransportError(MailError):
    """The mail server cannot be reached, or broke off before it took the message."""


class MailRefusedError(MailError):
    """The mail server refused the sender, a recipient or the message; nobody has got it."""


class MailUnsureError(MailError):
    """The message may have been sent, or not: nobody can tell, so it is not sent again by itself."""


class CodeError(TerminalStepError):
    """CODE_STEP_FAILURE: the author's code threw, or met a limit; the message is the author's own."""


class ModelError(TerminalStepError):
    """AI_AGENT_STEP_FAILURE: a model, or its server, refused, or answered with what cannot be used."""


class ModelBusyError(ModelError):
    """A model's server is busy, broken or unreachable for now; it may say when to ask again."""

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(message)


class AgentBudgetError(TerminalStepError):
    """An agent used up its turns, tokens or time before it had an answer."""


class RecordNotFoundError(TerminalStepError):
    """No record of that object has that id."""


class RecordConflictError(TerminalStepError):
    """A unique value is taken, or the record changed since it was read."""


class UpsertConflictError(RecordConflictError):
    """UPSERT_MULTIPLE_MATCHING_RECORDS_CONFLICT: unique values point at different records."""


class StepFailedError(TerminalStepError):
    """The failure of a step is stored; the execution must now fail too."""


class CallLostError(TerminalStepError):
    """The function that ran a step gave no answer; how far it got is not known."""


class IterationFailedError(TerminalStepError):
    """A step of a loop's body failed and its failure is stored; the loop must now fail too."""


class RunNotRunningError(TerminalStepError):
    """The run was stopped or closed; no further step may start."""


class PayloadLostError(TerminalStepError):
    """A stored value is missing from the bucket or does not match its checksum."""


def leaf_names(base: type[StepError]) -> list[str]:
    """List the ASL names of the leaves under `base`, sorted."""
    children = base.__subclasses__()
    return sorted({name for child in children for name in leaf_names(child)} if children else {base.__name__})


# --- an answer over HTTP --------------------------------------------------------------------------


class ApiError(VentunoError):
    """A request is refused; `headers` go with the answer.

    Body:   {"statusCode": n, "error": "…", "messages": ["…"], "code": "…"}
    Source: reference §9.2
    """

    status = 500
    error = "Internal Server Error"
    code = "INTERNAL_ERROR"

    def __init__(self, *messages: str, headers: Mapping[str, str] | None = None) -> None:
        self.messages, self.headers = messages, headers or {}
        super().__init__("; ".join(messages))


class BadRequestError(ApiError):
    """400: the request cannot be understood."""

    status, error, code = 400, "Bad Request", "INVALID_INPUT"


class WorkflowStatusError(BadRequestError):
    """400: the workflow was never activated, or its version is not ACTIVE."""

    code = "INVALID_WORKFLOW_STATUS"


class WorkflowVersionError(BadRequestError):
    """400: the version cannot be used this way."""

    code = "INVALID_WORKFLOW_VERSION"


class WorkflowTriggerError(BadRequestError):
    """400: the workflow has another kind of trigger."""

    code = "INVALID_WORKFLOW_TRIGGER"


class FormAnswerError(BadRequestError):
    """400: the answer to a form does not fit its fields; `problems` has one sentence per wrong field."""

    code = "INVALID_FORM_ANSWER"

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(*(f"{field}: {problem}" for field, problem in problems.items()))


class UnauthorizedError(ApiError):
    """401: no valid credentials came with the request."""

    status, error, code = 401, "Unauthorized", "UNAUTHORIZED"


class ForbiddenError(ApiError):
    """403: the caller's role does not allow this."""

    status, error, code = 403, "Forbidden", "FORBIDDEN"


class NotFoundError(ApiError):
    """404: the thing named in the request does not exist."""

    status, error, code = 404, "Not Found", "NOT_FOUND"


class MethodNotAllowedError(ApiError):
    """405: the address takes other HTTP methods, named in `Allow`. Source: RFC 9110, 15.5.6"""

    status, error, code = 405, "Method Not Allowed", "METHOD_NOT_ALLOWED"


class ConflictError(ApiError):
    """409: the state changed meanwhile, or a unique value is taken."""

    status, error, code = 409, "Conflict", "CONFLICT"


class UnsupportedMediaTypeError(ApiError):
    """415: the body is of a type that is not read."""

    status, error, code = 415, "Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE"


class RunLimitError(ApiError):
    """429: the workflow, or the stage, started all runs it may in an hour; `Retry-After` is in seconds."""

    status, error, code = 429, "Too Many Requests", "WORKFLOW_RUN_LIMIT_REACHED"


class RunResultError(ApiError):
    """502: the run that was to give the answer failed, or took a way past the step that gives it."""

    status, error, code = 502, "Bad Gateway", "NO_RESULT"


class PayloadTooLargeError(ApiError):
    """413: the body is larger than allowed."""

    status, error, code = 413, "Payload Too Large", "PAYLOAD_TOO_LARGE"


class ServiceUnavailableError(ApiError):
    """503: a store refused the call for now; the same request may be sent again."""

    status, error, code = 503, "Service Unavailable", "SERVICE_UNAVAILABLE"
