"""WorkflowStore in memory: the same rows and conditions as the table."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.workflow.rows import version_from, version_row, workflow_from, workflow_row

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ventuno.access.model import ApiKey
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import VersionRef
    from ventuno.workflow.model import Version, Workflow


class MemoryWorkflowStore:
    """Rows in dictionaries under one lock."""

    def __init__(self) -> None:
        self._workflows: dict[str, JsonObject] = {}
        self._versions: dict[VersionRef, JsonObject] = {}
        self._runs: Counter[str] = Counter()
        self._keys: dict[str, ApiKey] = {}
        self._lock = Lock()

    def create(self, workflow: Workflow, draft: Version) -> None:
        """Store a workflow with its draft. Raises: ConflictError"""
        with self._lock:
            if any(row["slug"] == workflow.slug for row in self._workflows.values()):
                raise errors.ConflictError(f'there is a workflow "{workflow.slug}" already')
            self._workflows[workflow.id] = copy.deepcopy(workflow_row(workflow))
            self._versions[draft.ref] = copy.deepcopy(version_row(draft))

    def get(self, workflow_id: str) -> Workflow | None:
        """Read a workflow by id."""
        row = self._workflows.get(workflow_id)
        return workflow_from(copy.deepcopy(row)) if row else None

    def find(self, slug: str) -> Workflow | None:
        """Read a workflow by slug."""
        return next((workflow for workflow in self.all() if workflow.slug == slug), None)

    def all(self) -> list[Workflow]:
        """List all workflows by slug."""
        workflows = [workflow_from(copy.deepcopy(row)) for row in self._workflows.values()]
        return sorted(workflows, key=lambda workflow: workflow.slug)

    def listeners(self, object_name: str, events: Collection[str]) -> list[Workflow]:
        """Read the workflows that some events of an object start."""
        topics = {f"{object_name}.{event}" for event in events}
        return [workflow for workflow in self.all() if workflow.topic in topics]

    def version(self, ref: VersionRef) -> Version | None:
        """Read one version."""
        row = self._versions.get(ref)
        return version_from(copy.deepcopy(row)) if row else None

    def versions(self, workflow_id: str) -> list[Version]:
        """List the versions of a workflow, newest first."""
        with self._lock:
            rows = copy.deepcopy(
                [row for ref, row in self._versions.items() if ref.workflow_id == workflow_id]
            )
        versions = [version_from(row) for row in rows if "snapshot" not in row]
        return sorted(versions, key=lambda version: version.number, reverse=True)

    def add_snapshot(self, version: Version) -> None:
        """Store the copy of a draft."""
        with self._lock:
            self._versions[version.ref] = copy.deepcopy(version_row(version))

    def save(
        self, workflow: Workflow, versions: Sequence[Version], gone: Sequence[VersionRef] = ()
    ) -> Workflow:
        """Store a workflow and versions together, and delete others. Raises: ConflictError"""
        with self._lock:
            stored = self._workflows.get(workflow.id)
            if stored is None or stored["revision"] != workflow.revision:
                raise errors.ConflictError(f'somebody changed "{workflow.slug}" meanwhile; try again')
            saved = replace(workflow, revision=workflow.revision + 1, stored_topic=workflow.topic)
            self._workflows[workflow.id] = copy.deepcopy(workflow_row(saved))
            self._versions.update({version.ref: copy.deepcopy(version_row(version)) for version in versions})
            for ref in gone:
                self._versions.pop(ref, None)
            return saved

    def rolling_out(self) -> list[Workflow]:
        """Read the workflows of which a version is being rolled out."""
        return [workflow for workflow in self.all() if workflow.rollout]

    def next_run_number(self, workflow_id: str) -> int:
        """Count one more run."""
        with self._lock:
            self._runs[workflow_id] += 1
            return self._runs[workflow_id]

    def uncount_run(self, workflow_id: str, number: int) -> None:
        """Take a count back, if it is the last."""
        with self._lock:
            if self._runs[workflow_id] == number:
                self._runs[workflow_id] -= 1

    def add_key(self, key: ApiKey) -> None:
        """Store an API key."""
        self._keys[key.token_hash] = key

    def key_by_hash(self, token_hash: str) -> ApiKey | None:
        """Find an API key."""
        return self._keys.get(token_hash)

    def keys(self) -> Sequence[ApiKey]:
        """List the API keys."""
        return sorted(self._keys.values(), key=lambda key: key.id)

    def remove_key(self, key_id: str) -> bool:
        """Delete an API key."""
        found = next((key for key in self._keys.values() if key.id == key_id), None)
        if found is not None:
            del self._keys[found.token_hash]
        return found is not None
