"""Read template.yaml and point its code at uploaded artifacts; nothing else of it is ever changed."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno_dev.stack.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "template.yaml"
# SAM resource type → the property that names its folder.
CODE_PROPERTY = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
}

Template = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A folder of the template that becomes one artifact."""

    logical_id: str
    folder: Path
    is_layer: bool


def load(project: Path) -> Template:
    """Parse the template, short tags written out in full.

    Raises: BuildError if the project has none or it cannot be read
    """
    from samtranslator.yaml_helper import yaml_parse  # noqa: PLC0415 - not needed by most commands
    from yaml import YAMLError  # noqa: PLC0415 - as above

    path = project / FILE_NAME
    if not path.is_file():
        raise BuildError(f"{path} is missing: run from a checkout of Ventuno or set VENTUNO_PROJECT to one")
    try:
        template: Template = yaml_parse(path.read_text())
    except YAMLError as exc:
        raise BuildError(f"{path} is not YAML: {' '.join(str(exc).split())}") from exc
    return template


def sources(template: Template, project: Path) -> list[Source]:
    """List the folders that must be built, in the template's order."""
    return [
        Source(logical_id, project / str(resource["Properties"][key]), is_layer=key == "ContentUri")
        for logical_id, resource in template["Resources"].items()
        if (key := CODE_PROPERTY.get(resource["Type"]))
    ]


def with_code(template: Template, uris: Mapping[str, str]) -> str:
    """Return the template as compact JSON with each CodeUri or ContentUri replaced by its S3 address."""
    packaged = copy.deepcopy(template)
    for logical_id, uri in uris.items():
        resource = packaged["Resources"][logical_id]
        resource["Properties"][CODE_PROPERTY[resource["Type"]]] = uri
    return json.dumps(packaged, separators=(",", ":"), ensure_ascii=False)
