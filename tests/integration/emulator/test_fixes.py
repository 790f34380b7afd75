"""Every fix has a check that passes with it and fails without it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.integration.emulator.aws import Clients
from tests.integration.emulator.checks import CHECKS, NEEDS_IAM
from tests.integration.emulator.emulator_process import running
from ventuno_dev.emulator.fixes import FIXES

pytestmark = pytest.mark.emulator

AT_ONCE = 4
WITHOUT_SECONDS = 5.0
"""How long is waited for what does not happen without a fix."""


def test_every_fix_has_a_check_and_every_check_a_fix() -> None:
    assert sorted(CHECKS) == sorted(fix.name for fix in FIXES)


@pytest.mark.parametrize("name", sorted(CHECKS.keys() - NEEDS_IAM))
def test_the_emulator_behaves_as_aws_does(name: str, clients: Clients) -> None:
    CHECKS[name](clients)


@pytest.mark.parametrize("name", sorted(NEEDS_IAM))
def test_the_emulator_enforces_policies_as_aws_does(name: str) -> None:
    with running(iam=True) as emulator:
        CHECKS[name](Clients(emulator.endpoint))


@pytest.fixture(scope="module")
def refused(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[bool]]]:
    """Run the wanted checks without their fix, a few at a time: most of them wait for time to pass."""
    collected = " ".join(item.name for item in request.session.items)
    wanted = [name for name in sorted(CHECKS) if f"without_its_fix[{name}]" in collected]
    with ThreadPoolExecutor(AT_ONCE) as executor:
        yield {name: executor.submit(_is_refused_without, name) for name in wanted}


def _is_refused_without(name: str) -> bool:
    with running("--without", name, iam=name in NEEDS_IAM) as emulator:
        try:
            CHECKS[name](Clients(emulator.endpoint, patience=WITHOUT_SECONDS))
        except AssertionError:
            return True
    return False


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_check_fails_without_its_fix(name: str, refused: dict[str, Future[bool]]) -> None:
    assert refused[name].result()
