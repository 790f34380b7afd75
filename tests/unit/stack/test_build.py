from __future__ import annotations

import io
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from ventuno_dev.stack import build
from ventuno_dev.stack.errors import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from ventuno_dev.stack.template import Template

TEMPLATE: Template = {
    "Resources": {
        "Fn": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "functions/fn/"}},
        "Layer": {"Type": "AWS::Serverless::LayerVersion", "Properties": {"ContentUri": "layers/shared"}},
        "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
    }
}
# Makes a layer with one package beside ours, and leaves a mark beside the cache's folders.
RECIPE = """
build-Layer:
\tmkdir -p $(ARTIFACTS_DIR)/python
\tcp -r ventuno $(ARTIFACTS_DIR)/python/
\trm -r $(ARTIFACTS_DIR)/python/ventuno/engine
\ttouch $(ARTIFACTS_DIR)/python/pydantic.py $(ARTIFACTS_DIR)/../made.log
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path / "functions/fn/app.py", "def lambda_handler(event, context): ...")
    write(tmp_path / "layers/shared/ventuno/__init__.py", "")
    write(tmp_path / "layers/shared/ventuno/engine/rules.py", "LIMIT = 3")
    write(tmp_path / "layers/shared/requirements.txt", "pydantic")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def built(project: Path, layer_cache: Path | None = None) -> dict[str, build.Artifact]:
    return {artifact.logical_id: artifact for artifact in build.build(TEMPLATE, project, layer_cache)}


def names(artifact: build.Artifact) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(artifact.body)).namelist()


def test_every_function_and_layer_becomes_one_artifact(project: Path) -> None:
    artifacts = built(project)

    assert sorted(artifacts) == ["Fn", "Layer"]


def test_a_function_holds_its_folder_and_the_layer_our_package_under_python(project: Path) -> None:
    artifacts = built(project)

    assert names(artifacts["Fn"]) == ["app.py"]
    assert names(artifacts["Layer"]) == ["python/ventuno/__init__.py", "python/ventuno/engine/rules.py"]


def test_a_whole_layer_is_what_its_makefile_makes(project: Path) -> None:
    write(project / "layers/shared/Makefile", RECIPE)
    artifacts = built(project, project / "cache")

    assert names(artifacts["Fn"]) == ["app.py"]
    assert names(artifacts["Layer"]) == ["python/pydantic.py", "python/ventuno/__init__.py"]


def test_a_whole_layer_is_made_once_for_the_same_sources(project: Path) -> None:
    write(project / "layers/shared/Makefile", RECIPE)
    first = built(project, project / "cache")
    (project / "cache/made.log").rename(project / "once.log")
    again = built(project, project / "cache")
    made_again = (project / "cache/made.log").exists()
    write(project / "layers/shared/requirements.txt", "pydantic==2")
    built(project, project / "cache")

    assert again == first
    assert not made_again
    assert (project / "cache/made.log").exists()


def test_a_failing_makefile_is_an_error_with_its_reason_and_leaves_no_layer(project: Path) -> None:
    write(project / "layers/shared/Makefile", "build-Layer:\n\t@echo no such package >&2; false\n")

    with pytest.raises(BuildError, match=r"make build-Layer failed in .*: no such package"):
        built(project, project / "cache")
    assert [path.suffix for path in (project / "cache").iterdir()] == [".tmp"]


def test_what_python_and_tools_leave_behind_is_left_out(project: Path) -> None:
    before = built(project)
    write(project / "functions/fn/__pycache__/app.cpython-313.pyc", "x")
    write(project / "functions/fn/old.pyc", "x")
    write(project / "layers/shared/ventuno/.mypy_cache/a.json", "{}")

    assert built(project) == before


def test_equal_sources_give_equal_bytes_whatever_their_times_and_modes(project: Path) -> None:
    before = built(project)
    handler = project / "functions/fn/app.py"
    os.utime(handler, (1_000_000_000, 1_000_000_000))
    handler.chmod(0o700)

    assert built(project) == before


def test_a_changed_function_changes_its_own_key_only(project: Path) -> None:
    before = built(project)
    write(project / "functions/fn/app.py", "changed = True")
    after = built(project)

    assert after["Fn"].key != before["Fn"].key
    assert after["Layer"].key == before["Layer"].key


@pytest.mark.parametrize("missing", ["functions/fn/app.py", "layers/shared/ventuno/__init__.py"])
def test_missing_code_is_an_error_that_names_the_place(project: Path, missing: str) -> None:
    (project / missing).unlink()

    with pytest.raises(BuildError, match="missing") as error:
        built(project)
    assert missing.rsplit("/", 1)[0] in str(error.value)
