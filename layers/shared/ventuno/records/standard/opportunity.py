"""opportunity: a possible sale and how far it has come."""

from ventuno.records.fields.currency import CurrencyType
from ventuno.records.fields.date_time import DateTimeType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

OPPORTUNITY = object_type(
    "opportunity",
    "opportunities",
    (
        Field("name", TextType()),
        Field("amount", CurrencyType()),
        Field("closeDate", DateTimeType(), indexed=True),
        Field(
            "stage",
            SelectType(("NEW", "SCREENING", "MEETING", "PROPOSAL", "CUSTOMER")),
            indexed=True,
            default="NEW",
        ),
        Field("pointOfContact", RelationType("person", "pointOfContactForOpportunities")),
        Field("company", RelationType("company", "opportunities")),
        Field("owner", RelationType("workspaceMember", "ownedOpportunities")),
    ),
    search=("name",),
)
