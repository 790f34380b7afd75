from __future__ import annotations

import json
from pathlib import Path

import pytest

from ventuno_dev.stack import template
from ventuno_dev.stack.errors import BuildError

PROJECT = Path(__file__).resolve().parents[3]


def test_the_project_template_lists_its_functions_and_its_layer() -> None:
    found = template.sources(template.load(PROJECT), PROJECT)

    assert {source.folder.relative_to(PROJECT).as_posix() for source in found if not source.is_layer} == {
        "functions/trigger_webhook",
        "functions/step_runner",
        "functions/code_runner",
        "functions/api",
        "functions/run_events",
        "functions/record_events",
        "functions/scheduler",
    }
    assert [source.folder for source in found if source.is_layer] == [PROJECT / "layers/shared"]


def test_only_the_address_of_the_code_is_changed() -> None:
    original = template.load(PROJECT)
    packaged = json.loads(template.with_code(original, {"Api": "s3://bucket/key.zip"}))

    assert packaged["Resources"]["Api"]["Properties"].pop("CodeUri") == "s3://bucket/key.zip"
    assert original["Resources"]["Api"]["Properties"].pop("CodeUri") == "functions/api/"
    assert packaged == original


def test_short_tags_are_written_out_in_full() -> None:
    loaded = template.load(PROJECT)

    assert loaded["Outputs"]["ApiId"]["Value"] == {"Ref": "HttpApi"}
    assert loaded["Outputs"]["StepRunnerArn"]["Value"] == {"Fn::GetAtt": ["StepRunner", "Arn"]}


def test_a_template_that_is_not_yaml_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  a: b: c\n")

    with pytest.raises(BuildError, match=r"template.yaml is not YAML: .*line 2"):
        template.load(tmp_path)


def test_a_project_without_a_template_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="VENTUNO_PROJECT"):
        template.load(tmp_path)
