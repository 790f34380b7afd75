"""The standard objects; a new one is one file and one line here."""

from ventuno.records.model.object_model import ObjectModel
from ventuno.records.standard.company import COMPANY
from ventuno.records.standard.note import NOTE
from ventuno.records.standard.opportunity import OPPORTUNITY
from ventuno.records.standard.person import PERSON
from ventuno.records.standard.task import TASK
from ventuno.records.standard.workspace_member import WORKSPACE_MEMBER

STANDARD_OBJECTS = (COMPANY, PERSON, OPPORTUNITY, TASK, NOTE, WORKSPACE_MEMBER)


def standard_model() -> ObjectModel:
    """Return the model of a workspace without custom objects."""
    return ObjectModel(STANDARD_OBJECTS)
