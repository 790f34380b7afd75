"""What the environment says, read once; no other module of `ventuno_dev` reads it.

Variables: VENTUNO_DATA, VENTUNO_PROJECT, AWS_ENDPOINT_URL, LOCALSTACK_HOST, LOCALSTACK_HOSTNAME,
LOCALSTACK_ENDPOINT, EDGE_PORT, USE_SSL, AWS_REGION, AWS_DEFAULT_REGION.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_REGION = "us-east-1"
DEFAULT_DATA = ".ventuno"
_CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the sources and the data are, and which endpoint the environment asks for."""

    project: Path
    data: Path
    endpoint_url: str | None
    region: str


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `environment` defaults to that of the process."""
    env = os.environ if environment is None else environment  # noqa: TID251 - the one place that reads it
    project = Path(env.get("VENTUNO_PROJECT") or _CHECKOUT).resolve()
    data = env.get("VENTUNO_DATA")
    return Settings(
        project=project,
        data=Path(data).resolve() if data else project / DEFAULT_DATA,
        endpoint_url=env.get("AWS_ENDPOINT_URL", "").strip() or _localstack_endpoint(env),
        region=env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or DEFAULT_REGION,
    )


def _localstack_endpoint(env: Mapping[str, str]) -> str | None:
    """Return LocalStack's address if any of its variables is set.

    Source: localstack_client.config understands LOCALSTACK_HOST and USE_SSL
    """
    full = env.get("LOCALSTACK_ENDPOINT", "").strip()
    if full:
        return full if "://" in full else f"http://{full}"
    host = env.get("LOCALSTACK_HOST", "").strip() or env.get("LOCALSTACK_HOSTNAME", "").strip()
    if not host:
        return None
    if ":" not in host and env.get("EDGE_PORT"):
        host = f"{host}:{env['EDGE_PORT']}"
    from localstack_client.config import get_service_endpoint  # noqa: PLC0415 - only if LocalStack is asked for

    return str(get_service_endpoint("cloudformation", localstack_host=host))
