"""Templates: the workflows of the checkout, to start one's own from."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.definition.findings import errors_of
from ventuno.spelling import nearest
from ventuno_dev.definition_files import check_file, read_definition
from ventuno_dev.objects_file import OBJECTS_FILE, objects_file_of
from ventuno_dev.shipped_machines import SOURCES

if TYPE_CHECKING:
    from pathlib import Path

_COMMENT: Final = "#"


class TemplateError(errors.VentunoError):
    """There is no such template, or no room for the file."""


@dataclass(frozen=True, slots=True)
class Template:
    """A shipped workflow; `about` is the first sentence of its comment."""

    slug: str
    trigger: str
    about: str


@dataclass(frozen=True, slots=True)
class Started:
    """The files that were written, and the declaration that is there but lacks what the template needs."""

    definition: Path
    objects: Path | None = None
    lacking: Path | None = None


def templates(project: Path) -> list[Template]:
    """List the templates of a checkout. Raises: FileAccessError, DefinitionError"""
    files = sorted((project / SOURCES).glob("*.yaml"), key=lambda file: file.stem)
    return [Template(file.stem, read_definition(file).trigger.type, _about(file)) for file in files]


def start_from(project: Path, template: str, target: Path) -> Started:
    """Write a template as a new definition, and the objects it needs where none are declared yet.

    Raises: TemplateError
    """
    source = project / SOURCES / f"{template}.yaml"
    if not source.is_file():
        raise _unknown(template, project)
    if target.exists():
        raise TemplateError(f"{target} is there already: give another name, or remove it")
    if not target.parent.is_dir():
        raise TemplateError(f"there is no folder {target.parent}: make it, or give another with --folder")
    text = source.read_text(encoding="utf-8").replace(f"ventuno run {template}", f"ventuno run {target.stem}")
    target.write_text(text, encoding="utf-8")
    if not errors_of(check_file(target).findings):
        return Started(target)
    declared = objects_file_of(target)
    if declared is not None:
        return Started(target, lacking=declared)
    objects = target.parent / OBJECTS_FILE
    shutil.copyfile(project / OBJECTS_FILE, objects)
    return Started(target, objects)


def _unknown(template: str, project: Path) -> TemplateError:
    names = [each.slug for each in templates(project)]
    closest = nearest(template, names)
    meant = f", did you mean {closest}?" if closest else ";"
    return TemplateError(f'there is no template "{template}"{meant} `ventuno new` lists them all')


def _about(file: Path) -> str:
    """Read the first sentence of the comment at the top."""
    lines: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith(_COMMENT):
            break
        lines.append(line.removeprefix(_COMMENT).strip())
    return " ".join(lines).partition(". ")[0].rstrip(".")
