"""Acceptance row A25: a delay that the stack does not live through, on a stack of its own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from tests.e2e.acceptance.desk import ACCOUNT, Desk, key_of
from tests.e2e.acceptance.letters import to
from tests.e2e.conftest import declare_objects, start
from tests.e2e.power_cut import cut_power
from tests.e2e.runs import product_of
from tests.fakes.progress import Silent
from tests.peers.mail_server import mail_server
from ventuno_dev.stack import process

if TYPE_CHECKING:
    from pathlib import Path

    from tests.peers.mail_server import MailServer

pytestmark = pytest.mark.e2e

SLUG = "follow-up-after-meeting"
SHORTER = {"duration: {days: 3}": "duration: {seconds: 8}"}


def a_meeting_of(desk: Desk, email: str, mail: MailServer) -> str:
    """Enter a meeting whose guest has this address, and return the run that waits."""
    desk.product.services.outside.mailbox.add_account(mail.account(id=ACCOUNT, security="NONE"))
    guest = desk.created("people", emails={"primaryEmail": email}, name={"firstName": "Ada"})
    desk.switch_on(SLUG, SHORTER)
    meeting = desk.created("meetings", title="Offer", guestId=guest["id"])
    desk.until(lambda: desk.run_ids(SLUG, meeting["id"]), "the meeting starts a run")
    (run_id,) = desk.run_ids(SLUG, meeting["id"])
    desk.until(lambda: desk.step_of(run_id, "wait")["status"] == "PENDING", "the run waits")
    return run_id


@pytest.mark.row("A25")
def test_a_guest_is_thanked_once_after_the_delay_though_the_stack_was_killed_meanwhile(
    tmp_path: Path, told: dict[str, object]
) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    with mail_server() as mail:
        try:
            target = start(tmp_path).target
            declare_objects(target)
            product = product_of(target)
            desk = Desk(product, key_of(product))
            run_id = a_meeting_of(desk, email, mail)
            waiting = desk.step_of(run_id, "wait")["waitingFor"]
            sent_before = len(mail.received)
            cut_power(tmp_path, product)
            again = Desk(product_of(start(tmp_path).target), desk.token)
            view = again.finished(run_id)
            told.update(again.figures())
        finally:
            process.stop(tmp_path, Silent())
    (message,) = to(mail, email)
    step = view["state"]["stepInfos"]["send"]

    assert (waiting["type"], sent_before, view["status"]) == ("DELAY", 0, "COMPLETED")
    assert datetime.fromisoformat(step["startedAt"]) >= datetime.fromisoformat(waiting["until"])
    assert message["subject"] == "About Offer"
