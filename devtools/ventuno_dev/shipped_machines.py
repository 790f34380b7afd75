"""The machines in statemachines/: exactly what the compiler makes of workflows/*.yaml, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.errors import VentunoError
from ventuno.runtime.validation import machine_of
from ventuno_dev.definition_files import Checked, FileAccessError, check_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SOURCES = "workflows"
MACHINES = "statemachines"
SUFFIX = ".asl.json"


class UncompilableError(VentunoError):
    """Some definitions have errors; `checked` holds those files with their findings."""

    def __init__(self, checked: Sequence[Checked]) -> None:
        self.checked = tuple(checked)
        super().__init__(f"these definitions have errors: {', '.join(str(each.path) for each in checked)}")


@dataclass(frozen=True, slots=True)
class Changes:
    """How many machines there are, and the files that differ, or differed before they were written."""

    total: int
    differing: tuple[str, ...]


def compile_all(project: Path, *, write: bool) -> Changes:
    """Compile every workflow of a checkout and compare; with `write`, make the files so.

    A machine without a workflow differs too; writing removes it.

    Raises: UncompilableError, FileAccessError
    """
    wanted = _compiled(project / SOURCES)
    folder = project / MACHINES
    present = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob(f"*{SUFFIX}"))}
    differing = sorted(name for name in wanted.keys() | present if wanted.get(name) != present.get(name))
    if write:
        folder.mkdir(exist_ok=True)
        for name in differing:
            _settle(folder / name, wanted.get(name))
    return Changes(len(wanted), tuple(f"{MACHINES}/{name}" for name in differing))


def _compiled(sources: Path) -> dict[str, str]:
    if not sources.is_dir():
        raise FileAccessError(f"{sources} is no folder: run this in a checkout, or set VENTUNO_PROJECT")
    checked = [check_file(path) for path in sorted(sources.glob("*.yaml"))]
    if wrong := [each for each in checked if not each.valid]:
        raise UncompilableError(wrong)
    return {
        f"{each.path.stem}{SUFFIX}": machine_of(each.definition).text
        for each in checked
        if each.definition is not None
    }


def _settle(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
