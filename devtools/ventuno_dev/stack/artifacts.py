"""The artifact bucket: objects are named by their content, so an upload is skipped when the name is there."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ventuno_dev.stack.build import Artifact
    from ventuno_dev.stack.clients import Clients
    from ventuno_dev.stack.progress import Progress

_NO_LOCATION = "us-east-1"  # S3 refuses this region as a LocationConstraint


def bucket_name(account: str, region: str) -> str:
    """Name the bucket of an account and region; bucket names are global, so both are in it."""
    return f"ventuno-artifacts-{account}-{region}"


def upload(clients: Clients, bucket: str, built: Sequence[Artifact], progress: Progress) -> None:
    """Upload the artifacts that the bucket does not hold yet."""
    _ensure_bucket(clients, bucket)
    present = _present(clients, bucket)
    for artifact in built:
        if artifact.key not in present:
            progress.step(f"upload {artifact.logical_id} ({len(artifact.body) / 1024:.0f} KiB)")
            clients.s3.put_object(Bucket=bucket, Key=artifact.key, Body=artifact.body)


def put_template(clients: Clients, bucket: str, body: str) -> str:
    """Store the template and return its address; inline it would be limited to 51,200 bytes."""
    key = f"template/{hashlib.sha256(body.encode()).hexdigest()[:32]}.json"
    clients.s3.put_object(Bucket=bucket, Key=key, Body=body.encode())
    if clients.target.endpoint_url:
        return f"{clients.target.endpoint_url}/{bucket}/{key}"
    return f"https://{bucket}.s3.{clients.target.region}.amazonaws.com/{key}"


def _ensure_bucket(clients: Clients, bucket: str) -> None:
    s3 = clients.s3
    try:
        s3.head_bucket(Bucket=bucket)
    except s3.exceptions.ClientError as exc:
        if exc.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # noqa: PLR2004 - HTTP's "not found"
            raise
        if clients.target.region == _NO_LOCATION:
            s3.create_bucket(Bucket=bucket)
        else:
            location = {"LocationConstraint": clients.target.region}
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=location)  # type: ignore[arg-type] # any region
        _protect(clients, bucket)


def _protect(clients: Clients, bucket: str) -> None:
    clients.s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )


def _present(clients: Clients, bucket: str) -> set[str]:
    pages = clients.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"] for page in pages for entry in page.get("Contents", [])}
