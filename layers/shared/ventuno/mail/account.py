"""Account: from where e-mail is sent, by SES or by an SMTP server. It names its password and never holds it.

Source: decisions, Actions; reference §3.8
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from ventuno.mail.headers import header_fault
from ventuno.mail.recipients import address_fault
from ventuno.wire import Wire

if TYPE_CHECKING:
    from typing import Self


class AccountKind(StrEnum):
    """What takes the messages of an account."""

    SES = "SES"
    SMTP = "SMTP"


class Security(StrEnum):
    """How an SMTP connection is secured; NONE is for servers on this machine only."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "NONE"


PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


def _address(text: str) -> str:
    if fault := address_fault(text):
        raise ValueError(f"{fault}; write the address alone, as in sales@example.com")
    return text


def _header(text: str) -> str:
    if fault := header_fault(text):
        raise ValueError(fault)
    return text


class Account(Wire):
    """`{id, kind, address, name?}`, for SMTP also `{host, port?, security?, username?, passwordSecret?}`.

    `workspace_member_id` is whose account it is: a step may name the member instead of the account.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$")]
    kind: AccountKind
    address: Annotated[str, AfterValidator(_address)]
    name: Annotated[str, Field(max_length=200), AfterValidator(_header)] = ""
    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Security = Security.TLS
    username: Annotated[str, Field(min_length=1, max_length=320)] | None = None
    password_secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]{0,63}$")] | None = None
    workspace_member_id: str | None = None
    created_at: str = ""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        of_smtp = {"host", "port", "security", "username", "password_secret"} & self.model_fields_set
        if self.kind is AccountKind.SES and of_smtp:
            raise ValueError("an account of SES has no server and no password; leave them out")
        if self.kind is AccountKind.SMTP and self.host is None:
            raise ValueError("an SMTP account needs the host of its server")
        if (self.username is None) is not (self.password_secret is None):
            raise ValueError("username and passwordSecret belong together; give both or neither")
        return self

    @property
    def server_port(self) -> int:
        """The port, or the usual one of its security."""
        return self.port or PORTS[self.security]
