"""Secrets on Secrets Manager: read below the stage's prefix, kept for a minute, refusals translated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.stub import Stubber

from tests.fakes.clock import FakeClock
from ventuno import errors
from ventuno.adapters.aws.secret_values import KEPT, SecretsManagerValues

if TYPE_CHECKING:
    from collections.abc import Iterator


class Secrets:
    """The adapter, its clock, and the answers of the service."""

    def __init__(self, client: Any, answers: Stubber) -> None:  # noqa: ANN401 - any client
        self.clock = FakeClock()
        self.answers = answers
        self.values = SecretsManagerValues(lambda: client, "dev", self.clock)

    def answer(self, value: str) -> None:
        asked = {"SecretId": "ventuno/dev/secrets/PARTNER"}
        self.answers.add_response("get_secret_value", {"SecretString": value}, asked)


@pytest.fixture
def secrets() -> Iterator[Secrets]:
    client: Any = boto3.client("secretsmanager", region_name="eu-west-1")
    with Stubber(client) as answers:
        yield Secrets(client, answers)


def test_a_secret_is_kept_for_a_minute(secrets: Secrets) -> None:
    secrets.answer("old")
    assert [secrets.values.value("PARTNER") for _ in range(3)] == ["old"] * 3

    secrets.clock.advance(KEPT.total_seconds())
    secrets.answer("new")
    assert secrets.values.value("PARTNER") == "new"
    secrets.answers.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("ResourceNotFoundException", errors.SecretMissingError),
        ("InvalidRequestException", errors.SecretMissingError),
        ("ThrottlingException", errors.StoreUnavailableError),
        ("InternalServiceError", errors.StoreUnavailableError),
    ],
)
def test_a_refusal_is_translated_and_not_kept(
    secrets: Secrets, code: str, kind: type[errors.VentunoError]
) -> None:
    secrets.answers.add_client_error("get_secret_value", code)
    with pytest.raises(kind):
        secrets.values.value("PARTNER")

    secrets.answer("there now")
    assert secrets.values.value("PARTNER") == "there now"
