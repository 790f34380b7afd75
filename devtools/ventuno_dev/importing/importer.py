"""Import a file: batches of rows become records, refused rows lines of a report; it can be resumed.

Every row has a key made of the import's id and its number, so a row that was written before an interruption
is not written again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from ventuno import errors
from ventuno.records.context import Actor, WriteContext
from ventuno.records.input import normalised
from ventuno_dev.importing.mapping import mapping_for
from ventuno_dev.importing.progress_file import ProgressFile
from ventuno_dev.importing.rows import SourceRow, is_json_lines, read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import TextIO

    from ventuno.json_value import JsonObject
    from ventuno.records.model.object_type import ObjectType
    from ventuno.records.service import RecordService
    from ventuno_dev.importing.mapping import ColumnMapping

BATCH = 100
_ACTOR = Actor("IMPORT", "Import")


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What is imported, and how."""

    kind: ObjectType
    file: Path
    columns: Mapping[str, str]
    upsert: bool = False
    dry_run: bool = False

    @property
    def setup(self) -> str:
        """Return what makes the import another one."""
        return json.dumps([self.kind.name, dict(self.columns), self.upsert], sort_keys=True)


@dataclass(slots=True)
class ImportReport:
    """What came of it; `report` is the file of refused rows, if there are any."""

    rows: int = 0
    imported: int = 0
    refused: int = 0
    resumed_after: int = 0
    report: Path | None = None

    def to_value(self) -> JsonObject:
        """Return it as the command prints it."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "refused": self.refused,
            "resumedAfter": self.resumed_after,
            "report": str(self.report) if self.report else None,
        }


class Importer:
    """Runs one import; `advance` is called with the number of rows that were settled."""

    def __init__(
        self, plan: ImportPlan, records: RecordService, advance: Callable[[int], None] = lambda _: None
    ) -> None:
        self._plan = plan
        self._records = records
        self._advance = advance
        self._mapping: ColumnMapping | None = None
        self._told = ImportReport()

    def run(self) -> ImportReport:
        """Import the file.

        Raises: ImportFileError, StoreUnavailableError (call again, it goes on)
        """
        progress = ProgressFile.of(self._plan.file, self._plan.setup)
        if self._plan.dry_run:
            progress = ProgressFile(progress.path, progress.fingerprint, progress.id)
        else:
            progress.save()
        report = self._plan.file.with_name(f"{self._plan.file.name}.refused.jsonl")
        self._told.resumed_after = progress.done
        with report.open("a" if progress.done else "w", encoding="utf-8") as refused:
            self._advance(progress.done)
            for batch in _batches(self._rows_after(progress.done)):
                self._settle(batch, progress, refused)
        self._finish(progress, report)
        return self._told

    def _rows_after(self, done: int) -> Iterator[SourceRow]:
        return (row for row in read_rows(self._plan.file) if row.number > done)

    def _settle(self, batch: list[SourceRow], progress: ProgressFile, refused: TextIO) -> None:
        for row, reason in self._refusals(batch, progress.id):
            progress.refused += 1
            self._told.refused += 1
            line = {"row": row.number, "reason": reason, "values": row.values}
            refused.write(json.dumps(line, ensure_ascii=False) + "\n")
        refused.flush()
        self._told.rows += len(batch)
        progress.done = batch[-1].number
        if not self._plan.dry_run:
            progress.save()
        self._advance(len(batch))

    def _refusals(self, batch: list[SourceRow], import_id: str) -> Iterator[tuple[SourceRow, str]]:
        ready: list[tuple[SourceRow, JsonObject]] = []
        for row in batch:
            try:
                ready.append((row, self._checked(row)))
            except (ValueError, errors.RecordInputError) as exc:
                yield row, str(exc)
        if self._plan.dry_run:
            yield from self._only_checked(ready)
        elif ready and not (not self._plan.upsert and self._together(ready, import_id)):
            yield from self._one_by_one(ready, import_id)

    def _checked(self, row: SourceRow) -> JsonObject:
        if row.refusal is not None:
            raise ValueError(row.refusal)
        record = self._map(row).record(row.values)
        normalised(self._plan.kind, record)
        return record

    def _map(self, row: SourceRow) -> ColumnMapping:
        """Map the columns of the header once, of JSON Lines row by row."""
        from_text = not is_json_lines(self._plan.file)
        if self._mapping is None or not from_text:
            given = {c: p for c, p in self._plan.columns.items() if from_text or c in row.values}
            self._mapping = mapping_for(self._plan.kind, row.values, given, from_text=from_text)
        return self._mapping

    def _only_checked(self, ready: list[tuple[SourceRow, JsonObject]]) -> Iterator[tuple[SourceRow, str]]:
        """Check the relations of a batch in one request; row by row only when one of them is wrong."""
        try:
            self._records.check_many(self._plan.kind.name, [record for _, record in ready])
            self._told.imported += len(ready)
        except errors.RecordInputError as exc:
            if len(ready) == 1:
                yield ready[0][0], str(exc).removeprefix("[0] ")
                return
            for one in ready:
                yield from self._only_checked([one])

    def _together(self, ready: list[tuple[SourceRow, JsonObject]], import_id: str) -> bool:
        """Create a batch in few requests; False when one of its records is refused."""
        context = WriteContext(_ACTOR, f"import#{import_id}#{ready[0][0].number}-{ready[-1][0].number}")
        try:
            self._records.create_many(self._plan.kind.name, [record for _, record in ready], context)
        except (errors.RecordConflictError, errors.RecordInputError):
            return False
        self._told.imported += len(ready)
        return True

    def _one_by_one(
        self, ready: list[tuple[SourceRow, JsonObject]], import_id: str
    ) -> Iterator[tuple[SourceRow, str]]:
        write: Any = self._records.upsert if self._plan.upsert else self._records.create
        batch = f"import#{import_id}#{ready[0][0].number}-{ready[-1][0].number}"
        for index, (row, record) in enumerate(ready):
            try:
                # The same key as in the batch, so what a cut-off batch had written is found again.
                write(self._plan.kind.name, record, WriteContext(_ACTOR, f"{batch}#{index}"))
            except errors.TerminalStepError as exc:
                yield row, str(exc)
            else:
                self._told.imported += 1

    def _finish(self, progress: ProgressFile, report: Path) -> None:
        if progress.refused:
            self._told.report = report
        else:
            report.unlink(missing_ok=True)
        if not self._plan.dry_run:
            progress.remove()


def _batches(rows: Iterable[SourceRow]) -> Iterator[list[SourceRow]]:
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
