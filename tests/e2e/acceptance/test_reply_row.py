"""Acceptance row A5: a language model answers e-mail, on a server that speaks OpenAI's chat completions."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.e2e.acceptance.letters import text_of, to
from tests.e2e.runs import statuses
from tests.peers.web_server import Page
from ventuno import errors
from ventuno.runtime.secrets import store_secret

if TYPE_CHECKING:
    from tests.e2e.acceptance.desk import Desk
    from tests.peers.mail_server import MailServer
    from tests.peers.web_server import Peer

pytestmark = [pytest.mark.e2e, pytest.mark.row("A5")]

SLUG = "auto-reply"


def completion(text: str) -> Page:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 50, "completion_tokens": 9, "total_tokens": 59}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "choices": [choice], "usage": usage}
    return Page(json.dumps(body).encode())


@pytest.mark.parametrize(("reply", "sent"), [("We will call you tomorrow.", 1), ("SKIP", 0)])
def test_a_message_is_answered_in_its_thread_or_not_at_all(
    desk: Desk, mail: MailServer, peer: Peer, reply: str, sent: int
) -> None:
    sender, header_id = f"{uuid.uuid4().hex}@example.com", f"<{uuid.uuid4().hex}@example.com>"
    peer.pages["/v1/chat/completions"] = completion(reply)
    with suppress(errors.ConflictError):  # the other case stored it
        store_secret("MODEL_KEY", f"key-{uuid.uuid4().hex}", desk.product.services)
    desk.switch_on(SLUG, {"https://models.example": peer.url, "{seconds: 10}": "{seconds: 1}"})
    desk.created("messages", subject="Own", text="Sent by us", direction="OUTGOING")
    message = desk.created(
        "messages",
        subject="A question",
        text="When will you call?",
        direction="INCOMING",
        headerMessageId=header_id,
    )
    desk.created("messageParticipants", messageId=message["id"], role="FROM", handle=sender)
    (view,) = desk.runs(SLUG)
    answers = to(mail, sender)

    assert view["state"]["stepInfos"]["trigger"]["result"]["recordId"] == message["id"]
    assert (view["status"], statuses(view)["send"]) == ("COMPLETED", "SUCCESS" if sent else "SKIPPED")
    assert "When will you call?" in json.loads(peer.seen[0].body)["messages"][-1]["content"]
    assert len(answers) == sent
    assert [answer["In-Reply-To"] for answer in answers] == [header_id] * sent
    assert [answer["Subject"] for answer in answers] == ["Re: A question"] * sent
    assert [reply in text_of(answer) for answer in answers] == [True] * sent
