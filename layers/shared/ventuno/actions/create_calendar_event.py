"""CREATE_CALENDAR_EVENT: keep a meeting as a record, and invite to it by e-mail.

Compiles to a Task; safe to retry because records and invitation are keyed by the step.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ventuno import errors
from ventuno.actions.about import About, Example
from ventuno.actions.base import StepCall, TaskAction
from ventuno.actions.email_settings import Addresses, Text, account_of
from ventuno.actions.meeting_times import instant_of, times_of, zone_of
from ventuno.actions.record_settings import write_context
from ventuno.definition.findings import Finding, Severity
from ventuno.expressions import OPENING
from ventuno.mail.headers import checked_header
from ventuno.mail.invitation import Meeting, invitation_letter
from ventuno.mail.recipients import read_recipients
from ventuno.mail.sending import Sending, send_once
from ventuno.schemas import DATE_TIME, NUMBER, TEXT, UUID, Object
from ventuno.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ventuno.actions.scope import StepScope
    from ventuno.json_value import JsonObject, JsonValue
    from ventuno.mail.account import Account
    from ventuno.mail.recipients import Recipient
    from ventuno.schemas import Schema

_CODE: Final = "INVALID_STEP_PARAMS"


class CalendarEventSettings(Wire):
    """`{title, startsAt, endsAt, timeZone?, isFullDay?, attendees?, sendInvitations?, …}`."""

    connected_account_id: Text = ""
    title: Text = ""
    description: Text = ""
    location: Text = ""
    starts_at: Text = ""
    ends_at: Text = ""
    is_full_day: bool = False
    time_zone: Text = ""
    attendees: Addresses = ""
    send_invitations: bool = False
    add_conferencing: bool = False


class CreateCalendarEvent(TaskAction[CalendarEventSettings]):
    """Result: the meeting and its iCalendar id. Source: reference §3.9; decisions, Actions."""

    wire_type = "CREATE_CALENDAR_EVENT"
    settings_type = CalendarEventSettings
    about = About(
        settings={
            "connectedAccountId": "The account that invites, as in SEND_EMAIL; needed for invitations only.",
            "title": "What the meeting is called.",
            "description": "Plain text.",
            "location": "Where it is.",
            "startsAt": "An instant as ISO 8601 text; without an offset it is a wall time of `timeZone`.",
            "endsAt": "As `startsAt`; for whole days the day after the last.",
            "isFullDay": "Whether the meeting takes whole days.",
            "timeZone": "A name such as `Europe/Rome`; UTC if left out.",
            "attendees": "A comma list of addresses with or without names, 100 at most.",
            "sendInvitations": "Whether the attendees get an invitation (iCalendar) by e-mail.",
            "addConferencing": "Kept for definitions that come from Twenty; no conference is made.",
        },
        result="the meeting; `externalEventId` is the id of its `calendarEvent` record.",
        errors={
            errors.StepInputError: "a time or an address cannot be read, or there is no account",
            errors.MailRefusedError: "the server refused the invitation; nobody has got it",
            errors.MailUnsureError: "nobody can tell whether the invitation was sent",
        },
        examples=(
            Example(
                "A first call",
                {
                    "title": "First call with {{trigger.name}}",
                    "startsAt": "2026-12-01T10:00:00",
                    "endsAt": "2026-12-01T10:30:00",
                    "timeZone": "Europe/Rome",
                    "attendees": "{{trigger.email}}",
                    "sendInvitations": True,
                },
                {
                    "iCalUid": "5d41402abc4b2a76b9719d911017c592@example.com",
                    "externalEventId": "20202020-0687-4c41-b707-ed1bfca972a7",
                    "title": "First call with Ada",
                    "startsAt": "2026-12-01T09:00:00.000Z",
                    "endsAt": "2026-12-01T09:30:00.000Z",
                    "conferenceLink": None,
                    "attendeeCount": 1,
                    "connectedAccountId": "sales",
                },
            ),
        ),
    )

    def output_schema(self, settings: CalendarEventSettings, scope: StepScope) -> Schema:
        """Return the schema of the result."""
        del settings, scope
        return Object(
            {
                "iCalUid": TEXT,
                "externalEventId": UUID,
                "title": TEXT,
                "startsAt": DATE_TIME,
                "endsAt": DATE_TIME,
                "conferenceLink": TEXT,
                "attendeeCount": NUMBER,
                "connectedAccountId": TEXT,
            }
        )

    def check(self, settings: CalendarEventSettings, scope: StepScope) -> Iterator[Finding]:
        """Find times and attendees that cannot be read; what holds variables is left to the run."""
        del scope
        given = settings.model_dump(include={"starts_at", "ends_at", "time_zone", "attendees"})
        if OPENING not in str(given):
            try:
                _times(settings)
                _attendees(settings)
            except errors.StepInputError as error:
                yield Finding(_CODE, "", str(error))
        if not settings.title:
            yield Finding(_CODE, ".title", "the meeting has no title; write one")
        if settings.add_conferencing:
            message = "no conference is made, because no service for one is connected; remove it"
            yield Finding(_CODE, ".addConferencing", message, severity=Severity.WARNING)

    def run(self, settings: CalendarEventSettings, call: StepCall) -> JsonValue:
        """Store the meeting, then invite, each unless it was done.

        Raises: StepInputError, MailTransportError, MailRefusedError, MailUnsureError, StoreUnavailableError
        """
        attendees = _attendees(settings)
        invites = settings.send_invitations and bool(attendees)
        account = _account(settings, call, needed=invites)
        meeting = _meeting(settings, attendees, account, call)
        event = call.records.create("calendarEvent", _event(meeting, settings), write_context(call))
        if attendees:
            context = replace(write_context(call), key=f"{call.key}#participants")
            call.records.create_many("calendarEventParticipant", _participants(meeting, event), context)
        if invites and account is not None:
            letter = invitation_letter(meeting, account, call.now)
            send_once(Sending(letter, account, call.key, call.attempt, call.now), call.outside)
        return {
            "iCalUid": meeting.uid,
            "externalEventId": event["id"],
            "title": meeting.title,
            "startsAt": event["startsAt"],
            "endsAt": event["endsAt"],
            "conferenceLink": None,
            "attendeeCount": len(attendees),
            "connectedAccountId": account.id if account else None,
        }


def _times(settings: CalendarEventSettings) -> Any:  # noqa: ANN401 - Times
    zone = zone_of(settings.time_zone)
    return times_of(settings.starts_at, settings.ends_at, zone, whole_days=settings.is_full_day)


def _attendees(settings: CalendarEventSettings) -> tuple[Recipient, ...]:
    if settings.attendees in (None, "", []):
        return ()
    return read_recipients(settings.attendees, None, None).to


def _account(settings: CalendarEventSettings, call: StepCall, *, needed: bool) -> Account | None:
    try:
        return account_of(settings.connected_account_id, call)
    except errors.StepInputError:
        if needed or settings.connected_account_id:
            raise
        return None


def _meeting(
    settings: CalendarEventSettings,
    attendees: tuple[Recipient, ...],
    account: Account | None,
    call: StepCall,
) -> Meeting:
    times = _times(settings)
    domain = account.address.rpartition("@")[2] if account else "ventuno.invalid"
    return Meeting(
        uid=f"{hashlib.sha256(call.key.encode()).hexdigest()[:32]}@{domain}",
        title=checked_header("title", settings.title),
        description=settings.description,
        location=settings.location,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        attendees=attendees,
        time_zone=settings.time_zone or "UTC",
    )


def _event(meeting: Meeting, settings: CalendarEventSettings) -> JsonObject:
    return {
        "title": meeting.title,
        "description": meeting.description,
        "location": meeting.location,
        "startsAt": instant_of(meeting.starts_at),
        "endsAt": instant_of(meeting.ends_at),
        "isFullDay": settings.is_full_day,
        "isCanceled": False,
        "iCalUid": meeting.uid,
    }


def _participants(meeting: Meeting, event: JsonObject) -> list[JsonObject]:
    return [
        {
            "handle": attendee.address,
            "displayName": attendee.name,
            "isOrganizer": False,
            "responseStatus": "NEEDS_ACTION",
            "calendarEventId": event["id"],
        }
        for attendee in meeting.attendees
    ]
