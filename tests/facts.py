"""The facts of the reference's engine, all of one file, and the proofs that tests give for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

FACTS: dict[str, str] = {
    fact["input"]: fact["expected"]
    for fact in json.loads(Path(__file__, "../vectors/engine_facts.json").resolve().read_text())
}
"""What is expected, by what is given."""

Proof = Callable[[], bool]
Proofs = Mapping[str, Proof]
