"""Build artifacts as `sam build` lays them out, without SAM: equal sources give equal bytes and one name.

A function's zip holds its folder, the layer's zip the `ventuno` package under `python/`. For every target but
the embedded emulator, whose interpreter has them, they hold their third-party packages too.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno_dev.stack import recipe
from ventuno_dev.stack import template as templates
from ventuno_dev.stack.errors import BuildError
from ventuno_dev.stack.files import files_below

if TYPE_CHECKING:
    from pathlib import Path

HANDLER_FILE = "app.py"
RECIPE = "Makefile"
PACKAGE = "ventuno"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time that a zip can hold
_FILE_MODE = 0o644 << 16
_LAYER_ROOT = "python"


@dataclass(frozen=True, slots=True)
class Artifact:
    """One zip, ready to upload; `key` changes exactly when its bytes do."""

    logical_id: str
    body: bytes
    key: str


def build(template: templates.Template, project: Path, layer_cache: Path | None = None) -> list[Artifact]:
    """Build every function and layer of the template; with `layer_cache` they are whole.

    Raises: BuildError if a folder lacks its code
    """
    return [_artifact(source, layer_cache) for source in templates.sources(template, project)]


def _artifact(source: templates.Source, layer_cache: Path | None) -> Artifact:
    files = _layer_files if source.is_layer else _function_files
    body = zipped(files(source, layer_cache))
    digest = hashlib.sha256(body).hexdigest()[:32]
    return Artifact(source.logical_id, body, f"{source.logical_id}/{digest}.zip")


def _function_files(source: templates.Source, cache: Path | None) -> dict[str, Path]:
    if not (source.folder / HANDLER_FILE).is_file():
        raise BuildError(
            f"{source.folder / HANDLER_FILE} is missing: write the handler of {source.logical_id}"
        )
    if cache and (source.folder / RECIPE).is_file():
        return _files_below(recipe.built(source.folder, source.logical_id, cache))
    return _sources_below(source.folder)


def _layer_files(source: templates.Source, cache: Path | None) -> dict[str, Path]:
    if not (source.folder / PACKAGE / "__init__.py").is_file():
        raise BuildError(f"{source.folder / PACKAGE} is missing: the layer has nothing to carry")
    if cache:
        return _files_below(recipe.built(source.folder, source.logical_id, cache))
    ours = _sources_below(source.folder / PACKAGE)
    return {f"{_LAYER_ROOT}/{PACKAGE}/{name}": path for name, path in ours.items()}


def _sources_below(folder: Path) -> dict[str, Path]:
    return {name: path for name, path in files_below(folder) if path.suffix != ".pyc"}


def _files_below(folder: Path) -> dict[str, Path]:
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return dict(sorted(found.items()))


def zipped(files: dict[str, Path]) -> bytes:
    """Zip files by name, with a fixed time and mode, so that the bytes depend on names and contents alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _FILE_MODE
            archive.writestr(entry, files[name].read_bytes())
    return buffer.getvalue()
