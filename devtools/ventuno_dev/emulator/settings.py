"""Settings of one emulator process, and the environment that MiniStack reads from them.

MiniStack reads its environment when it is imported, so `prepare` runs before any `ministack` import.
"""

import os
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
MINISTACK_VERSION = "1.5.33"

# What a Lambda worker may inherit from the shell that started the emulator; everything else is ours or AWS's.
INHERITED = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
)


@dataclass(frozen=True, slots=True)
class Settings:
    """One run of the emulator. Units: `wait_scale` is a factor on the seconds of Wait states."""

    port: int
    data: Path
    save_every_seconds: float = 2.0
    wait_scale: float = 1.0
    without: frozenset[str] = frozenset()

    @property
    def endpoint(self) -> str:
        """Give the address that every client and every Lambda uses."""
        return f"http://{HOST}:{self.port}"


_prepared: list[Settings] = []


def current() -> Settings:
    """Give the settings of this process. Raises: IndexError before `prepare`."""
    return _prepared[-1]


def prepare(settings: Settings) -> None:
    """Set the environment MiniStack is configured by; the caller imports it afterwards."""
    _prepared.append(settings)
    environ = os.environ  # noqa: TID251 - MiniStack has no other configuration interface
    for name in [key for key in environ if key.startswith(("AWS_", "LAMBDA_", "SFN_"))]:
        del environ[name]
    environ.update(
        {
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(settings.port),
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_ACCOUNT_CONCURRENCY": "0",  # it counts waiting calls too; our pools are the bound
            "LAMBDA_EXECUTOR": "local",
            "LOG_LEVEL": "WARNING",
            "PERSIST_STATE": "1",
            "S3_DATA_DIR": str(settings.data / "s3"),
            "S3_PERSIST": "1",
            "SFN_WAIT_SCALE": str(settings.wait_scale),
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(settings.data / "state"),
            "USE_SSL": "0",
        }
    )


def inherited() -> dict[str, str]:
    """Give the part of the shell's environment that Lambda workers see."""
    environ = os.environ  # noqa: TID251 - the one place that reads the environment
    return {name: environ[name] for name in INHERITED if name in environ}
