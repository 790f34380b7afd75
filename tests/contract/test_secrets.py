"""SecretStore: the same answers from every store."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from tests.contract.stores import REGION
from tests.fakes.clock import FakeClock
from tests.fakes.secrets import MemorySecretStore
from ventuno import errors
from ventuno.adapters.aws.secrets import SecretsManagerStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from ventuno.outside import SecretStore


@contextmanager
def memory() -> Iterator[SecretStore]:
    yield MemorySecretStore()


@contextmanager
def moto() -> Iterator[SecretStore]:
    with mock_aws():
        yield manager(FakeClock())


def manager(clock: FakeClock, stage: str = "test") -> SecretsManagerStore:
    make: Any = boto3.client
    client = make("secretsmanager", region_name=REGION)
    return SecretsManagerStore(lambda: client, stage, clock)


STORES: dict[str, Callable[[], AbstractContextManager[SecretStore]]] = {"memory": memory, "moto": moto}


@pytest.fixture(params=sorted(STORES))
def secrets(request: pytest.FixtureRequest) -> Iterator[SecretStore]:
    with STORES[request.param]() as opened:
        yield opened


def test_a_secret_is_stored_once_and_read_by_its_name(secrets: SecretStore) -> None:
    secrets.create("KEY", "first value")

    assert secrets.value("KEY") == "first value"
    with pytest.raises(errors.ConflictError, match="KEY already"):
        secrets.create("KEY", "second value")
    assert secrets.value("KEY") == "first value"


def test_a_rotated_secret_has_its_new_value_at_once_where_it_was_rotated(secrets: SecretStore) -> None:
    secrets.create("KEY", "first value")
    assert secrets.value("KEY") == "first value"
    secrets.replace("KEY", "second value")

    assert secrets.value("KEY") == "second value"
    with pytest.raises(errors.NotFoundError, match="no secret NONE"):
        secrets.replace("NONE", "some value")


def test_a_missing_secret_is_an_error_that_is_not_retried(secrets: SecretStore) -> None:
    with pytest.raises(errors.SecretMissingError, match="no secret NONE") as caught:
        secrets.value("NONE")
    assert isinstance(caught.value, errors.StepInputError)


def test_secrets_are_listed_by_name_without_their_values(secrets: SecretStore) -> None:
    for name in ("B", "A", "C"):
        secrets.create(name, f"value of {name}")
    listed = secrets.all()

    assert [entry.name for entry in listed] == ["A", "B", "C"]
    assert all(entry.created_at.endswith("Z") and entry.changed_at.endswith("Z") for entry in listed)
    assert "value of" not in repr(listed)


def test_a_deleted_secret_is_gone_and_its_name_can_be_used_again(secrets: SecretStore) -> None:
    secrets.create("KEY", "first value")
    assert secrets.value("KEY") == "first value"

    assert secrets.delete("KEY")
    assert not secrets.delete("KEY")
    assert [entry.name for entry in secrets.all()] == []
    with pytest.raises(errors.SecretMissingError):  # moto would rotate it, so that is not asked here
        secrets.value("KEY")
    secrets.create("KEY", "second value")
    assert secrets.value("KEY") == "second value"


def test_one_stage_sees_nothing_of_another() -> None:
    with mock_aws():
        manager(FakeClock(), "dev").create("KEY", "of dev")
        other = manager(FakeClock(), "devtwo")

        assert other.all() == []
        with pytest.raises(errors.SecretMissingError):
            other.value("KEY")


def test_a_value_is_asked_for_once_a_minute() -> None:
    clock = FakeClock()
    with mock_aws():
        reader, writer = manager(clock), manager(clock)
        writer.create("KEY", "first value")
        assert reader.value("KEY") == "first value"
        writer.replace("KEY", "second value")

        clock.advance(59)
        assert reader.value("KEY") == "first value"
        clock.advance(2)
        assert reader.value("KEY") == "second value"


def test_a_store_that_cannot_be_reached_is_an_error_of_its_own() -> None:
    make: Any = boto3.client
    client = make(
        "secretsmanager",
        region_name=REGION,
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="x",
        aws_secret_access_key="x",  # noqa: S106 - nobody checks it
        config=Config(retries={"max_attempts": 0}, connect_timeout=1),
    )
    store = SecretsManagerStore(lambda: client, "test", FakeClock())

    for attempt in (
        lambda: store.value("K"),
        store.all,
        lambda: store.create("K", "v"),
        lambda: store.delete("K"),
    ):
        with pytest.raises(errors.StoreUnavailableError):
            attempt()
