"""SEND_EMAIL, DRAFT_EMAIL and CREATE_CALENDAR_EVENT: accounts, heads, files, threads and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import step, written
from tests.fakes.http import answer
from tests.fakes.mail import SALES
from tests.unit.actions.test_actions import perform
from ventuno import errors
from ventuno.definition.loading import definition_from
from ventuno.mail.account import Account
from ventuno.mail.attachments import MOST_BYTES
from ventuno.records.context import Actor, WriteContext
from ventuno.runtime.drafts import draft_view, send_draft
from ventuno.runtime.validation import findings_of

if TYPE_CHECKING:
    from tests.fakes.world import World

FILE = "0f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
OTHER = "1f14e45f-ceea-467f-a8f0-2b1d4c7c2121"
WRITE = WriteContext(Actor("API", "test"))
MAIL: dict[str, Any] = {"recipients": {"to": "ada@example.com"}, "subject": "Hi", "body": "Hello"}
MEETING: dict[str, Any] = {"title": "Call", "startsAt": "2026-12-01T10:00Z", "endsAt": "2026-12-01T11:00Z"}


@pytest.fixture
def office(world: World) -> World:
    world.mailbox.add_account(SALES)
    return world


def send(world: World, **given: Any) -> Any:  # noqa: ANN401 - any JSON
    return perform(world, "SEND_EMAIL", {**MAIL, **given})


def meet(world: World, **given: Any) -> Any:  # noqa: ANN401 - any JSON
    return perform(world, "CREATE_CALENDAR_EVENT", {**MEETING, **given})


def test_a_message_has_html_and_text_and_a_head_of_its_own(office: World) -> None:
    send(
        office, recipients={"to": "Ada <ada@example.com>", "cc": "c@x.com", "bcc": "b@x.com"}, subject="Grüße"
    )
    (message,) = office.mail.messages

    assert message["Subject"] == "Grüße"
    assert (message["From"], message["To"], message["Cc"]) == (
        "Sales <sales@example.com>",
        "Ada <ada@example.com>",
        "c@x.com",
    )
    assert message["Bcc"] is None
    assert office.mail.sent[0].recipients == ("ada@example.com", "c@x.com", "b@x.com")
    assert message["Date"].datetime == office.clock.now()
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "Hi\r\nBcc: evil@example.com"},
        {"subject": "Hi\nX: y"},
        {"subject": "Hi\x00"},
        {"subject": "Hi\u2028X: y"},
        {"recipients": {"to": "a@x.com\r\nBcc: evil@example.com"}},
        {"recipients": {"to": "Evil\r\nBcc: evil@example.com <a@x.com>"}},
        {"inReplyTo": "<a@x.com>\r\nBcc: evil@example.com"},
        {"inReplyTo": "<a@x.com> <b@x.com>"},
        {"inReplyTo": "none"},
        {"files": [{"id": FILE, "name": "a.pdf\r\nX-Evil: 1"}]},
    ],
    ids=repr,
)
def test_email_header_injection_is_refused_and_nothing_is_sent(office: World, given: dict[str, Any]) -> None:
    office.payloads.put(f"files/{FILE}", b"x")

    with pytest.raises(errors.StepInputError):
        send(office, **given)
    assert office.mail.sent == []


def test_numbers_and_nothing_become_text(office: World) -> None:
    sent = send(office, subject=5, body=None, inReplyTo=None, connectedAccountId=None)

    assert (sent["subject"], sent["plainTextBody"]) == ("5", "")


def test_accounts_are_chosen_by_id_by_member_or_by_age(office: World) -> None:
    ada = Account.model_validate(
        {"id": "ada", "kind": "SES", "address": "ada@x.com", "workspaceMemberId": FILE, "createdAt": "2026"}
    )
    office.mailbox.add_account(ada)
    chosen = [
        send(office, connectedAccountId=wanted)["connectedAccountId"] for wanted in ("ada", FILE, "", " ")
    ]

    assert chosen == ["ada", "ada", "sales", "sales"]
    with pytest.raises(errors.StepInputError, match=f"workspace member '{OTHER}'"):
        send(office, connectedAccountId=OTHER)


def test_without_an_account_the_error_says_how_to_connect_one(world: World) -> None:
    with pytest.raises(errors.StepInputError, match="ventuno accounts add"):
        send(world)


def test_files_are_attached_with_their_names_and_types(office: World) -> None:
    office.payloads.put(f"files/{FILE}", b"%PDF")
    office.payloads.put(f"files/{OTHER}", b"\x00\x01")
    field = [{"fileId": OTHER, "label": "data", "extension": "bin"}, {"fileId": FILE, "label": "again"}]
    sent = send(office, files=[{"id": FILE, "name": "Grüße.pdf", "size": 4, "type": "x"}, field, None, ""])
    attached = list(office.mail.messages[0].iter_attachments())

    assert sent["attachmentCount"] == 2
    assert [(one.get_filename(), one.get_content_type(), one.get_content()) for one in attached] == [
        ("again", "application/octet-stream", b"%PDF"),
        ("data.bin", "application/octet-stream", b"\x00\x01"),
    ]


@pytest.mark.parametrize("file_id", [OTHER, "../versions/x", "x", ""])
def test_a_file_that_is_not_stored_fails_the_step(office: World, file_id: str) -> None:
    with pytest.raises(errors.StepInputError, match="file"):
        send(office, files=[{"id": file_id, "name": "a"}])
    assert office.mail.sent == []


def test_files_together_have_a_limit(office: World) -> None:
    office.payloads.put(f"files/{FILE}", b"x" * MOST_BYTES)
    office.payloads.put(f"files/{OTHER}", b"x")
    send(office, files=[{"id": FILE, "name": "a"}])

    with pytest.raises(errors.StepInputError, match="bytes allowed"):
        perform(office, "SEND_EMAIL", {**MAIL, "files": [{"id": FILE}, {"id": OTHER}]}, "run/b/")


def test_a_reply_names_the_thread_it_belongs_to(office: World) -> None:
    records = office.services.records
    thread = records.create("messageThread", {"subject": "s"}, WRITE)["id"]
    for number in (1, 2):
        office.clock.advance(1)
        records.create("message", {"headerMessageId": f"<{number}@x.com>", "messageThreadId": thread}, WRITE)
    known = send(office, inReplyTo="<1@x.com>")
    unknown = perform(office, "SEND_EMAIL", {**MAIL, "inReplyTo": "9@x.com"}, "run/b/")
    heads = [(one["In-Reply-To"], one["References"]) for one in office.mail.messages]

    assert heads == [("<1@x.com>", "<2@x.com> <1@x.com>"), ("<9@x.com>", "<9@x.com>")]
    assert (known["threadExternalId"], unknown["threadExternalId"]) == ("<2@x.com>", "<9@x.com>")


def test_a_draft_whose_file_is_missing_is_refused_when_it_is_written(office: World) -> None:
    with pytest.raises(errors.StepInputError, match="no stored file"):
        perform(office, "DRAFT_EMAIL", {**MAIL, "files": [{"id": FILE}]})
    assert office.mailbox.drafts() == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"recipients": {"to": "nobody"}}, "nobody"),
        ({"recipients": {}}, "no recipients"),
        ({"subject": "a\nb"}, "line break"),
        ({"inReplyTo": "x"}, "Message-ID"),
        ({"recipient": {}}, "recipient"),
        ({"bodyFormat": "MARKDOWN"}, "TEXT"),
    ],
)
def test_what_could_never_be_sent_is_a_finding(given: dict[str, Any], told: str) -> None:
    found = findings_of(definition_from(written(step("a", "SEND_EMAIL", given={**MAIL, **given}))))

    assert told in "\n".join(one.message for one in found)


@pytest.mark.parametrize(
    ("given", "starts", "ends"),
    [
        ({}, "2026-12-01T10:00:00.000Z", "2026-12-01T11:00:00.000Z"),
        ({"timeZone": "Europe/Rome"}, "2026-12-01T10:00:00.000Z", "2026-12-01T11:00:00.000Z"),
        (
            {"startsAt": "2026-07-01T10:00", "endsAt": "2026-07-01 11:00:00", "timeZone": "Europe/Rome"},
            "2026-07-01T08:00:00.000Z",
            "2026-07-01T09:00:00.000Z",
        ),
        (
            {"startsAt": "2026-12-01", "endsAt": "2026-12-03", "isFullDay": True},
            "2026-12-01T00:00:00.000Z",
            "2026-12-03T00:00:00.000Z",
        ),
        (
            {"startsAt": "2026-12-01", "endsAt": "2026-12-01", "isFullDay": True},
            "2026-12-01T00:00:00.000Z",
            "2026-12-02T00:00:00.000Z",
        ),
    ],
)
def test_a_meeting_is_kept_in_utc(world: World, given: dict[str, Any], starts: str, ends: str) -> None:
    made = meet(world, **given)

    assert (made["startsAt"], made["endsAt"]) == (starts, ends)
    assert (made["attendeeCount"], made["connectedAccountId"]) == (0, None)
    assert world.mail.sent == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"endsAt": "2026-12-01T10:00Z"}, "must be after"),
        ({"startsAt": "tomorrow"}, '"tomorrow" is no date'),
        ({"endsAt": ""}, "is no date"),
        ({"timeZone": "Rome"}, "is no time zone"),
        ({"attendees": "nobody"}, "Invalid email"),
        ({"title": "a\nb"}, "line break"),
        ({"attendees": "a@x.com", "sendInvitations": True}, "no connected account"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_nothing_is_kept(
    world: World, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(errors.StepInputError, match=told):
        meet(world, **given)
    assert world.services.records.find("calendarEvent").records == ()


def test_an_invitation_can_be_read_by_calendars(office: World) -> None:
    from icalendar import Calendar  # noqa: PLC0415 - as slow as where it is used

    made = meet(
        office,
        title='Café, "plan"; done',
        description="one\ntwo",
        location="Rome",
        attendees='"O\'Neil, Ada" <ada@example.com>',
        sendInvitations=True,
    )
    message = office.mail.messages[0]
    part: Any = next(one for one in message.walk() if one.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(part.get_content())
    event: Any = calendar.walk("VEVENT")[0]

    assert (calendar["METHOD"], event["UID"]) == ("REQUEST", made["iCalUid"])
    assert (event["SUMMARY"], event["DESCRIPTION"]) == ('Café, "plan"; done', "one\ntwo")
    assert event["ATTENDEE"] == "mailto:ada@example.com"
    assert event["ATTENDEE"].params["CN"] == "O'Neil, Ada"
    assert event["ORGANIZER"] == "mailto:sales@example.com"
    assert event["DTSTART"].dt.isoformat() == "2026-12-01T10:00:00+00:00"
    assert [one.get_filename() for one in message.iter_attachments()] == ["invite.ics"]


def linked(
    url: str = "https://files.example.com/plans/plan%201.pdf?sig=s3cret", **more: str
) -> dict[str, str]:
    return {"url": url, **more}


def attached(office: World) -> list[tuple[str | None, bytes]]:
    return [(one.get_filename(), one.get_content()) for one in office.mail.messages[0].iter_attachments()]


def test_files_of_a_field_that_have_an_address_alone_are_read_from_there(office: World) -> None:
    office.payloads.put(f"files/{FILE}", b"stored")
    moved = answer(status=302, location="/elsewhere")
    office.http.answers = [moved, answer(b"%PDF"), answer(b"\x00")]
    named = linked("https://files.example.com/2", label="data", extension="bin")
    sent = send(office, files=[[linked(), named], {"id": FILE, "name": "a.bin"}])

    assert sent["attachmentCount"] == 3
    assert attached(office) == [("plan 1.pdf", b"%PDF"), ("data.bin", b"\x00"), ("a.bin", b"stored")]
    assert [(one.method, one.headers, one.body) for one in office.http.sent] == [("GET", (), None)] * 3


def test_a_file_that_cannot_be_read_fails_the_step_and_its_address_stays_untold(office: World) -> None:
    office.http.answers = [answer("s3cret", status=404)]

    with pytest.raises(errors.HttpAnswerError, match=r"files\.example\.com answered with status 404") as told:
        send(office, files=[linked()])
    assert "s3cret" not in str(told.value)
    assert office.mail.sent == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://x.com/a", "https://[", "nothing", "https://u:p@x.com/"]
)
def test_an_address_that_no_request_may_go_to_is_refused_for_a_message_and_for_a_draft(
    office: World, url: str
) -> None:
    office.http.answers = [errors.StepInputError("refused where it would be sent")]
    for action in ("SEND_EMAIL", "DRAFT_EMAIL"):
        with pytest.raises(errors.StepInputError):
            perform(office, action, {**MAIL, "files": [linked(url)]})
    assert (office.mail.sent, office.mailbox.drafts()) == ([], [])


def test_addresses_of_files_are_a_few_and_count_with_stored_files(office: World) -> None:
    with pytest.raises(errors.StepInputError, match="10 are allowed"):
        send(office, files=[linked(f"https://x.com/{number}") for number in range(11)])
    office.payloads.put(f"files/{FILE}", b"x" * MOST_BYTES)
    office.http.answers = [answer(b"x")]
    with pytest.raises(errors.StepInputError, match="bytes allowed"):
        send(office, files=[{"id": FILE}, linked()])
    assert office.mail.sent == []


def test_a_message_that_went_is_not_failed_by_a_file_that_is_gone_when_the_step_is_tried_again(
    office: World,
) -> None:
    office.payloads.put(f"files/{FILE}", b"x")
    office.http.answers = [answer(b"y"), errors.HttpTransportError("nobody answers")]
    given = {"files": [{"id": FILE, "name": "a"}, linked()]}
    first = send(office, **given)
    office.payloads.delete(f"files/{FILE}")
    second = send(office, **given)

    assert (first, len(office.mail.sent)) == (second, 1)


def test_a_draft_reads_the_address_of_a_file_when_it_is_sent(office: World) -> None:
    draft_id = perform(office, "DRAFT_EMAIL", {**MAIL, "files": [linked()]})["draftId"]
    draft = office.mailbox.draft(draft_id)
    office.http.answers = [answer(b"%PDF")]
    send_draft(draft_id, office.services)

    assert draft is not None
    assert draft_view(draft)["files"] == [{"url": linked()["url"], "name": "plan 1.pdf"}]
    assert attached(office) == [("plan 1.pdf", b"%PDF")]
