"""Whatever callers ask for by name: what cannot be there is not there, in every store alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ventuno import errors
from ventuno.runs.model import VersionRef
from ventuno.runs.places import Place

if TYPE_CHECKING:
    from ventuno.ports import FormStore, RunStore, WorkflowStore

ODD_NAMES = pytest.mark.parametrize("name", ["", "\x00", "0" * 5_000, "\N{UNICORN FACE}" * 300])


@ODD_NAMES
def test_no_run_and_no_form_has_an_odd_name(runs: RunStore, forms: FormStore, name: str) -> None:
    with pytest.raises(errors.NotFoundError):
        runs.load(name, [Place(name)])

    assert runs.last_iteration("run-1", name, "") is None
    assert forms.waiting(name or None, "2026-03-01", 10, None).forms == ()
    assert not runs.begin_stop(name)


@ODD_NAMES
def test_no_workflow_and_no_key_has_an_odd_name(workflows: WorkflowStore, name: str) -> None:
    assert workflows.find(name) is None
    assert workflows.get(name) is None
    assert workflows.version(VersionRef(name, 1)) is None
    assert not workflows.remove_key(name)
