"""CodeRunner: the same from this process and through the function `code_runner`, as Lambda calls it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

from tests.fakes.http import FakeHttp, answer
from ventuno import errors
from ventuno.adapters.aws.code import LambdaCodeRunner
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.sandbox.call import LONGEST_SECONDS, MAX_RESULT_BYTES, CodeCall
from ventuno.sandbox.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.outside import CodeRunner
    from ventuno.sandbox.call import CodeOutcome

LIMIT_OF_LAMBDA = 6 * 1024 * 1024


class Function:
    """The Lambda service with one function: JSON of a limited size in and out, one attempt."""

    def __init__(self, local: LocalCodeRunner) -> None:
        self._local = local
        self.refusal: Exception | None = None
        self.error: dict[str, str] | None = None
        self.calls = 0

    def invoke(self, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "arn:of:it"
        assert len(Payload) <= LIMIT_OF_LAMBDA
        self.calls += 1
        if self.refusal:
            raise self.refusal
        if self.error:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(self.error).encode())}
        body = json.dumps(serve(json.loads(Payload), self._local), ensure_ascii=False).encode()
        assert len(body) <= LIMIT_OF_LAMBDA
        return {"Payload": io.BytesIO(body)}


@pytest.fixture(scope="module")
def http() -> FakeHttp:
    return FakeHttp()


@pytest.fixture(scope="module")
def local(http: FakeHttp) -> Iterator[LocalCodeRunner]:
    made = LocalCodeRunner(http)
    yield made
    made.close()


def deployed(function: Function) -> LambdaCodeRunner:
    client: Any = function
    return LambdaCodeRunner(lambda: client, "arn:of:it")


@pytest.fixture(params=["local", "lambda"])
def runner(request: pytest.FixtureRequest, local: LocalCodeRunner) -> CodeRunner:
    return local if request.param == "local" else deployed(Function(local))


def run(runner: CodeRunner, body: str, params: Any = None, seconds: float = 5) -> CodeOutcome:  # noqa: ANN401 - any JSON
    return runner.run(CodeCall(f"export const main = async (params) => {body}", params, seconds, "run/a/"))


def test_a_value_comes_back_with_what_was_logged_and_how_long_it_took(runner: CodeRunner) -> None:
    outcome = run(runner, "{ console.warn('careful'); return {n: params.n + 1} }", {"n": 1})

    assert (outcome.text, outcome.failure) == ('{"n":2}', None)
    assert [(line.level, line.text) for line in outcome.lines] == [("warn", "careful")]
    assert 0 < outcome.seconds < 5


def test_a_failure_comes_back_with_its_stack(runner: CodeRunner) -> None:
    outcome = run(runner, "{ throw new Error('bad') }")

    assert outcome.text is None
    assert outcome.failure is not None
    assert (outcome.failure.message, outcome.failure.timed_out) == ("bad", False)
    assert "at main" in outcome.failure.stack


def test_a_script_that_does_not_end_says_so(runner: CodeRunner) -> None:
    outcome = run(runner, "{ while (true); }", seconds=1)

    assert outcome.failure is not None
    assert outcome.failure.timed_out
    assert outcome.failure.message == "the script did not end within 1 s"


def test_a_request_goes_out_with_the_key_of_the_step(runner: CodeRunner, http: FakeHttp) -> None:
    http.answers = [answer({"ok": 1})]
    outcome = run(runner, "(await (await fetch('https://a.example/', {method: 'POST', body: 'x'})).json())")

    assert (outcome.text, outcome.fetches) == ('{"ok":1}', 1)
    assert dict(http.sent[-1].headers)["Idempotency-Key"] == "run/a/1"


@pytest.mark.parametrize(
    "body",
    [
        "'x'.repeat(5 * 1024 * 1024 - 2)",
        "Array.from({length: 2.6e6}, () => 1)",
        "Array.from({length: 5e5}, (_, i) => String.fromCodePoint(0x10000 + i % 60000)).join('')",
        "'\"\\n'.repeat(1.2e6)",
        "Array.from({length: 7e5}, () => Math.random().toString(36).slice(2, 8)).join('')",
    ],
    ids=["one letter", "digits", "rare letters", "quotes", "random letters"],
)
def test_the_largest_values_pass_in_and_out(runner: CodeRunner, body: str) -> None:
    outcome = run(runner, body, seconds=20)

    assert outcome.failure is None
    assert outcome.text is not None
    assert 2e6 < len(outcome.text.encode()) <= MAX_RESULT_BYTES
    given = json.loads(outcome.text)
    assert json.loads(str(run(runner, "params", given, 20).text)) == given


def test_types_are_taken_out_and_problems_have_a_place(runner: CodeRunner) -> None:
    typed = runner.prepare("export const main = async (p: number): Promise<number> => p")
    plain = "export const main = () => 1"
    wrong = runner.prepare("\nfoo(;")

    assert typed.script is not None
    assert ": number" not in typed.script
    assert runner.prepare(plain).script == plain
    assert (wrong.script, wrong.line, wrong.column) == (None, 2, 5)


def test_code_is_prepared_once_however_often_it_is_asked_for(local: LocalCodeRunner) -> None:
    function = Function(local)
    runner = deployed(function)
    for _ in range(3):
        runner.prepare("export const main = () => 1")
    for number in range(100):
        runner.prepare(f"export const main = () => {number}")

    assert function.calls <= 101
    assert len(runner._prepared) <= 64


@pytest.mark.parametrize(
    "refusal",
    [
        ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "slow"}}, "Invoke"),
        ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "Invoke"),
        ConnectTimeoutError(endpoint_url="x"),
    ],
)
def test_a_function_that_cannot_be_called_is_a_store_that_is_unavailable(
    local: LocalCodeRunner, refusal: Exception
) -> None:
    function = Function(local)
    function.refusal = refusal

    with pytest.raises(errors.StoreUnavailableError):
        run(deployed(function), "1")
    with pytest.raises(errors.StoreUnavailableError):
        deployed(function).prepare("x")
    assert function.calls == 2, "a second attempt would run the script twice"


@pytest.mark.parametrize(
    ("error", "message", "timed_out"),
    [
        (
            {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 900 s"},
            "did not end",
            True,
        ),
        ({"errorMessage": "2026 x Task timed out after 900.00 seconds"}, "did not end", True),
        ({"errorType": "Runtime.ExitError", "errorMessage": "signal: killed"}, "signal: killed", False),
    ],
)
def test_a_function_that_was_ended_fails_the_script(
    local: LocalCodeRunner, error: dict[str, str], message: str, *, timed_out: bool
) -> None:
    function = Function(local)
    function.error = error
    outcome = run(deployed(function), "1")

    assert outcome.failure is not None
    assert message in outcome.failure.message
    assert outcome.failure.timed_out is timed_out
    with pytest.raises(errors.StoreUnavailableError):
        deployed(function).prepare("x")


def test_no_answer_in_time_is_a_script_that_did_not_end(local: LocalCodeRunner) -> None:
    function = Function(local)
    function.refusal = ReadTimeoutError(endpoint_url="x")
    outcome = run(deployed(function), "1")

    assert outcome.failure is not None
    assert outcome.failure.timed_out


def test_a_script_leaves_its_step_the_time_to_store_what_came_of_it(local: LocalCodeRunner) -> None:
    seen: list[CodeCall] = []

    class Watching(LocalCodeRunner):
        def run(self, call: CodeCall) -> CodeOutcome:
            seen.append(call)
            return local.run(call)

    run(deployed(Function(Watching(FakeHttp()))), "1", seconds=900)

    assert [call.timeout_seconds for call in seen] == [LONGEST_SECONDS]
