from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ventuno import errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.functional.cli.conftest import CommandLine
    from ventuno.records.store import RowChange

CSV = """Name,E-mail,Title,Ignored
Ada,ada@example.com,CTO,x
Grace,grace@example.com,CEO,x
"""
MAP = ("--map", "Name=name.firstName", "--map", "E-mail=emails.primaryEmail", "--map", "Title=jobTitle")
SKIP = ("--map", "Ignored=")


def written(ventuno: CommandLine, name: str, text: str) -> str:
    path = ventuno.folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def people(ventuno: CommandLine) -> list[Any]:
    return list(ventuno.world.services.records.find("person").records)


def test_a_csv_file_becomes_records(ventuno: CommandLine) -> None:
    file = written(ventuno, "people.csv", "\ufeff" + CSV)
    ended = ventuno("records", "import", "people", file, *MAP, *SKIP)
    ada = next(person for person in people(ventuno) if person["jobTitle"] == "CTO")

    assert (ended.code, ended.out) == (0, "imported 2 records\n")
    assert ada["name"]["firstName"] == "Ada"
    assert ada["emails"]["primaryEmail"] == "ada@example.com"
    assert ada["createdBy"]["source"] == "IMPORT"
    assert [path.name for path in ventuno.folder.iterdir()] == ["people.csv"]


def test_json_lines_keep_their_types(ventuno: CommandLine) -> None:
    lines = [{"name": "Deal", "amount": {"amountMicros": 5}}, {"name": "Other", "stage": "MEETING"}]
    file = written(ventuno, "deals.jsonl", "\n".join(json.dumps(line) for line in lines))
    ended = ventuno("records", "import", "opportunity", file, "--json")
    records = ventuno.world.services.records.find("opportunity").records
    by_name: Any = {record["name"]: record for record in records}

    assert ended.value == {"rows": 2, "imported": 2, "refused": 0, "resumedAfter": 0, "report": None}
    assert by_name["Deal"]["amount"]["amountMicros"] == 5
    assert by_name["Other"]["stage"] == "MEETING"


def test_cells_are_read_as_their_fields_read(ventuno: CommandLine) -> None:
    text = (
        'name,annualRevenue.amountMicros,domainName.secondaryLinks\nAcme,12.5,"[{""url"": ""a.example""}]"\n'
    )
    ventuno("records", "import", "companies", written(ventuno, "c.csv", text))
    (company,) = ventuno.world.services.records.find("company").records
    shown: Any = company

    assert shown["annualRevenue"]["amountMicros"] == 12.5
    assert shown["domainName"]["secondaryLinks"][0]["url"] == "a.example"


def test_refused_rows_are_reported_and_the_others_imported(ventuno: CommandLine) -> None:
    header = "name,annualRevenue.amountMicros,domainName.primaryLinkUrl"
    text = f"{header}\na,x,\nb,1,\nc,2,c.example\nd,3,c.example\ne\n"
    ended = ventuno("records", "import", "companies", written(ventuno, "c.csv", text))
    report = (ventuno.folder / "c.csv.refused.jsonl").read_text().splitlines()
    refused = [(line["row"], line["reason"]) for line in map(json.loads, report)]

    assert ended.code == 1
    assert "imported 2 records; refused 3 rows" in ended.out
    assert {record["name"] for record in ventuno.world.services.records.find("company").records} == {"b", "c"}
    assert sorted(row for row, _ in refused) == [1, 4, 5]
    assert any("must be a number" in reason for _, reason in refused)
    assert any("There is already a company" in reason for _, reason in refused)
    assert any("has 1 cells, and the header 3" in reason for _, reason in refused)


@pytest.mark.parametrize("option", [(), ("--dry-run",)])
def test_a_row_that_points_to_nothing_is_refused_alone(ventuno: CommandLine, option: tuple[str, ...]) -> None:
    text = "jobTitle,companyId\nCTO,\nCEO,00000000-0000-4000-8000-000000000000\n"
    ended = ventuno("records", "import", "people", written(ventuno, "p.csv", text), *option)
    (refused,) = (ventuno.folder / "p.csv.refused.jsonl").read_text().splitlines()

    assert ended.code == 1
    assert "1 record; refused 1 row" in ended.out
    assert (json.loads(refused)["row"], "companyId points to no record" in refused) == (2, True)


def test_an_upsert_updates_what_is_there(ventuno: CommandLine) -> None:
    file = written(ventuno, "people.csv", CSV)
    ventuno("records", "import", "people", file, *MAP, *SKIP)
    changed = written(ventuno, "again.csv", CSV.replace("CTO", "COO"))
    ended = ventuno("records", "import", "people", changed, *MAP, *SKIP, "--upsert")

    assert ended.out == "imported 2 records\n"
    assert sorted(person["jobTitle"] for person in people(ventuno)) == ["CEO", "COO"]


def test_a_dry_run_writes_nothing(ventuno: CommandLine) -> None:
    file = written(ventuno, "people.csv", CSV)
    ended = ventuno("records", "import", "people", file, *MAP, *SKIP, "--dry-run")

    assert ended.out == "checked 2 records\n"
    assert people(ventuno) == []
    assert [path.name for path in ventuno.folder.iterdir()] == ["people.csv"]


def test_the_same_file_can_be_imported_twice(ventuno: CommandLine) -> None:
    file = written(ventuno, "notes.csv", "title\na\n")
    for _ in range(2):
        assert ventuno("records", "import", "notes", file).code == 0

    assert ventuno.world.services.records.find("note").total_count == 2


def test_an_interrupted_import_goes_on_where_it_stopped(
    ventuno: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(ventuno, "notes.csv", "title\n" + "".join(f"note {number}\n" for number in range(350)))
    store = ventuno.world.records
    write, writes = store.write, 0

    def failing(changes: Sequence[RowChange]) -> None:
        nonlocal writes
        writes += 1
        if writes == 7:
            raise errors.StoreUnavailableError("the store is away")
        write(changes)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write", failing)
        interrupted = ventuno("records", "import", "notes", file)
    resumed = ventuno("records", "import", "notes", file)
    notes = ventuno.world.services.records.find("note", limit=1000)

    assert interrupted.code == 1
    assert "went on after row 100" in resumed.out
    assert notes.total_count == 350
    assert {note["title"] for note in notes.records} == {f"note {number}" for number in range(350)}


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("nmae\nx\n", (), "did you mean name?"),
        ("name\nx\n", ("--map", "nme=name"), "which the file has not (did you mean name?)"),
        ("name\nx\n", ("--map", "name"), "must be COLUMN=FIELD"),
        ("a.b\nx\n", (), "a is not a field"),
        ("name,name\nx,y\n", (), "names a column twice"),
        ("", (), "must name the columns"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_as_a_whole(
    ventuno: CommandLine, text: str, options: tuple[str, ...], message: str
) -> None:
    ended = ventuno("records", "import", "companies", written(ventuno, "c.csv", text), *options)

    assert ended.code != 0
    assert message in ended.err
    assert ventuno.world.services.records.find("company").total_count == 0


def test_text_that_is_not_utf_8_is_refused(ventuno: CommandLine) -> None:
    path: Path = ventuno.folder / "c.csv"
    path.write_bytes(b"name\n\xff\xfe\n")

    assert "not UTF-8" in ventuno("records", "import", "companies", str(path)).err
