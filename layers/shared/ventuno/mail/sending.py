"""Send a letter once: it is noted that a message is about to leave, and then that it has left.

A server may take a message and the process end before it learns so. Nobody can tell then whether it was sent,
and it is not sent again by itself: the step fails and says so. Trying the run again by hand sends it again,
under the same Message-ID.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.effects import EffectState
from ventuno.mail.attachments import contents_of
from ventuno.mail.mime import envelope_of

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.effects import Effect
    from ventuno.mail.account import Account
    from ventuno.mail.letter import Letter
    from ventuno.outside import Outside


@dataclass(frozen=True, slots=True)
class Sending:
    """What is sent, under which key, and for the how manieth time a person asked for it."""

    letter: Letter
    account: Account
    key: str
    attempt: int
    now: datetime


class _NotedError(Exception):
    """Something is noted under the key already."""

    def __init__(self, effect: Effect) -> None:
        self.effect = effect
        super().__init__()


def send_once(sending: Sending, outside: Outside) -> str:
    """Send a letter and return its Message-ID; a letter that was sent before is not sent again.

    Raises: StepInputError, HttpTransportError, HttpAnswerError, MailTransportError, MailRefusedError,
    MailUnsureError, StoreUnavailableError
    """
    letter, key = sending.letter, sending.key
    leaving = _Leaving(sending, outside)
    try:
        contents = contents_of(letter.files, outside)
    except errors.StepError:
        return leaving.sent_before()  # it may have gone while the files could still be read
    envelope = envelope_of(letter, sending.account, contents, key, sending.now)
    try:
        message_id = outside.mail.send(sending.account, envelope, leaving.begin)
    except _NotedError as noted:
        return _settled(noted.effect, sending, outside)
    except errors.MailUnsureError:
        outside.effects.doubt(key, sending.attempt)
        raise
    except (errors.MailError, errors.StoreUnavailableError):
        return leaving.sent_before()
    outside.effects.finish(key, {"messageId": message_id})
    return message_id


class _Leaving:
    """The moment from which on a message may have been sent."""

    def __init__(self, sending: Sending, outside: Outside) -> None:
        self._sending = sending
        self._outside = outside
        self._begun = False

    def begin(self) -> None:
        """Note that the moment has come. Raises: _NotedError when it had come before"""
        noted = self._outside.effects.begin(self._sending.key, self._sending.attempt)
        if noted is not None:
            raise _NotedError(noted)
        self._begun = True

    def sent_before(self) -> str:
        """After an error, return the Message-ID that an earlier try sent; else raise the error again."""
        effects, sending = self._outside.effects, self._sending
        if self._begun:
            effects.take_back(sending.key)
            raise  # noqa: PLE0704 - called where an error is handled
        noted = effects.get(sending.key)
        if noted is None or not noted.keeps_from(sending.attempt):
            raise  # noqa: PLE0704 - as above
        return _settled(noted, sending, self._outside)


def _settled(noted: Effect, sending: Sending, outside: Outside) -> str:
    if noted.state is EffectState.DONE:
        result: Any = noted.result
        return str(result["messageId"])
    outside.effects.doubt(sending.key, sending.attempt)
    raise errors.MailUnsureError(
        "the message may have been sent: the process ended while the server was taking it. "
        "Look for it in the mailbox; to send it again, retry the run"
    )
