"""A deployment on moto for the tests of handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def deployment() -> Iterator[None]:
    """Tables, a bucket and an environment; making the clients takes longer than any test."""
    from tests.functional.deployment import deploy  # noqa: PLC0415 - other suites here need no deployment
    from ventuno.bootstrap import aws_services  # noqa: PLC0415 - same

    with mock_aws(), pytest.MonkeyPatch.context() as monkeypatch:
        deploy(monkeypatch)
        yield
    aws_services.cache_clear()


@pytest.fixture
def deployed(deployment: None) -> Iterator[None]:
    """What a function finds when it starts: everything there, and empty."""
    from tests.functional.deployment import empty  # noqa: PLC0415 - other suites here need no deployment

    del deployment
    yield
    empty()
