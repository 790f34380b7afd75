"""SEND_EMAIL, DRAFT_EMAIL and invitations inside a run: sent once, wherever the process ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step
from tests.fakes.fuse import AFTER, BEFORE, Fuse, Killed
from tests.fakes.mail import SALES
from tests.fakes.world import World
from ventuno import errors
from ventuno.engine.statuses import StepStatus
from ventuno.runtime.retry_run import retry_run
from ventuno.runtime.run_step import run_step
from ventuno.runtime.show_run import show_run
from ventuno.runtime.step_event import StepEvent

if TYPE_CHECKING:
    from ventuno.runs.model import Run

MAIL = {"recipients": {"to": "ada@example.com"}, "subject": "Hi", "body": "Dear {{trigger.name}}"}
MEETING = {
    "title": "Call",
    "startsAt": "2026-12-01T10:00",
    "endsAt": "2026-12-01T11:00",
    "timeZone": "Europe/Rome",
    "attendees": "ada@example.com, Bob <bob@example.com>",
    "sendInvitations": True,
}
UNSURE = "may have been sent"


def with_account() -> World:
    world = World()
    world.mailbox.add_account(SALES)
    return world


def begin(world: World, kind: str = "SEND_EMAIL", given: Any = None, **options: Any) -> Run:  # noqa: ANN401 - any JSON
    return world.begin(step("a", kind, given=MAIL if given is None else given, **options))


def call(world: World, run: Run, fuse: Fuse | None = None) -> None:
    """Run the step as its machine would, with a fuse in the way of its calls."""
    services = world.services if fuse is None else fuse.protecting(world.services)
    run_step(StepEvent(run=run.id, version=str(run.version), step="a"), services)


def calls_of_a_step(kind: str = "SEND_EMAIL", given: Any = None) -> list[str]:  # noqa: ANN401 - any JSON
    fuse = Fuse()
    world = with_account()
    call(world, begin(world, kind, given), fuse)
    return fuse.calls


POINTS = [(index, when) for index in range(len(calls_of_a_step())) for when in (BEFORE, AFTER)]


def test_the_calls_of_a_step_are_those_that_the_crashes_below_are_about() -> None:
    assert calls_of_a_step() == [
        "workflows.version",
        "runs.load",
        "mailbox.accounts",
        "mail.send",
        "effects.begin",
        "effects.finish",
        "runs.save_step",
    ]


@pytest.mark.parametrize(("index", "when"), POINTS)
def test_wherever_the_process_ends_a_message_is_never_sent_twice(index: int, when: str) -> None:
    world = with_account()
    run = begin(world)
    with pytest.raises(Killed):
        call(world, run, Fuse(index, when))
    name = calls_of_a_step()[index]
    unsure = (name, when) in {("effects.begin", AFTER), ("mail.send", AFTER), ("effects.finish", BEFORE)}
    if unsure:
        with pytest.raises(errors.StepFailedError, match=UNSURE):
            call(world, run)
    else:
        call(world, run)

    assert len(world.mail.sent) == (0 if (name, when) == ("effects.begin", AFTER) else 1)
    assert world.states(run.id)["a"].status is (StepStatus.FAILED if unsure else StepStatus.SUCCESS)


def test_a_process_that_ends_just_before_the_server_takes_it_leaves_a_failure_and_no_second_try() -> None:
    world = with_account()
    world.mail.between = [Killed()]
    run = begin(world, retryOnFailure=3)
    with pytest.raises(Killed):
        call(world, run)
    for _ in range(3):
        with pytest.raises(errors.RetryLaterError, match=UNSURE):
            call(world, run)
    with pytest.raises(errors.StepFailedError, match=UNSURE):
        call(world, run)

    assert world.mail.sent == []


def test_a_person_who_retries_the_run_has_it_sent_under_the_same_message_id() -> None:
    world = with_account()
    world.mail.after = [errors.MailUnsureError(UNSURE)]
    run = begin(world)
    with pytest.raises(errors.StepFailedError, match=UNSURE):
        call(world, run)
    world.runs.close(run.id, run.attempt, world.runs.load(run.id, []).run.status.FAILED, "failed", "now")
    call(world, retry_run(run.id, world.services))

    assert [one["Message-ID"] for one in world.mail.messages] == [world.mail.messages[0]["Message-ID"]] * 2
    assert world.states(run.id)["a"].status is StepStatus.SUCCESS


@pytest.mark.parametrize("planned", ["before", "between"])
def test_a_refused_message_can_be_tried_again(planned: str) -> None:
    world = with_account()
    setattr(world.mail, planned, [errors.MailRefusedError("550 no")])
    run = begin(world, retryOnFailure=1)
    with pytest.raises(errors.RetryLaterError, match="550 no"):
        call(world, run)
    call(world, run)

    assert len(world.mail.sent) == 1


def test_a_server_that_is_down_when_a_sent_message_is_tried_again_does_not_fail_the_step() -> None:
    world = with_account()
    run = begin(world)
    with pytest.raises(Killed):
        call(world, run, Fuse(calls_of_a_step().index("runs.save_step"), BEFORE))
    world.mail.before = [errors.MailTransportError("down")]
    call(world, run)

    assert world.states(run.id)["a"].status is StepStatus.SUCCESS
    assert len(world.mail.sent) == 1


def test_the_view_of_the_run_tells_what_was_sent() -> None:
    world = with_account()
    run = begin(world)
    call(world, run)
    view: Any = show_run(run.id, world.services)
    result = view["state"]["stepInfos"]["a"]["result"]

    assert result["recipients"] == ["ada@example.com"]
    assert result["headerMessageId"] == world.mail.messages[0]["Message-ID"]
    assert (result["messageId"], result["attachmentCount"]) == (None, 0)
    assert view["stepLogs"]["a"]["details"]["account"] == "sales"


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize("index", range(len(calls_of_a_step("DRAFT_EMAIL"))))
def test_wherever_the_process_ends_there_is_one_draft(index: int, when: str) -> None:
    world = with_account()
    run = begin(world, "DRAFT_EMAIL")
    with pytest.raises(Killed):
        call(world, run, Fuse(index, when))
    call(world, run)

    assert [draft.letter.text for draft in world.mailbox.drafts()] == ["Dear Acme"]
    assert world.mail.sent == []


def test_a_meeting_is_a_record_with_its_participants_and_one_invitation() -> None:
    world = with_account()
    run = begin(world, "CREATE_CALENDAR_EVENT", MEETING)
    with pytest.raises(Killed):
        call(
            world,
            run,
            Fuse(calls_of_a_step("CREATE_CALENDAR_EVENT", MEETING).index("runs.save_step"), BEFORE),
        )
    call(world, run)
    view: Any = show_run(run.id, world.services)
    result = view["state"]["stepInfos"]["a"]["result"]
    (event,) = world.services.records.find("calendarEvent").records
    people = world.services.records.find("calendarEventParticipant").records
    (invitation,) = world.mail.messages
    calendar = next(part for part in invitation.walk() if part.get_content_type() == "text/calendar")

    assert (event["startsAt"], event["title"]) == ("2026-12-01T09:00:00.000Z", "Call")
    assert sorted(str(one["handle"]) for one in people) == ["ada@example.com", "bob@example.com"]
    assert {one["calendarEventId"] for one in people} == {event["id"]}
    assert (result["externalEventId"], result["iCalUid"]) == (event["id"], event["iCalUid"])
    assert calendar["Content-Type"].params["method"] == "REQUEST"
    assert f"UID:{event['iCalUid']}" in calendar.get_content()
