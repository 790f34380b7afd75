"""`ventuno mails`: what was sent by SES on the local stack, where nothing leaves the machine."""

from typing import Annotated, Any

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.options import DataOption, JsonOption, target_of
from ventuno_dev.cli.tables import Table, listing
from ventuno_dev.stack.errors import NotRunningError, StackError
from ventuno_dev.stack.target import TargetKind

LastOption = Annotated[int, typer.Option("--last", "-n", min=1, help="How many, newest first.")]


def mails(*, last: LastOption = 20, data: DataOption = None, json: JsonOption = False) -> None:
    """List the e-mails that accounts of SES sent since the local stack was started; they go no further.

    Example: ventuno mails --last 5
    """
    target = target_of(data=data)
    if target.kind is not TargetKind.EMBEDDED:
        raise StackError("`ventuno mails` shows what the built-in stack keeps; others keep nothing of it")
    with Console(as_json=json) as console:
        sent = _sent(str(target.endpoint_url))[:last]
        rows = [(", ".join(one["to"]), one["subject"], one["from"], one["text"][:60]) for one in sent]
        table = Table(("TO", "SUBJECT", "FROM", "TEXT"), rows, folds=("TO", "SUBJECT", "TEXT"))
        text = listing(table, "nothing was sent yet")
        console.answer(text, {"mails": sent})


def _sent(endpoint: str) -> Any:  # noqa: ANN401 - JSON
    """Read the emulator's list, newest first. Raises: NotRunningError"""
    import httpx  # noqa: PLC0415 - slow, and --help must not wait

    try:
        answer = httpx.get(f"{endpoint}/_ministack/ses/messages", timeout=10)
        answer.raise_for_status()
    except httpx.HTTPError as error:
        raise NotRunningError(f"the local stack does not answer: `ventuno up` starts it ({error})") from error
    listed: Any = answer.json()
    messages = [one for account in listed["messages"].values() for one in account]
    return [
        {
            "to": [*one["To"], *one["CC"], *one["BCC"]],
            "from": one["Source"],
            "subject": one["Subject"],
            "text": one["BodyText"] or "",
            "html": one["BodyHtml"] or "",
            "messageId": one["MessageId"],
        }
        for one in sorted(messages, key=lambda one: one["Timestamp"], reverse=True)
    ]
