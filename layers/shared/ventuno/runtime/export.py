"""Write a version as a CloudFormation template, which makes the workflow in a deployment of Ventuno.

Its one resource is made by the function `api` through the product's own life cycle, so a stack that is
updated activates a new version, and one that is deleted archives the workflow. What the version compiles to,
and may do, stands beside it for whoever reviews the template.
Source: decisions, Lifecycle;
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from ventuno import errors
from ventuno.runtime.plan import permissions_of
from ventuno.runtime.validation import compile_checked

if TYPE_CHECKING:
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services
    from ventuno.workflow.limits import Limits

RESOURCE_TYPE: Final = "Custom::VentunoWorkflow"
MOST_BYTES: Final = 1_000_000
"""CloudFormation's limit for a template in S3."""


def export(slug: str, definition: Definition, limits: Limits, services: Services) -> JsonObject:
    """Write the template. Raises: DefinitionError, PayloadTooLargeError"""
    compiled = compile_checked(definition, services.objects, services.outside.code)
    template: JsonObject = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Workflow {slug}, for a deployment of Ventuno",
        "Metadata": {
            "Ventuno": {
                "Permissions": [*permissions_of(definition)],
                "Figures": {key: str(value) for key, value in compiled.figures.to_dict().items()},
                "StateMachine": compiled.machine,
            }
        },
        "Parameters": _parameters(slug, services.stage),
        "Resources": {"Workflow": _resource(definition, limits)},
        "Outputs": {
            "WorkflowId": _output("Id", "Id of the workflow"),
            "Version": _output("Version", "Number of the version that was made last"),
            "WebhookPath": _output("WebhookPath", "Path of the webhook, behind the address of the API"),
        },
    }
    size = len(json.dumps(template))
    if size > MOST_BYTES:
        raise errors.PayloadTooLargeError(
            f"the template has {size} bytes, CloudFormation takes {MOST_BYTES}; split the workflow"
        )
    return template


def _parameters(slug: str, stage: str) -> JsonObject:
    return {
        "Stage": {
            "Type": "String",
            "Default": stage,
            "AllowedPattern": "^[a-z][a-z0-9]{0,19}$",
            "Description": "Stage of the deployment, in this account and region",
        },
        "Slug": {
            "Type": "String",
            "Default": slug,
            "AllowedPattern": "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$",
            "Description": "Slug of the workflow",
        },
        "Activate": {
            "Type": "String",
            "Default": "true",
            "AllowedValues": ["true", "false"],
            "Description": "Whether triggers start the workflow",
        },
    }


def _resource(definition: Definition, limits: Limits) -> JsonObject:
    function = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:ventuno-${Stage}-api"
    return {
        "Type": RESOURCE_TYPE,
        "Properties": {
            "ServiceToken": {"Fn::Sub": function},
            "Slug": {"Ref": "Slug"},
            "Activate": {"Ref": "Activate"},
            # As text: CloudFormation would turn every number and boolean into a string.
            "Limits": json.dumps(limits.to_dict()),
            "Definition": json.dumps(definition.to_dict(), ensure_ascii=False),
        },
    }


def _output(attribute: str, description: str) -> JsonObject:
    return {"Description": description, "Value": {"Fn::GetAtt": ["Workflow", attribute]}}
