"""person: a human outside the workspace, known by an e-mail address."""

from ventuno.records.fields.emails import EmailsType
from ventuno.records.fields.files import FilesType
from ventuno.records.fields.full_name import FullNameType
from ventuno.records.fields.links import LinksType
from ventuno.records.fields.phones import PhonesType
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

PERSON = object_type(
    "person",
    "people",
    (
        Field("name", FullNameType()),
        Field("emails", EmailsType(), unique=True),
        Field("phones", PhonesType()),
        Field("jobTitle", TextType()),
        Field("linkedinLink", LinksType()),
        Field("avatarFile", FilesType()),
        Field("avatarUrl", TextType()),
        Field("company", RelationType("company", "people")),
    ),
    search=("name", "emails"),
)
