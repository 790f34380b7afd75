"""Answer CloudFormation at the address that its event names.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Final

from ventuno import errors

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject

_TIMEOUT_SECONDS: Final = 10


def answer_stack(url: str, body: JsonObject) -> None:
    """Put the answer there. Raises: StoreUnavailableError, so that Lambda delivers the event again"""
    if not url.startswith(("https://", "http://")):
        raise errors.ConfigurationError("the event of CloudFormation names no address to answer at")
    sent = json.dumps(body).encode()
    # The address is signed without a content type, so none may be sent.
    request = urllib.request.Request(url, data=sent, method="PUT", headers={"content-type": ""})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310 - checked above
            return
    except (urllib.error.URLError, TimeoutError) as error:
        raise errors.StoreUnavailableError(f"CloudFormation could not be answered: {error}") from error
