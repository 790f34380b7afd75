"""Scheduler resources: a policy on the schedules of a group is asked about that group."""

import json
from urllib.parse import unquote

from ministack.core import iam_actions

from ventuno_dev.emulator.fix import Fix, expect
from ventuno_dev.emulator.values import Json

_DEFAULT = ":schedule/default/"


def _group(body: bytes, query: dict[str, Json]) -> str:
    """Deleting and reading name the group in the query string, creating and updating in the body."""
    named = query.get("groupName")
    if named:
        return unquote(str(named[0] if isinstance(named, list) else named))
    try:
        return str(json.loads(body or b"{}").get("GroupName") or "default")
    except (ValueError, AttributeError):
        return "default"


def _apply() -> None:
    expect(holds=hasattr(iam_actions, "extract_resource_arn"), what="iam_actions.extract_resource_arn")
    extract = iam_actions.extract_resource_arn

    def extract_resource_arn(  # noqa: PLR0913, PLR0917 - MiniStack's own signature
        service: str,
        method: str,
        path: str,
        headers: dict[str, str],
        body: bytes,
        query_params: dict[str, Json],
        region: str,
        account_id: str,
    ) -> str:
        arn = str(extract(service, method, path, headers, body, query_params, region, account_id))
        if service == "scheduler" and _DEFAULT in arn:
            return arn.replace(_DEFAULT, f":schedule/{_group(body, query_params)}/", 1)
        return arn

    iam_actions.extract_resource_arn = extract_resource_arn


FIX = Fix(
    name="scheduler-resources",
    problem="Every schedule is authorised as one of the default group.",
    aws="A schedule's ARN is schedule/<group>/<name>.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html",
    apply=_apply,
)
