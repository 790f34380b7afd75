from __future__ import annotations

import json

import pytest

from tests.functional.cli.conftest import API_URL, CREATE_PERSON, FAILING, CommandLine

BROKEN = CREATE_PERSON | {"trigger": {"type": "WEBHOOK", "nextStepIds": ["persn"]}}
RENAMED = CREATE_PERSON | {"name": "Web form, renamed"}


def test_applying_tells_what_is_new_what_changed_and_what_did_not(ventuno: CommandLine) -> None:
    file = ventuno.file("web-form.json", CREATE_PERSON)
    outcomes = [ventuno("apply", file, "--json").value["applied"][0]["outcome"] for _ in range(2)]
    ventuno.file("web-form.json", RENAMED)
    outcomes.append(ventuno("apply", file, "--json").value["applied"][0]["outcome"])

    assert outcomes == ["created", "unchanged", "changed"]


def test_a_folder_is_applied_whole(ventuno: CommandLine) -> None:
    ventuno.file("web-form.json", CREATE_PERSON)
    ventuno.file("never.json", FAILING)
    ended = ventuno("apply", str(ventuno.folder))

    assert ended.code == 0
    table, following = ended.out.splitlines()[:3], ended.out.splitlines()[3:]
    assert [line.split()[1:4] for line in table] == [
        ["SLUG", "VERSION", "DRAFT"],
        ["never", "v1", "created"],
        ["web-form", "v1", "created"],
    ]
    assert following == ["Next  ventuno test never --follow", "Next  ventuno activate never"]
    assert "Next" not in ventuno("apply", str(ventuno.folder), "--activate").out


def test_one_file_with_an_error_stops_all(ventuno: CommandLine) -> None:
    good, bad = ventuno.file("good.json", CREATE_PERSON), ventuno.file("bad.json", BROKEN)
    ended = ventuno("apply", good, bad)

    assert ended.code == 1
    assert "DANGLING_REFERENCE" in ended.out
    assert "nothing was applied: 1 file" in ended.out
    assert ventuno.world.workflows.all() == []
    refused = ventuno("apply", good, bad, "--json").value
    assert (refused["applied"], [each["file"] for each in refused["refused"]]) == ([], [bad])


def test_a_draft_may_have_errors_but_activation_refuses_them(ventuno: CommandLine) -> None:
    assert ventuno("apply", ventuno.file("bad.json", BROKEN), "--draft").code == 0
    ended = ventuno("activate", "bad", "--json")

    assert ended.code == 1
    assert ended.value["activated"] is False
    assert "DANGLING_REFERENCE" in {finding["code"] for finding in ended.value["findings"]}
    assert "DANGLING_REFERENCE" in ventuno("activate", "bad").out


def test_a_slug_can_be_given_for_one_file(ventuno: CommandLine) -> None:
    file = ventuno.file("Web_Form.json", CREATE_PERSON)

    assert ventuno("apply", file).code == 2
    assert ventuno("apply", file, "--slug", "web-form").code == 0
    assert [workflow.slug for workflow in ventuno.world.workflows.all()] == ["web-form"]


@pytest.mark.parametrize("words", [["--slug", "one"], ["--draft", "--activate"]])
def test_apply_refuses_options_that_do_not_go_together(ventuno: CommandLine, words: list[str]) -> None:
    files = ventuno.file("a.json", CREATE_PERSON), ventuno.file("b.json", FAILING)

    assert ventuno("apply", *files, *words).code == 2


def test_two_files_cannot_be_one_workflow(ventuno: CommandLine) -> None:
    (ventuno.folder / "a.yaml").write_text(json.dumps(FAILING))
    ended = ventuno("apply", ventuno.file("a.json", CREATE_PERSON), str(ventuno.folder / "a.yaml"))

    assert ended.code == 2
    assert "would both be the workflow a" in ended.err


def test_activating_while_applying_touches_only_workflows_with_a_draft(ventuno: CommandLine) -> None:
    file = ventuno.file("web-form.json", CREATE_PERSON)
    first = ventuno("apply", file, "--activate", "--json").value["applied"][0]
    again = ventuno("apply", file, "--activate", "--json").value["applied"][0]

    assert (first["activated"], again["activated"]) == (True, False)
    assert first["start"]["trigger"] == "WEBHOOK"
    assert len(ventuno.world.machines.created) == 1


def test_a_draft_applied_before_is_activated_too(ventuno: CommandLine) -> None:
    file = ventuno.file("web-form.json", CREATE_PERSON)
    ventuno("apply", file)

    assert ventuno("apply", file, "--activate", "--json").value["applied"][0]["activated"] is True


def test_activating_shows_the_address_of_the_webhook(ventuno: CommandLine) -> None:
    ventuno("apply", ventuno.file("web-form.json", CREATE_PERSON))
    ended = ventuno("activate", "web-form")
    url = f"{API_URL}/webhooks/workflows/default/{ventuno.world.workflow('web-form').id}"

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "web-form v1 is active",
        f"webhook  {url}",
        f"start    curl -H 'Content-Type: application/json' -d '{{\"name\": \"Ada\"}}' {url}",
    ]


def test_activating_twice_is_no_error(ventuno: CommandLine) -> None:
    ventuno.publish("never", FAILING)
    ended = ventuno("activate", "never")

    assert ended.code == 0
    assert ended.out.splitlines() == [
        "never v1 was active already",
        "start    ventuno run never --follow",
    ]


def test_deactivating_stops_triggers_and_may_be_repeated(ventuno: CommandLine) -> None:
    ventuno.publish("never", FAILING)

    assert ventuno("deactivate", "never", "--json").value["deactivated"] is True
    assert ventuno("deactivate", "never").out == "never was not active\n"
    assert ventuno("run", "never").code == 1


def test_workflows_are_listed(ventuno: CommandLine) -> None:
    assert "ventuno apply" in ventuno("workflows", "list").out
    ventuno.publish("web-form", CREATE_PERSON)
    ventuno("apply", ventuno.file("never.json", FAILING))

    assert [line.split()[:5] for line in ventuno("workflows", "list").out.splitlines()[1:]] == [
        ["never", "DRAFT", "-", "v1", "-"],
        ["web-form", "ACTIVE", "v1", "v1", "WEBHOOK"],
    ]
    assert [each["slug"] for each in ventuno("workflows", "list", "--json").value["workflows"]] == [
        "never",
        "web-form",
    ]


def test_a_workflow_is_shown_with_its_versions(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ventuno("apply", ventuno.file("web-form.json", RENAMED))
    ended = ventuno("workflows", "show", "web-form", "--json")

    assert [(each["number"], each["status"]) for each in ended.value["versions"]] == [
        (2, "DRAFT"),
        (1, "ACTIVE"),
    ]
    assert ended.value["start"]["url"].startswith(API_URL)
    assert "webhook  http" in ventuno("workflows", "show", "web-form").out


def test_a_shown_definition_can_be_applied_again(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ended = ventuno("workflows", "show", "web-form", "--definition")
    (ventuno.folder / "web-form.json").write_text(ended.out)

    assert ended.value == CREATE_PERSON
    assert ventuno("apply", str(ventuno.folder / "web-form.json"), "--json").value["applied"][0][
        "outcome"
    ] == ("unchanged")


@pytest.mark.parametrize(
    "words", [["activate", "x"], ["deactivate", "x"], ["workflows", "show", "x"], ["run", "x"]]
)
def test_an_unknown_workflow_is_told(ventuno: CommandLine, words: list[str]) -> None:
    ended = ventuno(*words)

    assert ended.code == 1
    assert 'no workflow "x"' in ended.err


def test_a_mistyped_slug_is_answered_with_the_nearest(ventuno: CommandLine) -> None:
    ventuno.publish("web-form", CREATE_PERSON)
    ended = ventuno("run", "web-from")

    assert (ended.code, 'there is no workflow "web-from" (did you mean web-form?)' in ended.err) == (1, True)
