"""MailServer by Amazon SES: one request per message, never repeated by the SDK.

SES gives messages an id of its own and puts it into their heads.
Source: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from botocore import exceptions
from botocore.config import Config

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sesv2 import SESV2Client

    from ventuno.mail.account import Account
    from ventuno.mail.mime import Envelope

CONFIG: Final = Config(
    connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 1}
)
"""A second request could send a second message."""
_PASSING: Final = frozenset({"TooManyRequestsException", "LimitExceededException", "ThrottlingException"})


class SesServer:
    """Sends through SES. The client is made on first use."""

    def __init__(self, client: Callable[[], SESV2Client]) -> None:
        self._client_of = client

    def send(self, account: Account, envelope: Envelope, begin: Callable[[], None]) -> str:
        """Hand a message over.

        Raises: MailTransportError, MailRefusedError, MailUnsureError, StoreUnavailableError
        """
        client = self._client_of()
        begin()
        try:
            answer = client.send_email(
                FromEmailAddress=account.address,
                Destination={"BccAddresses": [*envelope.recipients]},
                Content={"Raw": {"Data": envelope.content}},
            )
        except exceptions.ClientError as error:
            raise _refused(error, account) from error
        except (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError) as error:
            raise errors.StoreUnavailableError(f"SES cannot be reached: {error}") from error
        except exceptions.HTTPClientError as error:
            raise errors.MailUnsureError(
                f"SES did not answer, so the message may have been sent: {error}. "
                "Look for it in the mailbox; to send it again, retry the run"
            ) from error
        except exceptions.BotoCoreError as error:
            raise errors.MailTransportError(f"SES cannot be used: {error}; nothing was sent") from error
        return _message_id(answer["MessageId"], client.meta.region_name)


def _refused(error: exceptions.ClientError, account: Account) -> errors.VentunoError:
    code = str(error.response.get("Error", {}).get("Code", ""))
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _PASSING:
        return errors.StoreUnavailableError(f"SES takes no message now: {error}")
    if status >= 500:  # noqa: PLR2004 - its own fault, and then nobody knows
        return errors.MailUnsureError(f"SES failed, so the message may have been sent: {error}")
    return errors.MailRefusedError(
        f"SES refused the message of the account {account.id}: {error}. The address {account.address} or its "
        "domain must be a verified identity of SES"
    )


def _message_id(given: str, region: str) -> str:
    """Return the Message-ID that SES puts into the head.

    Source: https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
    """
    host = "email" if region == "us-east-1" else region
    return f"<{given}>" if "@" in given else f"<{given}@{host}.amazonses.com>"
