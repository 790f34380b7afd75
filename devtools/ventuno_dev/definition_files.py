"""Definition files: JSON or YAML → `Definition`, and everything that is wrong with them, with its place.

A file that ends in .json is read as JSON, any other as YAML.
"""

from __future__ import annotations

import atexit
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ventuno import errors
from ventuno.actions.registry import ACTIONS
from ventuno.definition.findings import Finding, errors_of
from ventuno.definition.loading import (
    INVALID_DEFINITION,
    MAX_DEFINITION_BYTES,
    definition_from,
    definition_from_json,
)
from ventuno.definition.remainder import ShapeError
from ventuno.runtime.validation import findings_of
from ventuno_dev.objects_file import OBJECTS_FILE, objects_of
from ventuno_dev.yaml_source import Place, YamlError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.outside import CodeRunner
    from ventuno.records.model.object_model import ObjectModel

SUFFIXES = (".yaml", ".yml", ".json")


class FileAccessError(errors.VentunoError):
    """A file or folder cannot be read, or is not what a command needs."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A file and all its findings; `definition` is None when the file has not the shape of one."""

    path: Path
    definition: Definition | None
    findings: tuple[Finding, ...]

    @property
    def valid(self) -> bool:
        """Whether no finding blocks activation."""
        return not errors_of(self.findings)

    def to_dict(self) -> JsonObject:
        """Return the form of `ventuno validate --json`. Source: quality, For checks from outside"""
        return {"valid": self.valid, "findings": [finding.to_dict() for finding in self.findings]}


def find_files(paths: Iterable[Path]) -> list[Path]:
    """List the files named, and the definitions directly in the folders named.

    Raises: FileAccessError for a folder without definitions
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_definitions_in(path) if path.is_dir() else [path]))
    return list(found)


def _definitions_in(folder: Path) -> list[Path]:
    files = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
    files = [path for path in files if path.name != OBJECTS_FILE]
    if not files:
        raise FileAccessError(f"{folder} holds no definition: no file there ends in {', '.join(SUFFIXES)}")
    return files


def check_file(path: Path, objects: ObjectModel | None = None) -> Checked:
    """Find everything that is wrong with a file, by the objects of a stack or else those declared beside it.

    Raises: FileAccessError, ObjectsFileError, RecordInputError
    """
    shape: tuple[Finding, ...] = ()
    definition: Definition | None
    checked: Definition | None
    try:
        definition = checked = read_definition(path)
    except ShapeError as exc:
        shape, definition, checked = exc.findings, None, exc.remainder
    except errors.DefinitionError as exc:
        return Checked(path, None, exc.findings)
    if checked is None:
        return Checked(path, None, shape)
    known = objects_of(path) if objects is None else objects
    found = findings_of(checked, known, _code_runner(checked))
    return Checked(path, definition, (*shape, *found))


def _code_runner(definition: Definition) -> CodeRunner | None:
    """Return what reads the code of steps; a definition without code starts no process."""
    literal = {kind for kind, action in ACTIONS.items() if action.literal}
    return _local_code_runner() if any(step.type in literal for step in definition.steps) else None


@cache
def _local_code_runner() -> CodeRunner:
    from ventuno.adapters.http import GuardedHttpClient  # noqa: PLC0415 - slow, and most definitions have no code
    from ventuno.adapters.local_code import LocalCodeRunner  # noqa: PLC0415 - same

    runner = LocalCodeRunner(GuardedHttpClient())
    atexit.register(runner.close)
    return runner


def read_definition(path: Path) -> Definition:
    """Read a definition from a file.

    Raises: DefinitionError, FileAccessError
    """
    text = _read(path)
    return definition_from_json(text) if path.suffix == ".json" else definition_from_yaml(text)


def definition_from_yaml(text: bytes) -> Definition:
    """Read a definition from YAML.

    Raises: DefinitionError for text that is too large, no YAML, no JSON value, or of the wrong shape
    """
    if len(text) > MAX_DEFINITION_BYTES:
        raise _unreadable(f"the definition is larger than {MAX_DEFINITION_BYTES} bytes; split the workflow")
    try:
        value = read_yaml(text.decode("utf-8-sig")).value
    except UnicodeDecodeError as exc:
        raise _unreadable(f"this is not UTF-8 text: {exc.reason} at byte {exc.start}") from exc
    except YamlError as exc:
        raise _unreadable(f"this is not YAML that can be a definition: {exc}") from exc
    if value is None:
        raise _unreadable("the file is empty; write a workflow with name, trigger and steps")
    return definition_from(value)


def _unreadable(message: str) -> errors.DefinitionError:
    return errors.DefinitionError([Finding(INVALID_DEFINITION, "$", message)])


def _read(path: Path) -> bytes:
    """Read at most one byte more than a definition may have, whatever the file is."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_DEFINITION_BYTES + 1)
    except OSError as exc:
        raise FileAccessError(f"cannot read {path}: {exc.strerror}") from exc


def places_of(checked: Checked) -> Mapping[Finding, Place]:
    """Tell where in the file each finding stands, as far as that can be known.

    JSON is YAML here too. What is missing stands where its parent does.
    """
    if not checked.findings:
        return {}
    try:
        places = read_yaml(_read(checked.path).decode("utf-8-sig")).places
    except YamlError as exc:
        return dict.fromkeys(checked.findings, exc.place)
    except (UnicodeDecodeError, FileAccessError):
        return {}
    return {finding: place for finding in checked.findings if (place := _place(finding.path, places))}


def _place(path: str, places: Mapping[str, Place]) -> Place | None:
    while path not in places and path != "$":
        path = path[: max(path.rfind("."), path.rfind("["), 1)]
    return places.get(path)
