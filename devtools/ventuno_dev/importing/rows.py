"""Rows of a CSV or JSON Lines file, one at a time, counted from 1; a broken one is given as its reason."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno import strict_json
from ventuno_dev.importing.errors import ImportFileError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

    from ventuno.json_value import JsonObject

JSON_SUFFIXES = frozenset({".jsonl", ".ndjson"})
_LONGEST_CELL = 1_000_000  # characters; csv allows 131,072, a rich text may be longer


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row: its number, and its values or why it has none."""

    number: int
    values: JsonObject
    refusal: str | None = None


def is_json_lines(file: Path) -> bool:
    """Tell by its name whether a file holds JSON Lines; anything else is CSV."""
    return file.suffix.lower() in JSON_SUFFIXES


def read_rows(file: Path) -> Iterator[SourceRow]:
    """Read the rows of a file.

    Raises: ImportFileError when the file is no text or has no header
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            yield from _json_rows(text) if is_json_lines(file) else _csv_rows(file, text)
    except UnicodeDecodeError as exc:
        raise ImportFileError(f"{file} is not UTF-8 text ({exc}): save it again as UTF-8") from exc


def count_rows(file: Path) -> int:
    """Count the rows of a file, to show how far an import is."""
    return sum(1 for _ in read_rows(file))


def _csv_rows(file: Path, text: TextIO) -> Iterator[SourceRow]:
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(text, strict=True)
    try:
        header = next(reader, [])
        if not any(header):
            raise ImportFileError(f"{file} is empty: its first line must name the columns")
        if len(set(header)) < len(header):
            raise ImportFileError(f"{file} names a column twice: {', '.join(header)}")
        cells = (row for row in reader if row)
        for number, row in enumerate(cells, 1):
            if len(row) == len(header):
                yield SourceRow(number, dict(zip(header, row, strict=True)))
            else:
                yield SourceRow(number, {}, f"has {len(row)} cells, and the header {len(header)}")
    except csv.Error as exc:
        raise ImportFileError(f"{file} line {reader.line_num} is no CSV: {exc}") from exc


def _json_rows(text: TextIO) -> Iterator[SourceRow]:
    lines = (line for line in text if line.strip())
    for number, line in enumerate(lines, 1):
        try:
            value = strict_json.parse(line)
        except ValueError as exc:
            yield SourceRow(number, {}, f"is no JSON: {exc}")
            continue
        if isinstance(value, dict):
            yield SourceRow(number, value)
        else:
            yield SourceRow(number, {}, "is no JSON object")
