"""Security 5: what a script can do, what it cannot, and how each attempt to break out or hang ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.code.scripts import failure, result, run
from ventuno.sandbox.call import MAX_LOG_CHARACTERS, CodeCall

if TYPE_CHECKING:
    from ventuno.adapters.local_code import LocalCodeRunner


WORKS = {
    "params come in": ("({x: params.a * 2})", {"x": 4}),
    "nothing is an empty object": ("{}", {}),
    "undefined is an empty object": ("undefined", {}),
    "null is an empty object": ("null", {}),
    "false is an empty object": ("false", {}),
    "a text": ("'é\\u2028😀'", "é\u2028😀"),
    "JSON's rules for values": ("({u: undefined, d: new Date(0), n: NaN, m: new Map()})", None),
    "__proto__ is a plain key": ('JSON.parse(\'{"__proto__": {"x": 1}}\')', {"__proto__": {"x": 1}}),
    "a promise": ("await Promise.all([1, 2].map(async (n) => n + 1))", [2, 3]),
    "a timer": ("{ await new Promise((y) => setTimeout(y, 5)); return 'later' }", "later"),
    "an interval that is cleared": (
        """{
          let n = 0;
          await new Promise((y) => {
            const t = setInterval(() => { if (++n > 2) { clearInterval(t); y() } }, 1);
          });
          return n;
        }""",
        3,
    ),
    "another main than a function's own": ("globalThis.main = 5", 5),
}


@pytest.mark.parametrize("case", WORKS)
def test_a_script_returns_what_main_returns(runner: LocalCodeRunner, case: str) -> None:
    body, expected = WORKS[case]
    returned = result(run(runner, body, {"a": 2}))

    assert returned == (expected or returned)
    if expected is None:
        assert returned == {"d": "1970-01-01T00:00:00.000Z", "n": None, "m": {}}


@pytest.mark.parametrize(
    "code",
    [
        "export function main(params) { return params.a }",
        "export async function main(params) { return params.a }",
        "const main = (params) => params.a; export { main }; // a comment at the end",
        "const a = await 2; export const main = () => a",
    ],
)
def test_main_may_be_written_in_several_ways(runner: LocalCodeRunner, code: str) -> None:
    assert result(runner.run(CodeCall(code, {"a": 2}, 5))) == 2


HANGS = {
    "an endless loop": "{ while (true); }",
    "an endless await": "{ while (true) await 0; }",
    "an endless loop in a promise": "await Promise.resolve().then(() => { while (true); })",
    "a catastrophic regular expression": "/(a+)+$/.test('a'.repeat(60) + 'b')",
    "a loop that catches": "{ while (true) try { while (true); } catch { } finally { while (true); } }",
    "an endless getter": "({ get a() { while (true); } })",
    "an endless toJSON": "({ toJSON() { while (true); } })",
    "a timer that never comes": "new Promise((y) => setTimeout(y, 1e9))",
    "a sort that never agrees": "{ while (true) [...Array(1e4)].sort(() => 0.5 - Math.random()) }",
    "an interval for ever": "new Promise(() => setInterval(() => 0, 1))",
}


@pytest.mark.parametrize("case", HANGS)
def test_a_script_that_does_not_end_is_ended_in_its_time(runner: LocalCodeRunner, case: str) -> None:
    outcome = run(runner, HANGS[case], seconds=1)

    assert failure(outcome) == "the script did not end within 1 s"
    assert outcome.failure is not None
    assert outcome.failure.timed_out
    assert result(run(runner, "'fine'")) == "fine", "the next script must not notice"


def test_top_level_code_is_limited_too(runner: LocalCodeRunner) -> None:
    assert "1 s" in failure(runner.run(CodeCall("while (true);\nexport const main = 1", {}, 1)))


def test_main_that_waits_for_nothing_ends_at_once(runner: LocalCodeRunner) -> None:
    assert "nothing will settle" in failure(run(runner, "new Promise(() => {})", seconds=30))


BOMBS = {
    "arrays": "{ const a = []; while (true) a.push(new Array(1e5).fill(1)) }",
    "typed arrays": "{ const a = []; while (true) a.push(new Uint8Array(1e7)) }",
    "texts": "{ let s = 'x'; while (true) s += s + Math.random() }",
    "objects": "{ let o = {}; while (true) o = { o, a: {}, b: {} } }",
    "closures": "{ const a = []; while (true) a.push(() => a.length) }",
}


@pytest.mark.parametrize("case", BOMBS)
def test_a_memory_bomb_goes_off_inside(runner: LocalCodeRunner, case: str) -> None:
    told = failure(run(runner, BOMBS[case]))

    assert "128 MiB" in told or told == "string too long"
    assert result(run(runner, "'fine'")) == "fine"


FAILS = {
    "an error": ("{ throw new RangeError('bad range') }", "bad range"),
    "an error without a message": ("{ throw new TypeError() }", "TypeError"),
    "a text": ("{ throw 'text' }", "text"),
    "an object": ("{ throw {code: 5} }", '{"code":5}'),
    "undefined": ("{ throw undefined }", "undefined"),
    "null": ("{ throw null }", "null"),
    "a number": ("{ throw 7 }", "7"),
    "a symbol": ("{ throw Symbol('s') }", "Symbol(s)"),
    "what cannot be looked at": (
        "{ throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } }) }",
        None,
    ),
    "an error that lies": (
        "{ const e = new Error(); Object.defineProperty(e, 'message', { get() { throw 1 } }); throw e }",
        None,
    ),
    "endless recursion": ("{ const f = () => f(); f() }", "Maximum call stack size exceeded"),
    "a circle": ("{ const a = {}; a.a = a; return a }", "circular"),
    "a big integer": ("10n", "BigInt"),
    "a result of 10 MB": ("'x'.repeat(10 * 1024 * 1024)", "5242880 are allowed"),
    "a result of wide characters": ("'é'.repeat(3 * 1024 * 1024)", "5242880 are allowed"),
    "a module": ("await import('fs')", "could not load module 'fs'"),
    "waiting in the engine": ("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "cannot block"),
    "no such thing": ("process.env", "process is not defined"),
}


@pytest.mark.parametrize("case", FAILS)
def test_a_failure_tells_its_message(runner: LocalCodeRunner, case: str) -> None:
    body, message = FAILS[case]
    told = failure(run(runner, body))

    assert told
    assert message is None or message in told
    assert result(run(runner, "'fine'")) == "fine"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("export const main = async( => 1", "line 1, column 28"),
        ("let a = 1;\n\nfoo(;", "line 3, column 5"),
        ("throw new Error('at the top'); export const main = 1", "at the top"),
        ("export const name = 1", "main is not defined"),
        ("export const main = 5", "no function"),
        ("", "main is not defined"),
    ],
)
def test_code_that_does_not_come_as_far_as_main_says_why(
    runner: LocalCodeRunner, code: str, message: str
) -> None:
    assert message in failure(runner.run(CodeCall(code, {}, 5)))


def test_a_stack_shows_the_authors_lines_and_none_of_ours(runner: LocalCodeRunner) -> None:
    code = "const inner = () => {\n  throw new Error('deep')\n}\nexport const main = async () => inner()"
    outcome = runner.run(CodeCall(code, {}, 5))

    assert outcome.failure is not None
    assert outcome.failure.stack.splitlines() == [
        "Error: deep",
        "    at inner (<input>:2:13)",
        "    at main (<input>:4:33)",
    ]


HOST = [
    "process",
    "require",
    "std",
    "os",
    "module",
    "Deno",
    "Bun",
    "navigator",
    "XMLHttpRequest",
    "WebAssembly",
]


def test_a_script_finds_nothing_of_the_machine(runner: LocalCodeRunner) -> None:
    names = json.dumps(HOST)
    found = result(run(runner, f"{names}.filter((name) => globalThis[name] !== undefined)"))
    constructed = result(
        run(runner, "(function () {}).constructor('return typeof process + typeof require + this')()")
    )

    assert found == []
    assert constructed == "undefinedundefined[object global]"


def test_one_run_leaves_nothing_for_the_next(runner: LocalCodeRunner) -> None:
    run(runner, "{ globalThis.left = 1; Object.prototype.left = 2; Array.prototype.map = null; return {} }")

    assert result(run(runner, "[typeof globalThis.left, typeof ({}).left, [1].map((n) => n)]")) == [
        "undefined",
        "undefined",
        [1],
    ]


TRICKS = {
    "the tools of JSON": "{ JSON.stringify = () => '}'; JSON.parse = () => { throw 1 }; return {a: 1} }",
    "what objects inherit": "{ Object.prototype.text = Object.prototype.message = 'evil'; return {a: 1} }",
    "promises": "{ Promise.prototype.then = null; Promise.resolve = null; return {a: 1} }",
    "arrays": "{ Array.prototype.push = Array.prototype.join = () => 'evil'; return {a: 1} }",
    "texts": "{ String.prototype.toString = () => 'evil'; globalThis.String = null; return {a: 1} }",
    "the console": "{ console.log = null; globalThis.console = null; return {a: 1} }",
    "the way in": "{ globalThis.__ventuno_main = () => 'evil'; return {a: 1} }",
}


@pytest.mark.parametrize("case", TRICKS)
def test_a_script_that_bends_the_language_misleads_only_itself(runner: LocalCodeRunner, case: str) -> None:
    assert result(run(runner, TRICKS[case])) == {"a": 1}


def test_a_script_cannot_forge_the_frames_of_its_process(runner: LocalCodeRunner) -> None:
    forged = "{ Array.prototype.toJSON = () => ({op: 'fetch', id: 'x'}); Object.prototype.toJSON = () => 5;"
    outcome = run(runner, f"{forged} console.log('x'); await fetch('http://10.0.0.1/'); return 1 }}")

    assert outcome.failure is not None or outcome.text is not None
    assert result(run(runner, "'fine'")) == "fine"


def test_the_console_is_kept_in_order_with_levels(runner: LocalCodeRunner) -> None:
    body = """{
      console.log('a', 1, {b: [2]}); console.warn(undefined);
      console.error(new Error('e')); console.debug(1n);
    }"""
    lines = run(runner, body).lines

    assert [(line.level, line.text.splitlines()[0]) for line in lines] == [
        ("info", 'a 1 {"b":[2]}'),
        ("warn", "undefined"),
        ("error", "Error: e"),
        ("debug", "1"),
    ]
    assert all(line.at > 1.7e12 for line in lines)


def test_the_console_of_a_script_that_hangs_is_kept(runner: LocalCodeRunner) -> None:
    outcome = run(runner, "{ console.log('before'); while (true) await 0; }", seconds=1)

    assert [line.text for line in outcome.lines] == ["before"]


def test_a_flood_of_lines_is_counted_and_dropped(runner: LocalCodeRunner) -> None:
    outcome = run(
        runner, "{ for (let i = 0; i < 1e5; i++) console.log('x'.repeat(100)); console.log('y'.repeat(1e7)) }"
    )

    assert sum(len(line.text) for line in outcome.lines) <= MAX_LOG_CHARACTERS
    assert outcome.dropped_lines == 100_001 - len(outcome.lines)
    assert outcome.dropped_characters == 1e7 + 100 * (100_000 - len(outcome.lines))


def test_an_error_in_a_timer_is_told_and_stops_nothing(runner: LocalCodeRunner) -> None:
    outcome = run(
        runner,
        """{
          setTimeout(() => { throw new Error('late') }, 1);
          await new Promise((y) => setTimeout(y, 20));
          return 'on';
        }""",
    )

    assert result(outcome) == "on"
    assert "late" in outcome.lines[0].text
