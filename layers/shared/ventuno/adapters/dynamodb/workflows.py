"""WorkflowStore on DynamoDB.

Source: architecture, Data; item shapes in `ventuno.workflow.rows`
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.adapters.dynamodb.table import Condition, RefusedError, Table
from ventuno.workflow.rows import (
    KEYS,
    ROLLOUTS,
    SLUGS,
    VERSIONS,
    counter_key,
    ended_rollout_keys,
    key_from,
    key_rows,
    listener_rows,
    listeners_of,
    old_listener_keys,
    rollout_rows,
    slug_row,
    token_key,
    version_from,
    version_key,
    version_row,
    workflow_from,
    workflow_key,
    workflow_row,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from ventuno.access.model import ApiKey
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import VersionRef
    from ventuno.workflow.model import Version, Workflow

_ABSENT = Condition("attribute_not_exists(PK)", {})


class DynamoWorkflowStore:
    """The workflows table: one partition per workflow, one for all slugs, one for all keys."""

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._table = Table(client, table_name)

    def create(self, workflow: Workflow, draft: Version) -> None:
        """Store a workflow, its slug and its draft together. Raises: ConflictError, StoreUnavailableError"""
        try:
            rows = [version_row(draft), *listener_rows(workflow)]
            self._table.transact(
                [
                    (slug_row(workflow), _ABSENT),
                    (workflow_row(workflow), _ABSENT),
                    *((row, None) for row in rows),
                ]
            )
        except RefusedError as refused:
            raise errors.ConflictError(f'there is a workflow "{workflow.slug}" already') from refused

    def get(self, workflow_id: str) -> Workflow | None:
        """Read a workflow by id. Raises: StoreUnavailableError"""
        row = self._table.get(workflow_key(workflow_id))
        return workflow_from(row) if row else None

    def find(self, slug: str) -> Workflow | None:
        """Read a workflow by slug. Raises: StoreUnavailableError"""
        row = self._table.get({"PK": SLUGS, "SK": slug})
        return self.get(str(row["id"])) if row else None

    def all(self) -> list[Workflow]:
        """List all workflows by slug. Raises: StoreUnavailableError"""
        ids = [str(row["id"]) for row in self._partition(SLUGS)]
        rows = self._table.get_many([workflow_key(workflow_id) for workflow_id in ids])
        return sorted((workflow_from(row) for row in rows), key=lambda workflow: workflow.slug)

    def listeners(self, object_name: str, events: Collection[str]) -> list[Workflow]:
        """Read the workflows that some events of an object start. Raises: StoreUnavailableError

        The workflow itself says what starts it; its listener row may be a moment older or newer.
        """
        topics = {f"{object_name}.{event}" for event in events}
        listed = self._partition(listeners_of(object_name))
        ids = [str(row["id"]) for row in listed if str(row["SK"]).partition("#")[0] in events]
        found = map(workflow_from, self._table.get_many([workflow_key(workflow_id) for workflow_id in ids]))
        return sorted((one for one in found if one.topic in topics), key=lambda workflow: workflow.slug)

    def version(self, ref: VersionRef) -> Version | None:
        """Read one version. Raises: StoreUnavailableError"""
        row = self._table.get(version_key(ref))
        return version_from(row) if row else None

    def versions(self, workflow_id: str) -> list[Version]:
        """List the versions of a workflow, newest first. Raises: StoreUnavailableError"""
        rows = self._partition(str(workflow_key(workflow_id)["PK"]), VERSIONS)
        return [version_from(row) for row in reversed(rows)]

    def add_snapshot(self, version: Version) -> None:
        """Store the copy of a draft. Raises: StoreUnavailableError"""
        self._table.put(version_row(version))

    def save(
        self, workflow: Workflow, versions: Sequence[Version], gone: Sequence[VersionRef] = ()
    ) -> Workflow:
        """Store a workflow and versions together. Raises: ConflictError, StoreUnavailableError"""
        held = Condition("#revision = :revision", {"revision": workflow.revision})
        saved = replace(workflow, revision=workflow.revision + 1, stored_topic=workflow.topic)
        try:
            rows = [*map(version_row, versions), *listener_rows(saved), *rollout_rows(saved)]
            self._table.transact(
                [(workflow_row(saved), held), *((row, None) for row in rows)],
                [*old_listener_keys(workflow), *ended_rollout_keys(saved), *map(version_key, gone)],
            )
        except RefusedError as refused:
            raise errors.ConflictError(
                f'somebody changed "{workflow.slug}" meanwhile; try again'
            ) from refused
        return saved

    def rolling_out(self) -> list[Workflow]:
        """Read the workflows of which a version is being rolled out. Raises: StoreUnavailableError"""
        keys = [workflow_key(str(row["SK"])) for row in self._partition(ROLLOUTS)]
        return [one for one in map(workflow_from, self._table.get_many(keys)) if one.rollout]

    def next_run_number(self, workflow_id: str) -> int:
        """Count one more run. Raises: StoreUnavailableError"""
        every = Condition("", {"one": 1})
        row: Any = self._table.update(counter_key(workflow_id), "ADD #runs :one", every)
        return int(row["runs"])

    def uncount_run(self, workflow_id: str, number: int) -> None:
        """Take a count back, if it is the last. Raises: StoreUnavailableError"""
        last = Condition("#runs = :number", {"number": number, "before": number - 1})
        with suppress(RefusedError):
            self._table.update(counter_key(workflow_id), "SET #runs = :before", last)

    def add_key(self, key: ApiKey) -> None:
        """Store an API key. Raises: StoreUnavailableError"""
        self._table.transact([(row, _ABSENT) for row in key_rows(key)])

    def key_by_hash(self, token_hash: str) -> ApiKey | None:
        """Find an API key. Raises: StoreUnavailableError"""
        row = self._table.get(token_key(token_hash))
        return key_from(row) if row else None

    def keys(self) -> Sequence[ApiKey]:
        """List the API keys. Raises: StoreUnavailableError"""
        return [key_from(row) for row in self._partition(KEYS)]

    def remove_key(self, key_id: str) -> bool:
        """Delete an API key. Raises: StoreUnavailableError"""
        row = self._table.get({"PK": KEYS, "SK": key_id})
        if row is None:
            return False
        self._table.transact([], [{"PK": KEYS, "SK": key_id}, token_key(key_from(row).token_hash)])
        return True

    def _partition(self, name: str, prefix: str = "") -> list[JsonObject]:
        rows: list[JsonObject] = []
        start: Any = None
        condition = "PK = :pk" + (" AND begins_with(SK, :prefix)" if prefix else "")
        request: dict[str, Any] = {"KeyConditionExpression": condition, "ConsistentRead": True}
        values = {"pk": name, **({"prefix": prefix} if prefix else {})}
        while True:
            page, start = self._table.query(request | ({"ExclusiveStartKey": start} if start else {}), values)
            rows += page
            if not start:
                return rows
