"""PayloadStore on S3."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_s3 import S3Client


class S3PayloadStore:
    """One bucket; keys are written once. The client is made on first use: most calls never need it."""

    def __init__(self, client: Callable[[], S3Client], bucket: str) -> None:
        self._client_of = client
        self._bucket = bucket

    @property
    def _client(self) -> S3Client:
        return self._client_of()

    def put(self, key: str, body: bytes) -> None:
        """Store a body. Raises: StoreUnavailableError"""
        try:
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/json")
        except (ClientError, BotoCoreError) as error:
            raise errors.StoreUnavailableError(f"the payload bucket refused {key}: {error}") from error

    def get(self, key: str) -> bytes | None:
        """Read a body, or None when the key is unknown. Raises: StoreUnavailableError"""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except self._client.exceptions.NoSuchKey:
            return None
        except (ClientError, BotoCoreError) as error:
            if isinstance(error, ClientError) and error.response["Error"]["Code"] == "AccessDenied":
                return None  # what S3 answers for a missing key to a role that may not list the bucket
            raise errors.StoreUnavailableError(f"the payload bucket refused {key}: {error}") from error

    def delete(self, key: str) -> None:
        """Delete a body. Raises: StoreUnavailableError"""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            raise errors.StoreUnavailableError(f"the payload bucket refused {key}: {error}") from error
