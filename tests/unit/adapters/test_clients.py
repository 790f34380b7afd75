"""Clients: what every request of ours to AWS looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config

from ventuno.bootstrap import Clients
from ventuno.runtime.call_counter import CallCounter

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest


class _Raw:
    def stream(self, *_: Any, **__: Any) -> list[bytes]:  # noqa: ANN401 - urllib3's signature
        return [b'{"TableNames": []}']


@pytest.mark.parametrize("config", [None, Config(retries={"total_max_attempts": 1})])
def test_requests_are_counted_and_name_us_in_a_text_written_once(config: Config | None) -> None:
    calls, sent = CallCounter(), []

    def answer(request: AWSPreparedRequest, **_: Any) -> AWSResponse:  # noqa: ANN401 - botocore's signature
        sent.append(request.headers["User-Agent"])
        return AWSResponse(request.url, 200, HTTPHeaders(), _Raw())

    session = boto3.Session("test", "test", region_name="eu-west-1")
    client = Clients(calls, session).get("dynamodb", config)
    client.meta.events.register("before-send", answer)
    client.list_tables()

    assert calls.counts() == {"dynamodb:ListTables": 1}
    assert len(sent) == 1
    assert "Ventuno Botocore/" in str(sent)
    assert "lang/python" not in str(sent)
