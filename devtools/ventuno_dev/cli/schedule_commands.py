"""`ventuno schedule preview`: when a schedule fires. Needs no stack."""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.options import JsonOption
from ventuno_dev.cli.tables import Table, table_text, terminal_width

if TYPE_CHECKING:
    from datetime import datetime

    from ventuno.triggers.cron import CronSettings

WhatArgument = Annotated[
    str, typer.Argument(metavar="WHAT", help="A definition's file, or a cron expression in quotes.")
]
ZoneOption = Annotated[
    str | None, typer.Option("--time-zone", help="Time zone, e.g. Europe/Rome, instead of the definition's.")
]
CountOption = Annotated[int, typer.Option("--count", min=1, max=1000, help="How many moments to show.")]
FromOption = Annotated[
    str | None, typer.Option("--from", help="Look from this instant on, ISO 8601, instead of now.")
]


def preview(
    what: WhatArgument,
    *,
    time_zone: ZoneOption = None,
    count: CountOption = 10,
    from_: FromOption = None,
    json: JsonOption = False,
) -> None:
    """Show the next moments at which a schedule fires, by the clock of its time zone and in UTC.

    Example: ventuno schedule preview "0 9 * * 1-5" --time-zone Europe/Rome
    """
    from ventuno.schedules.firing import fire_times  # noqa: PLC0415 - slow, and --help must not wait

    settings = _settings(what, time_zone)
    moments = list(islice(fire_times(settings.cron, settings.zone, _after(from_)), count))
    rows = [(_wall(moment, settings), f"{moment:%Y-%m-%d %H:%M}") for moment in moments]
    table = Table((settings.zone_name, "UTC"), rows)
    with Console(as_json=json) as console:
        console.answer(
            table_text(table, terminal_width()),
            {
                "expression": settings.expression,
                "timeZone": settings.zone_name,
                "fires": [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in moments],
            },
        )


def _settings(what: str, time_zone: str | None) -> "CronSettings":
    """Read the schedule and refuse one that activation would refuse."""
    from ventuno.actions.record_schemas import ModelSchemas  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.records.standard.registry import standard_model  # noqa: PLC0415 - as above
    from ventuno.schemas import ANY, Scope  # noqa: PLC0415 - as above
    from ventuno.triggers.cron import CronSettings, CronTrigger  # noqa: PLC0415 - as above

    written = _from_file(Path(what)) if Path(what).is_file() else {"type": "CUSTOM", "pattern": what}
    settings = CronSettings.model_validate(written | ({"timeZone": time_zone} if time_zone else {}))
    wrong = list(CronTrigger().check(settings, Scope(ModelSchemas(standard_model()), lambda _: ANY)))
    if wrong:
        raise typer.BadParameter("; ".join(finding.message for finding in wrong))
    return settings


def _from_file(file: Path) -> dict[str, object]:
    from ventuno_dev.definition_files import read_definition  # noqa: PLC0415 - slow, and --help must not wait

    trigger = read_definition(file).trigger
    if trigger.type != "CRON":
        raise typer.BadParameter(f"{file} starts by {trigger.type}, not by the clock")
    return dict(trigger.settings)


def _after(text: str | None) -> "datetime":
    from datetime import UTC, datetime  # noqa: PLC0415 - as the others

    from ventuno.adapters.system import SystemClock  # noqa: PLC0415 - slow, and --help must not wait

    if text is None:
        return SystemClock().now()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is no instant; write 2026-03-01T09:00Z') from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wall(moment: "datetime", settings: "CronSettings") -> str:
    return f"{moment.astimezone(settings.zone):%a %Y-%m-%d %H:%M}"
