"""objects.yaml: the objects and fields that definitions in git are written for, beside the standard ones.

It lies in the folder of the definitions or in the one above; without a stack, definitions are judged by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import yaml

from ventuno import errors
from ventuno.records.custom.building import model_of
from ventuno.records.custom.declaration import declaration_from
from ventuno.records.standard.registry import STANDARD_OBJECTS

if TYPE_CHECKING:
    from pathlib import Path

    from ventuno.records.custom.declaration import ModelDeclaration
    from ventuno.records.model.object_model import ObjectModel

OBJECTS_FILE: Final = "objects.yaml"


class ObjectsFileError(errors.VentunoError):
    """A file is no declaration of objects."""


def read_declaration(file: Path) -> ModelDeclaration:
    """Read what a file declares.

    Raises: ObjectsFileError naming every wrong place
    """
    try:
        return declaration_from(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as exc:
        raise ObjectsFileError(f"{file} cannot be read as YAML: {exc}") from exc
    except errors.RecordInputError as exc:
        raise ObjectsFileError(f"{file}: {exc}") from exc


def objects_file_of(definition: Path) -> Path | None:
    """Return the file that declares the objects of a definition's folder, if there is one."""
    folder = definition.absolute().parent
    candidates = (folder / OBJECTS_FILE, folder.parent / OBJECTS_FILE)
    return next((file for file in candidates if file.is_file()), None)


def objects_of(definition: Path) -> ObjectModel | None:
    """Return the objects that a definition is written for; None stands for the standard objects alone.

    Raises: ObjectsFileError, RecordInputError
    """
    file = objects_file_of(definition)
    return model_of(STANDARD_OBJECTS, read_declaration(file)) if file else None
