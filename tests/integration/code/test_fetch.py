"""`fetch` of scripts against a real server: what goes out, what comes back, and where it does not go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.code.scripts import failure, result, run
from ventuno.adapters.http import GuardedHttpClient
from ventuno.adapters.local_code import LocalCodeRunner

if TYPE_CHECKING:
    from tests.peers.web_server import Peer


def test_fetch_sends_and_reads(runner: LocalCodeRunner, peer: Peer) -> None:
    body = """{
      const headers = {'X-Mine': 'a', 'Content-Type': 'application/json'};
      const r = await fetch(params.url, {method: 'post', headers, body: JSON.stringify({n: 1})});
      const type = r.headers.get('CONTENT-TYPE');
      return {ok: r.ok, status: r.status, type, json: await r.json(), text: await r.text()};
    }"""
    outcome = run(runner, body, {"url": f"{peer.url}/echo"})
    seen = peer.seen[0]

    assert result(outcome) == {
        "ok": True,
        "status": 200,
        "type": "application/json",
        "json": {"n": 1},
        "text": '{"n":1}',
    }
    assert (seen.method, seen.headers["x-mine"]) == ("POST", "a")
    assert outcome.fetches == 1


def test_bytes_go_out_and_come_back(runner: LocalCodeRunner, peer: Peer) -> None:
    body = """{
      const sent = Uint8Array.from([0, 255, 128, 10]);
      const headers = [['content-type', 'application/octet-stream']];
      const r = await fetch(params.url, {method: 'PUT', headers, body: sent});
      return [...await r.bytes(), (await r.arrayBuffer()).byteLength];
    }"""

    assert result(run(runner, body, {"url": f"{peer.url}/echo"})) == [0, 255, 128, 10, 4]


def test_requests_run_beside_each_other(runner: LocalCodeRunner, peer: Peer) -> None:
    body = """{
      const slow = fetch(params.slow).catch((e) => e.message);
      const hello = async () => (await (await fetch(params.url)).json()).hello;
      const all = await Promise.all([hello(), hello(), hello()]);
      return [...all, await Promise.race([slow, new Promise((y) => setTimeout(y, 50, 'first'))])];
    }"""
    given = {"url": f"{peer.url}/hello", "slow": f"{peer.url}/silent"}

    assert result(run(runner, body, given)) == ["world", "world", "world", "first"]
    peer.stop.set()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_request_with_an_effect_carries_the_same_key_on_every_try(
    runner: LocalCodeRunner, peer: Peer, method: str
) -> None:
    body = f"{{ for (const _ of [1, 2]) await fetch(params.url, {{method: '{method}'}}) }}"
    for _ in range(2):
        run(runner, body, {"url": f"{peer.url}/hello"})
    keys = [seen.headers.get("Idempotency-Key") for seen in peer.seen]

    assert keys == ["key/1", "key/2", "key/1", "key/2"]


@pytest.mark.parametrize(
    "url",
    [
        *("http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/"),
        *("file:///etc/passwd", "http://user:word@a.example/", "http://0.0.0.0/", "", "data:text/plain,x"),
    ],
)
def test_fetch_does_not_leave_the_public_internet(runner: LocalCodeRunner, url: str) -> None:
    body = "{ try { await fetch(params.url) } catch (e) { return [e instanceof TypeError, e.message] } }"
    is_type_error, message = result(run(runner, body, {"url": url}))

    assert is_type_error
    assert message.startswith("fetch failed: ")


def test_a_deployed_sandbox_does_not_reach_its_own_machine(peer: Peer) -> None:
    runner = LocalCodeRunner(GuardedHttpClient())
    try:
        assert "this machine itself" in failure(
            run(runner, "await fetch(params.url)", {"url": f"{peer.url}/hello"})
        )
    finally:
        runner.close()
    assert peer.seen == []


@pytest.mark.parametrize(
    "options",
    [
        "{method: 'TRACE'}",
        "{headers: {Host: 'b'}}",
        "{headers: {'X\\r\\nY': 'b'}}",
        "{headers: {X: 'a\\r\\nY: b'}}",
        "{method: {toString() { return 'GE' + 'T\\r\\n' }}}",
    ],
)
def test_a_request_that_would_say_something_else_is_refused(
    runner: LocalCodeRunner, peer: Peer, options: str
) -> None:
    body = f"{{ try {{ await fetch(params.url, {options}) }} catch (e) {{ return e.message }} }}"

    assert "fetch failed" in result(run(runner, body, {"url": f"{peer.url}/hello"}))
    assert peer.seen == []


def test_a_slow_server_takes_no_longer_than_the_script_has(runner: LocalCodeRunner, peer: Peer) -> None:
    outcome = run(runner, "await fetch(params.url)", {"url": f"{peer.url}/silent"}, seconds=1)

    assert peer.said == [], "the server was not waited for"
    assert "1 s" in failure(outcome) or "no complete answer" in failure(outcome)


def test_a_thousand_requests_are_the_limit(runner: LocalCodeRunner) -> None:
    body = "await Promise.all(Array.from({length: 1001}, () => fetch('ftp://x/').catch(() => 0)))"

    assert "more than 1000 requests" in failure(run(runner, body))
