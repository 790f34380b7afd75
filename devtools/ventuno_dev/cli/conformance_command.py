"""`ventuno conformance`: judge a file of cases from outside against our filters and expressions."""

import json as json_text
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ventuno_dev.cli.console import Console
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.options import JsonOption

if TYPE_CHECKING:
    from ventuno_dev.conformance import Report

KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help="step_filter, relative_date, find_records_filter or variable_resolution."
    ),
]
FileArgument = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help='{"now"?, "context"?, "cases"}.')
]


def conformance(kind: KindArgument, file: FileArgument, *, json: JsonOption = False) -> None:
    """Print each failing case, then how many passed; exit code 1 if any failed. Needs no stack.

    Example: ventuno conformance step_filter tests/vectors/step_filter.json
    """
    from ventuno_dev import conformance as judge  # noqa: PLC0415 - slow, and --help must not wait

    if kind not in judge.KINDS:
        raise typer.BadParameter(f'"{kind}" is no kind of cases; use one of {", ".join(judge.KINDS)}')
    try:
        report = judge.run(kind, file)
    except (ValueError, OSError) as exc:
        raise typer.BadParameter(f"{file} is no file of cases: {exc}") from exc
    value = _plain(report)
    with Console(as_json=json) as console:
        console.answer(_text(value), value)
    if report.failed:
        raise typer.Exit(ExitCode.FAILED)


def _plain(report: "Report") -> dict[str, Any]:
    """Make the report JSON, a value that JSON cannot hold its name."""
    plain: dict[str, Any] = json_text.loads(json_text.dumps(report.to_dict(), default=str))
    return plain


def _text(report: dict[str, Any]) -> str:
    failures = [f"FAILED {json_text.dumps(failure, ensure_ascii=False)}" for failure in report["failures"]]
    return "\n".join([*failures, f"{report['passed']} passed, {report['failed']} failed"])
