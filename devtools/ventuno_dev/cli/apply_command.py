"""`ventuno apply`: store definitions as drafts, all of them or, when one has an error, none."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ventuno_dev.cli.connected import Stack, connected
from ventuno_dev.cli.exit_codes import ExitCode
from ventuno_dev.cli.findings_text import checked_text, total_text
from ventuno_dev.cli.start_text import HowToStart, how_to_start
from ventuno_dev.cli.tables import Table, table_text, terminal_width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ventuno.json_value import JsonObject
    from ventuno.runtime.apply import Applied
    from ventuno_dev.definition_files import Checked

PathsArgument = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", exists=True, help="Definitions as YAML or JSON, or folders of them."),
]
ActivateOption = Annotated[
    bool, typer.Option("--activate", help="Activate every workflow that has a draft afterwards.")
]
SlugOption = Annotated[
    str | None, typer.Option("--slug", help="Slug of a single file's workflow (default: the file's stem).")
]
DraftOption = Annotated[bool, typer.Option("--draft", help="Store drafts even if they have errors.")]


@dataclass(frozen=True, slots=True)
class _Done:
    """What happened to one file. `start` is set when its workflow was activated."""

    checked: "Checked"
    applied: "Applied"
    outcome: str
    start: HowToStart | None = None

    def to_dict(self) -> "JsonObject":
        return {
            "file": str(self.checked.path),
            "slug": self.applied.workflow.slug,
            "id": self.applied.workflow.id,
            "version": self.applied.version.number,
            "outcome": self.outcome,
            "activated": self.start is not None,
            "start": self.start.to_dict() if self.start else None,
            "findings": [finding.to_dict() for finding in self.checked.findings],
        }

    def row(self) -> tuple[str, ...]:
        state = "activated" if self.start else self.outcome
        version = f"v{self.applied.version.number}"
        return (str(self.checked.path), self.applied.workflow.slug, version, self.outcome, state)


@connected
def apply(
    stack: Stack,
    paths: PathsArgument,
    *,
    activate: ActivateOption = False,
    slug: SlugOption = None,
    draft: DraftOption = False,
) -> None:
    """Store definitions as drafts of their workflows; if one has an error, nothing is stored (exit code 1).

    Example: ventuno apply workflows/ --activate
    """
    from ventuno_dev.definition_files import check_file, find_files  # noqa: PLC0415 - slow, and --help must not wait

    if draft and activate:
        raise typer.BadParameter("--draft and --activate contradict each other")
    files = find_files(paths)
    slugs = slugs_of(files, slug)
    checked = [check_file(file, stack.services.objects) for file in files]
    refused = [each for each in checked if each.definition is None or not (draft or each.valid)]
    if refused:
        _refuse(stack, refused)
    _refuse_archived(stack, slugs.values())
    done = [_apply(stack, each, slugs[each.path], activate=activate) for each in checked]
    stack.console.answer(_text(done), {"applied": [each.to_dict() for each in done], "refused": []})


def slugs_of(files: list[Path], slug: str | None) -> dict[Path, str]:
    """Give every file its slug. Raises: BadParameter"""
    from ventuno.runtime.apply import SLUG  # noqa: PLC0415 - slow, and --help must not wait

    if slug is not None and len(files) != 1:
        raise typer.BadParameter(f"--slug names one workflow, but there are {len(files)} files")
    by_slug: dict[str, Path] = {}
    for file in files:
        name = slug or file.stem
        if not SLUG.fullmatch(name):
            raise typer.BadParameter(
                f'"{name}" of {file} is no slug: use 1 to 40 of a-z, 0-9 and inner hyphens, or give --slug'
            )
        if name in by_slug:
            raise typer.BadParameter(f"{by_slug[name]} and {file} would both be the workflow {name}")
        by_slug[name] = file
    return {file: name for name, file in by_slug.items()}


def _refuse_archived(stack: Stack, slugs: "Iterable[str]") -> None:
    """Refuse all where one workflow was put away, before anything is stored. Raises: WorkflowStatusError"""
    from ventuno.runtime.apply import refuse_archived  # noqa: PLC0415 - slow, and --help must not wait

    for slug in slugs:
        workflow = stack.services.workflows.find(slug)
        if workflow is not None:
            refuse_archived(workflow)


def _refuse(stack: Stack, refused: "list[Checked]") -> None:
    from ventuno_dev.definition_files import places_of  # noqa: PLC0415 - slow, and --help must not wait

    parts = [checked_text(each, places_of(each), terminal_width()) for each in refused]
    text = "\n".join(
        [*parts, f"nothing was applied: {total_text(refused)}", *objects_hint(each.path for each in refused)]
    )
    values = [{"file": str(each.path), **each.to_dict()} for each in refused]
    stack.console.answer(text, {"applied": [], "refused": values})
    raise typer.Exit(ExitCode.FAILED)


def objects_hint(refused: "Iterable[Path]") -> list[str]:
    """Name the files that declare what the stack may not have yet, of definitions that were refused."""
    from ventuno_dev.objects_file import objects_file_of  # noqa: PLC0415 - slow, and --help must not wait

    files = {str(file) for each in refused if (file := objects_file_of(each))}
    return [
        f"if objects or fields are unknown: ventuno objects apply {os.path.relpath(file)}"
        for file in sorted(files)
    ]


def _apply(stack: Stack, checked: "Checked", slug: str, *, activate: bool) -> _Done:
    from ventuno.runtime.activate import activate as activate_workflow  # noqa: PLC0415 - slow, and --help must not wait
    from ventuno.runtime.apply import apply_definition  # noqa: PLC0415 - slow, and --help must not wait

    services = stack.services
    if checked.definition is None:
        raise AssertionError("files without a definition are refused before")
    known = services.workflows.find(slug) is not None
    applied = apply_definition(slug, checked.definition, services)
    outcome = ("changed" if known else "created") if applied.changed else "unchanged"
    stack.console.detail(f"{slug}: {outcome}")
    if not activate or applied.workflow.draft_number is None:
        return _Done(checked, applied, outcome)
    active = activate_workflow(applied.workflow, services)
    return _Done(checked, applied, outcome, how_to_start(active, stack.api_url, services.workspace_id))


def _text(done: list[_Done]) -> str:
    from ventuno_dev.definition_files import places_of  # noqa: PLC0415 - slow, and --help must not wait

    width = terminal_width()
    found = [
        checked_text(each.checked, places_of(each.checked), width) for each in done if each.checked.findings
    ]
    table = Table(
        ("FILE", "SLUG", "VERSION", "DRAFT", "NOW"), [each.row() for each in done], folds=("FILE", "SLUG")
    )
    starts = [f"{each.applied.workflow.slug}\n{each.start.text()}" for each in done if each.start]
    return "\n".join([*found, table_text(table, width), *starts, *_next(done)])


def _next(done: list[_Done]) -> list[str]:
    """Say what drafts are for, by the example of one."""
    drafts = [each.applied.workflow for each in done if each.applied.workflow.draft_number and not each.start]
    slug = drafts[0].slug if drafts else ""
    return [f"Next  ventuno test {slug} --follow", f"Next  ventuno activate {slug}"] if drafts else []
