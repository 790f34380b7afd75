"""The arrows between packages hold, read from the source and seen in a fresh interpreter.

Source: architecture, The tree; style, Arrows and Size
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
VENTUNO = ROOT / "layers/shared/ventuno"
SOURCES = [ROOT / name for name in ("layers", "functions", "devtools")]

PURE = (
    "actions",
    "agent",
    "compiler",
    "definition",
    "engine",
    "expressions",
    "filters",
    "mail",
    "logic",
    "outgoing",
    "pages",
    "records",
    "runs",
    "sandbox",
    "schedules",
    "schemas",
    "triggers",
)
NO_AWS = ("boto3", "botocore", "aws_lambda_powertools", "aws_xray_sdk")

FOUNDATION = {"errors", "json_value", "refusals", "spelling", "strict_json", "wire"}
ALLOWED: dict[str, set[str]] = {
    "expressions": set(),
    "filters": {"expressions"},
    "schedules": set(),
    "schemas": {"expressions"},
    "definition": {"expressions", "schemas"},
    "engine": {"definition"},
    "compiler": {"definition"},
    "records": {"filters"},
    # runs: how values are stored
    "logic": {"runs", "sandbox"},
    "outgoing": set(),
    # records: their types say what an e-mail address is; outgoing: files that are read from addresses
    "mail": {"effects", "expressions", "outgoing", "records"},
    "pages": set(),
    "sandbox": {"outgoing"},
    # filters, records: what the tools of an agent search and write
    "agent": {"filters", "records"},
    "actions": {
        "agent",
        "definition",
        "engine",
        "expressions",
        "filters",
        "mail",
        "logic",
        "outgoing",
        "records",
        "sandbox",
        "schemas",
    },
    # actions: a trigger's filter is judged as that of a FILTER step; records: whose events are triggers
    "triggers": {"actions", "definition", "expressions", "filters", "records", "schedules", "schemas"},
    "access": set(),
    "runs": {"definition", "engine"},
    "workflow": {"access", "definition", "runs"},
    "outside": {"agent", "outgoing", "sandbox"},
    # compiler: what a machine must be allowed, which the port turns into its role
    "execution_ports": {"compiler", "schedules"},
    "ports": {"access", "engine", "runs", "schedules", "workflow"},
    "runtime": {
        "access",
        "actions",
        "agent",
        "compiler",
        "definition",
        "effects",
        "engine",
        "execution_ports",
        "expressions",
        "filters",
        "mail",
        "logic",
        "outgoing",
        "outside",
        "pages",
        "ports",
        "records",
        "runs",
        "schemas",
        "triggers",
        "workflow",
    },
    # the compiler: its placeholder for the function's ARN is filled in where machines are created
    "adapters": {
        "agent",
        "compiler",
        "definition",
        "effects",
        "engine",
        "execution_ports",
        "mail",
        "logic",
        "outgoing",
        "outside",
        "ports",
        "records",
        "runs",
        "sandbox",
        "workflow",
    },
    "code_bootstrap": {"adapters"},
    "assembly": {"adapters", "later", "mail", "records"},
    "bootstrap": {"assembly", "later", "outside", "runtime", "workflow"},
    "later": set(),
    "effects": set(),
    "errors": set(),
    "json_value": set(),
    "refusals": set(),
    "spelling": set(),
    "strict_json": set(),
    "wire": set(),
}
"""What a part of ventuno may import at run time, beside itself and the foundation."""


def _files(*roots: Path) -> list[Path]:
    return sorted(file for root in roots for file in root.rglob("*.py"))


def _imports(file: Path, *, types_too: bool) -> Iterator[str]:
    """Yield the dotted names a file imports; those for type checkers only are left out on request."""
    todo: list[ast.AST] = [ast.parse(file.read_text())]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not types_too:
            todo += node.orelse
        else:
            todo += ast.iter_child_nodes(node)


def _part(file: Path) -> str:
    return file.relative_to(VENTUNO).parts[0].removesuffix(".py")


@pytest.mark.parametrize("part", sorted(ALLOWED))
def test_a_part_imports_only_what_the_arrows_allow(part: str) -> None:
    allowed = ALLOWED[part] | FOUNDATION | {part}
    imported = {
        (name.split(".")[1], file.name)
        for file in _files(VENTUNO)
        if _part(file) == part
        for name in _imports(file, types_too=False)
        if name.startswith("ventuno.")
    }

    assert {found for found in imported if found[0] not in allowed} == set()


def test_every_part_of_the_package_has_its_row_in_the_table() -> None:
    parts = {_part(file) for file in _files(VENTUNO)} - {"__init__"}

    assert parts == set(ALLOWED)


@pytest.mark.parametrize("part", [part for part in sorted(ALLOWED) if part not in ("adapters", "bootstrap")])
def test_only_adapters_and_bootstrap_import_the_aws_sdk(part: str) -> None:
    imported = {
        name.split(".")[0]
        for file in _files(VENTUNO)
        if _part(file) == part
        for name in _imports(file, types_too=False)
    }

    assert imported.isdisjoint(NO_AWS)


def test_nothing_imports_from_functions() -> None:
    importers = [
        str(file.relative_to(ROOT))
        for file in _files(*SOURCES)
        for name in _imports(file, types_too=True)
        if name.split(".")[0] == "functions"
    ]

    assert importers == []


def test_nothing_deployed_imports_the_development_tools() -> None:
    importers = [
        str(file.relative_to(ROOT))
        for file in _files(ROOT / "layers", ROOT / "functions")
        for name in _imports(file, types_too=True)
        if name.split(".")[0] == "ventuno_dev"
    ]

    assert importers == []


def test_importing_the_pure_parts_loads_no_aws_module() -> None:
    modules = [
        ".".join(file.relative_to(VENTUNO.parent).with_suffix("").parts).removesuffix(".__init__")
        for part in PURE
        for file in _files(VENTUNO / part)
    ]
    script = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(sorted(sys.modules.keys() & set({NO_AWS!r})))"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter, and a script made of our own module names
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )

    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name",
    ["api", "code_runner", "record_events", "run_events", "scheduler", "step_runner", "trigger_webhook"],
)
def test_importing_a_handler_reads_no_environment_and_builds_no_client(name: str) -> None:
    script = (
        f"import functions.{name}.app as app\n"
        "from ventuno.bootstrap import aws_services\n"
        "print(callable(app.lambda_handler), aws_services.cache_info().currsize)"
    )
    answer = subprocess.run(  # noqa: S603 - this interpreter, and a script made of our own module names
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=ROOT,
        env={"PATH": ""},
    )

    assert answer.stdout.strip() == "True 0"


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in _files(*SOURCES)
        if not ast.get_docstring(ast.parse(file.read_text()))
    ]

    assert silent == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {str(file.relative_to(ROOT)): file.read_text().count("\n") for file in _files(*SOURCES)}

    assert [name for name, length in lengths.items() if length > 300] == []
