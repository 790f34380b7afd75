from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.functional.cli.conftest import API_URL, CREATE_PERSON, FAILING, work

if TYPE_CHECKING:
    from tests.functional.cli.conftest import CommandLine

RENAMED = CREATE_PERSON | {"name": "Web form, renamed"}


@pytest.fixture
def published(ventuno: CommandLine) -> CommandLine:
    ventuno.publish("web-form", CREATE_PERSON)
    return ventuno


def drafted(ventuno: CommandLine) -> None:
    assert ventuno("apply", ventuno.file("web-form.json", RENAMED)).code == 0


def test_a_copy_is_a_draft_of_its_own(published: CommandLine) -> None:
    assert published("workflows", "duplicate", "web-form").out == (
        "web-form-copy is a copy of web-form, v1 is its draft\n"
    )
    named = published("workflows", "duplicate", "web-form", "--slug", "other", "--version", "1", "--json")
    assert named.value["workflow"]["slug"] == "other"
    assert published("workflows", "duplicate", "web-form", "--slug", "other").code == 1


def test_a_draft_is_discarded_and_made_again_of_an_old_version(published: CommandLine) -> None:
    drafted(published)

    assert published("workflows", "discard", "web-form").out == "the draft v2 of web-form is gone\n"
    assert published("workflows", "discard", "web-form").out == "web-form had no draft\n"
    assert published("workflows", "draft", "web-form", "1").out == (
        "v2 of web-form is a draft of what v1 says\n"
    )
    assert published("workflows", "draft", "web-form", "9").code == 1


def test_an_archived_workflow_is_listed_apart_and_comes_back(published: CommandLine) -> None:
    assert published("workflows", "archive", "web-form").out == "web-form is archived\n"
    assert published("workflows", "list", "--json").value["workflows"] == []
    (listed,) = published("workflows", "list", "--archived", "--json").value["workflows"]
    assert listed["statuses"] == ["ARCHIVED"]
    assert "restore it first" in published("activate", "web-form").err
    assert published("workflows", "restore", "web-form").out == "web-form is back: DEACTIVATED\n"


def test_nothing_of_a_folder_is_applied_where_one_workflow_was_put_away(published: CommandLine) -> None:
    published("workflows", "archive", "web-form")
    published.file("another.json", FAILING)
    ended = published("apply", str(published.folder))

    assert (ended.code, "restore it first" in ended.err) == (1, True)
    assert [workflow.slug for workflow in published.world.workflows.all()] == ["web-form"]


def test_limits_are_shown_set_and_taken_off(published: CommandLine) -> None:
    assert published("workflows", "limit", "web-form").out == "web-form: no limits\n"
    assert published("workflows", "limit", "web-form", "--per-minute", "5", "--at-once", "2").out == (
        "web-form: 5 runs a minute, 2 runs at once\n"
    )
    assert (
        published("workflows", "limit", "web-form", "--per-minute", "0").out == "web-form: 2 runs at once\n"
    )
    assert "limits   2 runs at once" in published("workflows", "show", "web-form").out
    assert published("workflows", "limit", "web-form", "--at-once", "9999").code == 1


def test_a_run_beyond_the_limit_of_the_hour_is_told(published: CommandLine) -> None:
    published("workflows", "limit", "web-form", "--per-hour", "1")
    assert published("run", "web-form").code == 0
    ended = published("run", "web-form")

    assert ended.code == 1
    assert "1 runs an hour" in ended.err


def test_the_webhook_gets_another_address(published: CommandLine) -> None:
    before = published("workflows", "show", "web-form", "--json").value["start"]["url"]
    changed = published("workflows", "rotate-address", "web-form", "--grace-hours", "24", "--json").value
    after = published("workflows", "show", "web-form", "--json").value["start"]["url"]

    assert before != after == changed["url"]
    assert after.startswith(
        f"{API_URL}/webhooks/workflows/default/{published.world.workflow('web-form').id}."
    )
    assert changed["oldAddressesUntil"] == ["2026-03-02T12:00:00+00:00"]
    assert (
        "an old address is good until"
        in published("workflows", "rotate-address", "web-form", "--grace-hours", "1").out
    )


def test_a_draft_is_rolled_out_and_finished(published: CommandLine) -> None:
    drafted(published)
    begun = published("rollout", "start", "web-form", "--percent", "10")
    shown = published("workflows", "show", "web-form").out

    assert begun.out.startswith("v2 of web-form gets 10 % of the runs; it is taken back when more than 20 %")
    assert "rollout  v2 gets 10 % of the runs" in shown
    assert "CANDIDATE" in shown
    assert published("rollout", "finish", "web-form").out == "v2 of web-form is active\n"
    assert published("rollout", "finish", "web-form", "--json").value["workflow"]["activeVersion"] == 2


def test_a_rollout_is_taken_back(published: CommandLine) -> None:
    drafted(published)
    published("rollout", "start", "web-form", "--percent", "10", "--most-failures", "5", "--after-runs", "3")

    assert published("rollout", "return", "web-form", "--reason", "slow").out == (
        "v1 of web-form gets all runs\n"
    )
    assert "rollout  slow" in published("workflows", "show", "web-form").out


def test_a_rollout_without_a_draft_is_refused(published: CommandLine) -> None:
    ended = published("rollout", "start", "web-form", "--percent", "10")

    assert (ended.code, "no draft" in ended.err) == (1, True)
    assert published("rollout", "start", "web-form").code == 2


def test_a_draft_is_tested_without_being_activated(ventuno: CommandLine) -> None:
    ventuno("apply", ventuno.file("web-form.json", CREATE_PERSON))
    started = ventuno("test", "web-form", "--payload", '{"name": "Bob"}', "--json").value
    list(work(ventuno.world))
    shown = ventuno("runs", "show", started["workflowRunId"], "--json").value

    assert (shown["test"], shown["status"]) == (True, "COMPLETED")
    assert ventuno("runs", "list", "--json").value["runs"] == []
    assert [run["id"] for run in ventuno("runs", "list", "--tests", "--json").value["runs"]] == [shown["id"]]
    listed = ventuno("runs", "list", "--tests", "--workflow", "web-form", "--json").value["runs"]
    assert [run["id"] for run in listed] == [shown["id"]]


def test_a_test_takes_what_the_webhook_expects(ventuno: CommandLine) -> None:
    ventuno("apply", ventuno.file("web-form.json", CREATE_PERSON))
    started = ventuno("test", "web-form", "--json").value
    shown = ventuno("runs", "show", started["workflowRunId"], "--json").value

    assert shown["state"]["stepInfos"]["trigger"]["result"] == {"name": "Ada"}


def test_a_manual_workflow_is_tested_too(ventuno: CommandLine) -> None:
    ventuno("apply", ventuno.file("never.json", FAILING))

    assert ventuno("test", "never", "--key", "k").code == 0
    assert "started before with this key" in ventuno("test", "never", "--key", "k").out


@pytest.mark.parametrize("verb", ["duplicate", "discard", "archive", "restore", "limit", "rotate-address"])
def test_an_unknown_workflow_is_told(ventuno: CommandLine, verb: str) -> None:
    ended = ventuno("workflows", verb, "x")

    assert (ended.code, 'no workflow "x"' in ended.err) == (1, True)
