"""Protocols of everything outside the process; adapters implement them, use cases know nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from dataclasses import dataclass
    from datetime import datetime

    from ventuno.access.model import ApiKey
    from ventuno.engine.statuses import RunStatus
    from ventuno.runs.model import ChainCut, ChunkKey, LoadedRun, Run, StepState, Stored, VersionRef
    from ventuno.runs.places import Place
    from ventuno.workflow.model import Version, Workflow
    from ventuno.workflow.windows import Turn, Window
else:
    from dataclasses import dataclass


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """Return the current instant, UTC, timezone-aware."""


class Ids(Protocol):
    """The only source of chance."""

    def new_id(self) -> str:
        """Return a random UUID in text form."""

    def new_secret(self) -> str:
        """Return 32 random bytes as URL-safe text."""


class PayloadStore(Protocol):
    """Bytes by key; keys are written once."""

    def put(self, key: str, body: bytes) -> None:
        """Store the body. Raises: StoreUnavailableError"""

    def get(self, key: str) -> bytes | None:
        """Return the body, or None when nothing has this key. Raises: StoreUnavailableError"""

    def delete(self, key: str) -> None:
        """Delete the body; a key that is unknown is success. Raises: StoreUnavailableError"""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of runs and the cursor of the next, or None at the end."""

    runs: tuple[Run, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of forms that wait, each with its run, and the cursor of the next, or None at the end."""

    forms: tuple[tuple[Run, StepState], ...]
    cursor: str | None


class LimitStore(Protocol):
    """Counts of runs, changed by conditional writes, so that no two starts pass a limit together.

    Every method raises StoreUnavailableError when the store refuses for now.
    """

    def take(self, window: Window, now: datetime) -> Turn:
        """Count one more, or tell when there may be room; a window never has more than its `most`."""

    def give_back(self, window: Window, slot: int) -> None:
        """Count one less in the slot of a turn; nothing happens when that slot counts no more."""

    def hold(self, owner: str, run_id: str, most: int) -> bool:
        """Take one of `most` places for a run, which may have it already; False when all are taken."""

    def release(self, owner: str, run_id: str) -> None:
        """Give a run's place up, if it has one."""


class RunStore(Protocol):
    """Run and step state. Every method raises StoreUnavailableError when the store refuses for now."""

    def create(self, run: Run) -> Run | None:
        """Store a new run; when its id is taken, write nothing and return the run that has it."""

    def load(self, run_id: str, places: Collection[Place], chunks: Collection[ChunkKey] = ()) -> LoadedRun:
        """Read a run, some states, and some items of iterators, up to 100 a request. Raises: NotFoundError"""

    def load_all(self, run_id: str, most: int | None = None) -> LoadedRun:
        """Read a run and the states of all its steps.

        With more than `most` states inside loops, those are left out and the run is not `whole`. One request
        for a run without loops: nothing inside a loop is looked for before the loop's own state is there.

        Raises: NotFoundError
        """

    def states(self, run_id: str) -> Iterator[StepState]:
        """Yield the states of all steps of a run, page by page, however many there are."""

    def last_iteration(self, run_id: str, step_id: str, within: str) -> str | None:
        """Return the last iteration in which a step was stored, among those inside the iteration `within`."""

    def save_step(self, run: Run, state: StepState) -> StepState | None:
        """Store a step's state; when one that is not open is there, write nothing and return that one."""

    def save_items(self, run: Run, chunks: Mapping[ChunkKey, Stored]) -> None:
        """Store items of an iterator; the same ones again change nothing."""

    def mark_failed(self, run_id: str, places: Collection[Place], broken: Collection[Place] = ()) -> None:
        """Note on the run that steps have failed for good, and that loops start no further iteration."""

    def close(self, run_id: str, attempt: int, status: RunStatus, error: str | None, ended_at: str) -> bool:
        """End a RUNNING or STOPPING run of this attempt; False when it had ended or resumed before."""

    def replace_steps(self, run: Run, states: Collection[StepState], gone: Collection[Place] = ()) -> None:
        """Store states whatever is there, and delete others."""

    def begin(self, run: Run) -> bool:
        """Move a run that waits to start to RUNNING; False when it waits no more."""

    def begin_stop(self, run_id: str) -> bool:
        """Move a RUNNING run to STOPPING; False when it was not RUNNING."""

    def cancel(self, run: Run, error: str, ended_at: str) -> bool:
        """Move a run that waits to start to STOPPED; False when it waits no more."""

    def reopen(self, run: Run) -> bool:
        """Store a FAILED run as RUNNING again; `run.attempt` is the next one. False when it is not FAILED."""

    def note_cut(self, run_id: str, cut: ChainCut) -> bool:
        """Note on a run that its chain was cut; False when there is no such run or one is noted already."""

    def begin_attempt(self, run_id: str, attempt: int) -> bool:
        """Move a RUNNING run from `attempt` to the next one; False when somebody else did."""

    def by_workflow(self, workflow_id: str, limit: int, cursor: str | None, *, tests: bool = False) -> Page:
        """List a workflow's runs, or only the tests of its drafts, newest first."""

    def waiting(self, after: str, limit: int) -> tuple[list[Run], str | None]:
        """Read runs that wait to start, by workflow and oldest first, and where to go on, None at the end.

        `after` is text that sorts before them: empty, a workflow's id with `#` or, behind it, with `#~`.
        """

    def by_status(self, status: RunStatus, limit: int, cursor: str | None) -> Page:
        """List the runs of a status, newest first."""


class FormStore(Protocol):
    """The forms that runs wait for; a form is the state of its step, which RunStore keeps.

    Every method raises StoreUnavailableError when the store refuses for now.
    """

    def change(self, run: Run, state: StepState) -> bool:
        """Store a waiting form again; False when one with this task token does not wait there any more."""

    def waiting(self, assignee: str | None, now: str, limit: int, cursor: str | None) -> FormPage:
        """List the forms that wait `now` in runs that go on, those that close first before the others.

        A page may have fewer than `limit` although there are more. Raises: BadRequestError (cursor)
        """

    def told(self, run_id: str, place: Place) -> None:
        """Note that the machine knows of a form's answer."""

    def untold(self, before: str, limit: int) -> Sequence[tuple[str, Place]]:
        """List forms that were answered before an instant and whose machine may not know of it."""

    def save_tokens(self, run: Run, places: Collection[Place], token: str) -> None:
        """Store the task token of the state that waits until one of some forms is answered."""

    def token(self, run_id: str, place: Place) -> str | None:
        """Return the task token stored last for a form that is awaited with others."""


class WorkflowStore(Protocol):
    """Workflows, versions and API keys.

    Every method raises StoreUnavailableError when the store refuses for now.
    """

    def create(self, workflow: Workflow, draft: Version) -> None:
        """Store a workflow with its first draft. Raises: ConflictError when the slug is taken"""

    def get(self, workflow_id: str) -> Workflow | None:
        """Read a workflow by id."""

    def find(self, slug: str) -> Workflow | None:
        """Read a workflow by slug."""

    def all(self) -> list[Workflow]:
        """List all workflows by slug."""

    def listeners(self, object_name: str, events: Collection[str]) -> list[Workflow]:
        """Read the workflows that some events of an object start; two requests, one when there are none."""

    def version(self, ref: VersionRef) -> Version | None:
        """Read one version."""

    def versions(self, workflow_id: str) -> list[Version]:
        """List the versions of a workflow, newest first; copies made for tests are left out."""

    def add_snapshot(self, version: Version) -> None:
        """Store the copy of a draft that a test runs; the same one again changes nothing."""

    def save(
        self, workflow: Workflow, versions: Sequence[Version], gone: Sequence[VersionRef] = ()
    ) -> Workflow:
        """Store a workflow and versions at once, and delete others, if `revision` is still the stored one.

        From then on `listeners` lists it under its topic and no other.
        Returns the workflow as it is stored, with its next revision.

        Raises: ConflictError when somebody changed the workflow meanwhile
        """

    def rolling_out(self) -> list[Workflow]:
        """Read the workflows of which a version is being rolled out."""

    def next_run_number(self, workflow_id: str) -> int:
        """Count one more run of a workflow and return the count."""

    def uncount_run(self, workflow_id: str, number: int) -> None:
        """Take a count back that no run was stored for; once a further run was counted, nothing happens."""

    def add_key(self, key: ApiKey) -> None:
        """Store an API key by its hash."""

    def key_by_hash(self, token_hash: str) -> ApiKey | None:
        """Find an API key by the hash of its token."""

    def keys(self) -> Sequence[ApiKey]:
        """List the API keys."""

    def remove_key(self, key_id: str) -> bool:
        """Delete an API key; False when there was none."""
