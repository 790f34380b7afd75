"""SES resources: a policy on identities is asked about the identity that a message comes from."""

import json
from typing import TYPE_CHECKING

from ministack.core import iam_actions

from ventuno_dev.emulator.fix import Fix, expect

if TYPE_CHECKING:
    from ventuno_dev.emulator.values import Json

_SENDING = "/v2/email/outbound-emails"


def _apply() -> None:
    expect(holds=hasattr(iam_actions, "_ses_v2_resource_arn"), what="iam_actions._ses_v2_resource_arn")
    original = iam_actions._ses_v2_resource_arn  # noqa: SLF001 - a fix reaches into MiniStack

    def resource_arn(method: str, path: str, body: bytes, region: str, account_id: str) -> str:
        if path.rstrip("/") != _SENDING:
            return str(original(method, path, body, region, account_id))
        try:
            fields: Json = json.loads(body or b"{}")
            sender = str(fields.get("FromEmailAddress") or "")
        except (ValueError, AttributeError):
            sender = ""
        return f"arn:aws:ses:{region}:{account_id}:identity/{sender}" if sender else "*"

    iam_actions._ses_v2_resource_arn = resource_arn  # noqa: SLF001 - as above


FIX = Fix(
    name="ses-resources",
    problem="A message that is sent is authorised as one of every identity, which no policy on some allows.",
    aws="SendEmail is authorised on the identity of the sender.",
    source="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html",
    apply=_apply,
)
