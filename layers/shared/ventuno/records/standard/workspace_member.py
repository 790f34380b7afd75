"""workspaceMember: a human inside the workspace, to whom records are assigned."""

from ventuno.records.fields.emails import EmailType
from ventuno.records.fields.full_name import FullNameType
from ventuno.records.fields.text import TextType
from ventuno.records.model.field import Field
from ventuno.records.standard.base import object_type

WORKSPACE_MEMBER = object_type(
    "workspaceMember",
    "workspaceMembers",
    (
        Field("name", FullNameType()),
        Field("userEmail", EmailType(), unique=True),
        Field("locale", TextType()),
        Field("timeZone", TextType()),
        Field("dateFormat", TextType()),
        Field("timeFormat", TextType()),
        Field("avatarUrl", TextType()),
        Field("colorScheme", TextType()),
    ),
    automation=False,
    search=("name", "userEmail"),
)
