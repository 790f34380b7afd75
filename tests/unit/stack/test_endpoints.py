from __future__ import annotations

import os
from pathlib import Path

import pytest

from ventuno_dev import settings
from ventuno_dev.stack import endpoints, pidfile
from ventuno_dev.stack.errors import StackError
from ventuno_dev.stack.target import Target, TargetKind

LOCALSTACK_URL = "http://0a1b2c3d.execute-api.localhost.localstack.cloud:4566"
AWS_URL = "https://0a1b2c3d.execute-api.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("environment", "endpoint"),
    [
        ({}, None),
        ({"AWS_ENDPOINT_URL": " "}, None),
        ({"AWS_ENDPOINT_URL": "http://10.0.0.1:4566"}, "http://10.0.0.1:4566"),
        ({"LOCALSTACK_HOST": "localhost"}, "http://localhost:4566"),
        ({"LOCALSTACK_HOST": "stack:4600"}, "http://stack:4600"),
        ({"LOCALSTACK_HOSTNAME": "stack", "EDGE_PORT": "4601"}, "http://stack:4601"),
        ({"LOCALSTACK_ENDPOINT": "http://stack:4602"}, "http://stack:4602"),
        ({"LOCALSTACK_ENDPOINT": "stack:4602"}, "http://stack:4602"),
        ({"AWS_ENDPOINT_URL": "http://first:1", "LOCALSTACK_HOST": "second:2"}, "http://first:1"),
    ],
)
def test_the_environment_names_the_endpoint(environment: dict[str, str], endpoint: str | None) -> None:
    assert settings.load(environment).endpoint_url == endpoint


@pytest.mark.parametrize(
    ("environment", "region"),
    [
        ({}, "us-east-1"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
        ({"AWS_REGION": "eu-south-1", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-south-1"),
    ],
)
def test_the_environment_names_the_region(environment: dict[str, str], region: str) -> None:
    assert settings.load(environment).region == region


def test_without_an_endpoint_the_embedded_stack_of_the_data_folder_is_meant(tmp_path: Path) -> None:
    target = endpoints.resolve(settings.load({"VENTUNO_DATA": str(tmp_path), "AWS_REGION": "eu-west-1"}))

    assert target.kind is TargetKind.EMBEDDED
    assert target.endpoint_url == "http://127.0.0.1:4566"
    assert target.data == tmp_path
    assert target.region == "us-east-1"


def test_a_running_emulator_is_found_on_its_own_port(tmp_path: Path) -> None:
    pidfile.write(tmp_path, os.getpid(), 4711)

    assert endpoints.resolve(settings.load({}), data=tmp_path).endpoint_url == "http://127.0.0.1:4711"


def test_an_endpoint_of_the_environment_wins_over_the_embedded_stack(tmp_path: Path) -> None:
    chosen = settings.load({"AWS_ENDPOINT_URL": "http://stack:1/", "AWS_REGION": "eu-west-1"})
    target = endpoints.resolve(chosen, data=tmp_path)

    assert target.kind is TargetKind.ENDPOINT
    assert (target.endpoint_url, target.region) == ("http://stack:1", "eu-west-1")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_address_of_the_running_emulator_is_the_embedded_stack(tmp_path: Path, host: str) -> None:
    pidfile.write(tmp_path, os.getpid(), 4711)
    ours = endpoints.resolve(settings.load({"AWS_ENDPOINT_URL": f"http://{host}:4711"}), data=tmp_path)
    other = endpoints.resolve(settings.load({"AWS_ENDPOINT_URL": f"http://{host}:4712"}), data=tmp_path)

    assert (ours.kind, other.kind) == (TargetKind.EMBEDDED, TargetKind.ENDPOINT)


def test_a_port_for_a_stack_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="leave --port out"):
        endpoints.resolve(settings.load({"LOCALSTACK_HOST": "localhost"}), data=tmp_path, port=4600)


def test_aws_is_used_only_when_asked_for() -> None:
    target = endpoints.resolve(settings.load({"AWS_REGION": "eu-west-1"}), aws=True)

    assert (target.kind, target.endpoint_url, target.region) == (TargetKind.AWS, None, "eu-west-1")


def test_aws_and_a_local_endpoint_together_are_refused() -> None:
    with pytest.raises(StackError, match="unset AWS_ENDPOINT_URL"):
        endpoints.resolve(settings.load({"LOCALSTACK_HOST": "localhost"}), aws=True)


@pytest.mark.parametrize(
    ("endpoint", "declared", "url"),
    [
        (None, AWS_URL, AWS_URL),
        ("http://127.0.0.1:4566", AWS_URL, "http://127.0.0.1:4566/_aws/execute-api/0a1b2c3d"),
        ("http://localhost:4566", LOCALSTACK_URL + "/", LOCALSTACK_URL),
    ],
)
def test_the_api_has_an_address_that_answers_from_here(endpoint: str | None, declared: str, url: str) -> None:
    target = Target(TargetKind.ENDPOINT, endpoint, "us-east-1", Path(), Path())

    assert endpoints.api_url(target, "0a1b2c3d", declared) == url
