"""100,000 people imported into an emulator of its own, and what finding them costs; prints lines.

Line:   name value unit n
Usage:  python tests/bench/bench_records_import.py [number of people]
"""

from __future__ import annotations

import sys
import tempfile
import time
import uuid
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import boto3

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.contract.stores import table_properties
from tests.integration.emulator.emulator_process import running
from ventuno.adapters.dynamodb.records import DynamoRecordStore
from ventuno.adapters.system import SystemClock
from ventuno.filters.condition import Comparison, Operator
from ventuno.records.candidates import chunks
from ventuno.records.context import Actor, WriteContext
from ventuno.records.ordering import Direction, Sort
from ventuno.records.query import Query
from ventuno.records.service import RecordService
from ventuno.records.standard.registry import standard_model
from ventuno_dev.importing.importer import Importer, ImportPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from ventuno.records.query import Found

PEOPLE: Final = 100_000
PER_COMPANY: Final = 100
WRITE: Final = WriteContext(Actor("IMPORT", "Bench"))
COLUMNS: Final = {
    "first": "name.firstName",
    "last": "name.lastName",
    "email": "emails.primaryEmail",
    "title": "jobTitle",
    "company": "companyId",
}


def main(people: int) -> None:
    """Import and measure."""
    with running() as emulator, tempfile.TemporaryDirectory() as folder:
        client: Any = boto3.client(
            "dynamodb",
            endpoint_url=emulator.endpoint,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator accepts anything
        )
        client.create_table(TableName="records", **table_properties("Records"))
        requests: Counter[str] = Counter()
        client.meta.events.register("before-send.dynamodb", partial(_count, requests))
        store = DynamoRecordStore(client, "records")
        service = RecordService(standard_model(), store, SystemClock(), lambda: str(uuid.uuid4()))
        companies = [str(uuid.uuid4()) for _ in range(max(1, people // PER_COMPANY))]
        for some in chunks(companies, PER_COMPANY):
            service.create_many("company", [{"id": company} for company in some], WRITE)
        requests.clear()
        _import(service, requests, _file(Path(folder), people, companies), people)
        for name, query in _queries(companies).items():
            _find(name, partial(service.query, "person", query), requests)


def _count(requests: Counter[str], event_name: str, **_: Any) -> None:  # noqa: ANN401 - botocore's own
    requests[event_name.rpartition(".")[2]] += 1


def _file(folder: Path, people: int, companies: list[str]) -> Path:
    file = folder / "people.csv"
    with file.open("w", encoding="utf-8") as rows:
        rows.write(",".join(COLUMNS) + "\n")
        for number in range(people):
            title = "CTO" if number % 10 else "CEO"
            company = companies[number % len(companies)]
            rows.write(f"First{number},Last,person{number}@example.com,{title},{company}\n")
    return file


def _import(service: RecordService, requests: Counter[str], file: Path, people: int) -> None:
    plan = ImportPlan(standard_model().get("person"), file, COLUMNS)
    started = time.perf_counter()
    told = Importer(plan, service).run()
    seconds = time.perf_counter() - started
    if told.imported != people:
        raise SystemExit(f"only {told.imported} of {people} people were imported")
    _line("import.people", people / seconds, "people/s", people)
    for operation, count in sorted(requests.items()):
        _line(f"import.{operation}", count / people, "requests/person", people)


def _queries(companies: list[str]) -> dict[str, Query]:
    def where(path: str, operator: Operator, value: Any) -> Query:  # noqa: ANN401 - any JSON
        return Query(Comparison(tuple(path.split(".")), operator, value), limit=60)

    contains = Comparison(("jobTitle",), Operator.ILIKE, "%ceo%")
    newest = (Sort(("createdAt",), Direction.DESC_NULLS_LAST),)
    return {
        "find.unique": where("emails.primaryEmail", Operator.EQ, "person7@example.com"),
        "find.relation": where("companyId", Operator.EQ, companies[0]),
        "find.search": where("searchVector", Operator.SEARCH, "first77 last"),
        "find.contains": Query(contains, limit=60),
        "find.contains_uncounted": Query(contains, limit=60, counted=False),
        "find.sorted": Query(order=(Sort(("name", "firstName")),), limit=60),
        "find.newest": Query(order=newest, limit=60, counted=False),
        "find.count": Query(limit=60),
    }


def _find(name: str, find: Callable[[], Found], requests: Counter[str]) -> None:
    requests.clear()
    started = time.perf_counter()
    found = find()
    _line(name, (time.perf_counter() - started) * 1e3, "ms", 1)
    _line(f"{name}.reads", sum(requests.values()), "requests", 1)
    _line(f"{name}.rows", found.work.rows, "rows", 1)
    _line(f"{name}.total", found.total_count, "matches", 1)
    _line(f"{name}.scanned", int(found.scanned), "yes=1", 1)


def _line(name: str, value: float, unit: str, samples: int) -> None:
    sys.stdout.write(f"{name} {value:.3f} {unit} {samples}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE)
