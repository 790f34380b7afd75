"""company: an organisation, known by its domain."""

from ventuno.records.fields.address import AddressType
from ventuno.records.fields.currency import CurrencyType
from ventuno.records.fields.links import LinksType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

COMPANY = object_type(
    "company",
    "companies",
    (
        Field("name", TextType()),
        Field("domainName", LinksType(), unique=True),
        Field("linkedinLink", LinksType()),
        Field("annualRevenue", CurrencyType()),
        Field("address", AddressType()),
        Field("accountOwner", RelationType("workspaceMember", "accountOwnerForCompanies")),
    ),
    search=("name", "domainName"),
)
