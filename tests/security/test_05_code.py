"""Security 5: CODE reaches no credentials, files, other runs or network but by `fetch`, and is contained.

Every case is a whole step in a run, with the real engine; a case that breaks out would return what it found.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.builders import step
from tests.fakes.world import World
from tests.peers.web_server import running
from ventuno import errors
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner
from ventuno.runtime.show_run import show_run

if TYPE_CHECKING:
    from collections.abc import Iterator

CREDENTIAL: Final = "canary-of-the-environment"
MOST_RESULT: Final = 5 * 1024 * 1024

REACHING: Final = {
    "the environment": "process.env.AWS_SECRET_ACCESS_KEY",
    "the environment by Deno": "Deno.env.toObject()",
    "the environment by std": "std.getenv('AWS_SECRET_ACCESS_KEY')",
    "files by require": "require('fs').readFileSync('/etc/passwd', 'utf8')",
    "files by import": "(await import('fs')).readFileSync('/etc/passwd', 'utf8')",
    "files by a path": "(await import('/etc/passwd'))",
    "files by os": "os.open('/etc/passwd', 0)",
    "files by std": "std.loadFile('/etc/passwd')",
    "a process": "require('child_process').execSync('id').toString()",
    "a worker": "new Worker('x.js')",
    "a socket": "new WebSocket('ws://127.0.0.1')",
    "a request of old": "new XMLHttpRequest()",
    "the host by its constructor": "console.log.constructor('return process')().env",
    "the host by fetch's constructor": "(await fetch.constructor('return process')()).env",
    "shared memory": "Atomics.wait(new Int32Array(new SharedArrayBuffer(8)), 0, 0, 1e9)",
}
ENDED: Final = {
    "an endless loop": "{ while (true); }",
    "an endless await": "{ while (true) await 0; }",
    "a catastrophic regular expression": "/(a+)+$/.test('a'.repeat(60) + 'b')",
}
FAILED: Final = {
    "a memory bomb": ("{ const a = []; while (true) a.push(new Array(1e5).fill(1)) }", "128 MiB"),
    "endless depth": ("{ const f = () => f() + 1; return f() }", "stack"),
    "a result of 10 MB": ("'x'.repeat(1e7)", str(MOST_RESULT)),
    "a thrown text": ("{ throw 'plain text' }", "plain text"),
    "a thrown number": ("{ throw 42 }", "42"),
    "a thrown object": ("{ throw { code: 7 } }", "7"),
    "nothing thrown": ("{ throw undefined }", "undefined"),
    "a thrown object without a text": ("{ throw Object.create(null) }", r"\{\}"),
    "a rejected promise": ("Promise.reject('rejected')", "rejected"),
}


@pytest.fixture(scope="module")
def runner() -> Iterator[LocalCodeRunner]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_SECRET_ACCESS_KEY", CREDENTIAL)
        made = LocalCodeRunner(GuardedHttpClient())
        yield made
        made.close()


def ran(runner: LocalCodeRunner, body: str, payload: Any = None, **given: Any) -> Any:  # noqa: ANN401 - any JSON
    """Run a step and return its result. Raises: StepFailedError"""
    world = World(code=runner)
    code = f"export const main = async (params) => {body if body.startswith('{') else f'({body})'};"
    params = {"url": "{{trigger.url}}"}
    settings = {"code": code, "logicFunctionInput": params, "timeoutSeconds": 5, **given}
    run = world.begin(step("a", "CODE", given=settings), payload=payload or {"url": ""})
    world.call(run)
    view: Any = show_run(run.id, world.services)
    return view["state"]["stepInfos"]["a"]["result"]


def test_a_step_returns_what_its_code_does(runner: LocalCodeRunner) -> None:
    """What the refusals below stand against."""
    assert ran(runner, "{ a: [1, 'x'] }".replace("{", "{ return {", 1) + " }") == {"a": [1, "x"]}


@pytest.mark.parametrize("case", REACHING)
def test_code_reaches_nothing_of_its_machine(runner: LocalCodeRunner, case: str) -> None:
    with pytest.raises(errors.StepFailedError) as told:
        ran(runner, REACHING[case])

    assert CREDENTIAL not in str(told.value)
    assert "root:" not in str(told.value)


@pytest.mark.parametrize("case", ENDED)
def test_code_that_does_not_end_is_ended_in_its_time(runner: LocalCodeRunner, case: str) -> None:
    with pytest.raises(errors.StepFailedError, match="did not end within 1 s"):
        ran(runner, ENDED[case], timeoutSeconds=1)

    assert ran(runner, "'fine'") == "fine"


@pytest.mark.parametrize("case", FAILED)
def test_code_that_fails_fails_its_step_alone_and_says_why(runner: LocalCodeRunner, case: str) -> None:
    body, told = FAILED[case]
    with pytest.raises(errors.StepFailedError, match=told):
        ran(runner, body)

    assert ran(runner, "'fine'") == "fine"


def test_code_finds_nothing_of_other_runs(runner: LocalCodeRunner) -> None:
    ran(runner, "{ globalThis.left = 1; Object.prototype.left = 2; JSON.parse = null; return 1 }")

    assert ran(runner, "[typeof globalThis.left, typeof ({}).left, typeof JSON.parse]") == [
        *("undefined", "undefined", "function"),
    ]


def test_a_hundred_runs_at_once_each_have_their_own(runner: LocalCodeRunner) -> None:
    body = "{ globalThis.mine ??= params.url; await 0; return globalThis.mine }"
    with ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(lambda number: ran(runner, body, {"url": f"n{number}"}), range(100)))

    assert answers == [f"n{number}" for number in range(100)]


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "2130706433", "[::1]", "localhost"])
def test_fetch_is_guarded_as_requests_are(runner: LocalCodeRunner, host: str) -> None:
    with running() as peer:
        with pytest.raises(errors.StepFailedError, match="fetch failed"):
            ran(runner, "await fetch(params.url)", {"url": f"http://{host}:{peer.port}/hello"})

        assert peer.seen == []
