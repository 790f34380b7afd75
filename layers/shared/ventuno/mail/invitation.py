"""An invitation to a meeting: an iCalendar object, and the message that carries it.

Source: https://www.rfc-editor.org/rfc/rfc5545, …/rfc5546 (REQUEST), …/rfc6047 (by e-mail)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from ventuno.mail.letter import Letter
from ventuno.mail.plain_text import plain_text
from ventuno.mail.recipients import Recipients

if TYPE_CHECKING:
    from ventuno.mail.account import Account
    from ventuno.mail.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting. A day as start or end means whole days, the end being the day after the last."""

    uid: str
    title: str
    description: str
    location: str
    starts_at: datetime | date
    ends_at: datetime | date
    attendees: tuple[Recipient, ...]
    time_zone: str = "UTC"


def calendar_text(meeting: Meeting, account: Account, now: datetime) -> str:
    """Write the iCalendar object that asks the attendees to come."""
    from icalendar import Calendar, Event, vCalAddress  # noqa: PLC0415 - 100 ms that only invitations are worth

    event = Event()
    event.add("uid", meeting.uid)
    event.add("dtstamp", now)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("status", "CONFIRMED")
    event.add("sequence", 0)
    for name, text in (("description", meeting.description), ("location", meeting.location)):
        if text:
            event.add(name, text)
    organizer = vCalAddress(f"mailto:{account.address}")
    if account.name:
        organizer.params["CN"] = account.name
    event.add("organizer", organizer)
    for attendee in meeting.attendees:
        address = vCalAddress(f"mailto:{attendee.address}")
        address.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"})
        if attendee.name:
            address.params["CN"] = attendee.name.replace('"', "'")
        event.add("attendee", address)
    calendar = Calendar()
    for name, text in (("prodid", "-//Ventuno//Ventuno//EN"), ("version", "2.0"), ("method", "REQUEST")):
        calendar.add(name, text)
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def invitation_letter(meeting: Meeting, account: Account, now: datetime) -> Letter:
    """Write the message that carries the invitation."""
    lines = [f"<strong>{escape(meeting.title)}</strong>", escape(_when(meeting))]
    lines += [escape(text) for text in (meeting.location,) if text]
    html = "<p>" + "<br>\n".join(lines) + "</p>"
    if meeting.description:
        html += "\n<p>" + escape(meeting.description).replace("\n", "<br>\n") + "</p>"
    return Letter(
        recipients=Recipients(to=meeting.attendees),
        subject=f"Invitation: {meeting.title}",
        html=html,
        text=plain_text(html),
        invitation=calendar_text(meeting, account, now),
    )


def _when(meeting: Meeting) -> str:
    start, end = meeting.starts_at, meeting.ends_at
    if isinstance(start, datetime) and isinstance(end, datetime):
        until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
        return f"{start:%Y-%m-%d %H:%M} to {until} ({meeting.time_zone})"
    last = end - timedelta(days=1)
    return f"{start:%Y-%m-%d}" if last <= start else f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"
