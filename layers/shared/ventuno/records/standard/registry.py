"""The standard objects; a new one is one file and one line here."""

from ventuno.records.model.object_model import ObjectModel
from ventuno.records.standard.attachment import ATTACHMENT
from ventuno.records.standard.calendar_event import CALENDAR_EVENT
from ventuno.records.standard.calendar_event_participant import CALENDAR_EVENT_PARTICIPANT
from ventuno.records.standard.company import COMPANY
from ventuno.records.standard.favorite import FAVORITE
from ventuno.records.standard.message import MESSAGE
from ventuno.records.standard.message_participant import MESSAGE_PARTICIPANT
from ventuno.records.standard.message_thread import MESSAGE_THREAD
from ventuno.records.standard.note import NOTE
from ventuno.records.standard.note_target import NOTE_TARGET
from ventuno.records.standard.opportunity import OPPORTUNITY
from ventuno.records.standard.person import PERSON
from ventuno.records.standard.task import TASK
from ventuno.records.standard.task_target import TASK_TARGET
from ventuno.records.standard.timeline_activity import TIMELINE_ACTIVITY
from ventuno.records.standard.workspace_member import WORKSPACE_MEMBER

STANDARD_OBJECTS = (
    COMPANY,
    PERSON,
    OPPORTUNITY,
    TASK,
    TASK_TARGET,
    NOTE,
    NOTE_TARGET,
    WORKSPACE_MEMBER,
    MESSAGE,
    MESSAGE_THREAD,
    MESSAGE_PARTICIPANT,
    CALENDAR_EVENT,
    CALENDAR_EVENT_PARTICIPANT,
    ATTACHMENT,
    TIMELINE_ACTIVITY,
    FAVORITE,
)


def standard_model() -> ObjectModel:
    """Return the model of a workspace without custom objects."""
    return ObjectModel(STANDARD_OBJECTS)
