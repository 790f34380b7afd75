"""Golden: every shipped workflow compiles to exactly the machine that is committed, and nothing else is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ventuno.runtime.validation import machine_of
from ventuno_dev.definition_files import check_file, read_definition
from ventuno_dev.simulating.case import SimulationCase
from ventuno_dev.simulating.engines import Engine

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted((PROJECT / "workflows").glob("*.yaml"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_committed_machine_is_what_the_compiler_makes(source: Path) -> None:
    committed = PROJECT / "statemachines" / f"{source.stem}.asl.json"

    checked = check_file(source)
    assert checked.definition is not None
    assert checked.findings == ()
    assert machine_of(checked.definition).text == committed.read_text("utf-8"), "run `make compile`"


def test_there_is_a_machine_for_each_workflow_and_no_other() -> None:
    machines = {path.name.removesuffix(".asl.json") for path in (PROJECT / "statemachines").iterdir()}

    assert machines == {source.stem for source in SOURCES}
    assert machines


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_both_engines_simulate_a_shipped_workflow_alike(source: Path) -> None:
    definition = read_definition(source)
    payload: Any = definition.trigger.settings.get("expectedBody") or {}
    told: list[Any] = [SimulationCase(definition, payload, {}).run(engine) for engine in Engine]
    statuses = [
        {"run": each["status"]} | {step: info["status"] for step, info in each["steps"].items()}
        for each in told
    ]

    assert [each.get("faults") for each in told] == [None, None]
    assert statuses[0] == statuses[1]
