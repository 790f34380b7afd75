"""SesServer against botocore's Stubber: one request per message, and what each answer of SES means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore import exceptions
from botocore.stub import Stubber

from tests.fakes.mail import SALES
from ventuno import errors
from ventuno.adapters.aws.ses import CONFIG, SesServer
from ventuno.mail.mime import Envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_sesv2 import SESV2Client

ENVELOPE = Envelope(
    "sales@example.com", ("a@x.com", "b@x.com"), "<1@example.com>", b"Subject: Hi\r\n\r\nhi\r\n"
)
REQUEST = {
    "FromEmailAddress": "sales@example.com",
    "Destination": {"BccAddresses": ["a@x.com", "b@x.com"]},
    "Content": {"Raw": {"Data": ENVELOPE.content}},
}


@pytest.fixture
def client() -> SESV2Client:
    make: Any = boto3.client
    made: SESV2Client = make(
        "sesv2",
        region_name="eu-west-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - nobody checks it
        config=CONFIG,
    )
    return made


@pytest.fixture
def stubber(client: SESV2Client) -> Iterator[Stubber]:
    with Stubber(client) as stubbed:
        yield stubbed
        stubbed.assert_no_pending_responses()


def send(client: SESV2Client) -> str:
    return SesServer(lambda: client).send(SALES, ENVELOPE, lambda: None)


def test_a_message_goes_to_its_recipients_in_one_request_and_has_the_id_that_ses_gives(
    client: SESV2Client,
    stubber: Stubber,
) -> None:
    stubber.add_response("send_email", {"MessageId": "0102-abc"}, REQUEST)

    assert send(client) == "<0102-abc@eu-west-1.amazonses.com>"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("MessageRejected", 400, errors.MailRefusedError),
        ("MailFromDomainNotVerifiedException", 400, errors.MailRefusedError),
        ("AccountSuspendedException", 400, errors.MailRefusedError),
        ("AccessDeniedException", 403, errors.MailRefusedError),
        ("TooManyRequestsException", 429, errors.StoreUnavailableError),
        ("LimitExceededException", 400, errors.StoreUnavailableError),
        ("InternalFailure", 500, errors.MailUnsureError),
    ],
)
def test_what_ses_answers_tells_whether_it_was_sent(
    client: SESV2Client,
    stubber: Stubber,
    code: str,
    status: int,
    error: type[Exception],
) -> None:
    stubber.add_client_error("send_email", code, "because", http_status_code=status)

    with pytest.raises(error, match="because"):
        send(client)


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (exceptions.EndpointConnectionError(endpoint_url="x"), errors.StoreUnavailableError),
        (exceptions.ConnectTimeoutError(endpoint_url="x"), errors.StoreUnavailableError),
        (exceptions.ReadTimeoutError(endpoint_url="x"), errors.MailUnsureError),
        (exceptions.ConnectionClosedError(endpoint_url="x"), errors.MailUnsureError),
        (exceptions.NoCredentialsError(), errors.MailTransportError),
    ],
)
def test_a_request_without_an_answer_is_never_repeated(
    client: SESV2Client,
    failure: Exception,
    error: type[Exception],
) -> None:
    tried: list[str] = []

    def fail(**_: Any) -> None:  # noqa: ANN401 - botocore's handler signature
        tried.append("x")
        raise failure

    client.meta.events.register("before-send.sesv2.SendEmail", fail)
    with pytest.raises(error):
        send(client)
    assert tried == ["x"]


def test_nothing_is_requested_before_it_is_noted(client: SESV2Client, stubber: Stubber) -> None:
    del stubber  # which would complain of any request

    class NotedError(Exception):
        pass

    def refuse() -> None:
        raise NotedError

    with pytest.raises(NotedError):
        SesServer(lambda: client).send(SALES, ENVELOPE, refuse)
