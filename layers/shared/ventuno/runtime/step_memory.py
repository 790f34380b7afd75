"""What one try of a step remembers when its call dies and begins anew: a few values in the payload bucket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.runs.claim_check import to_text

if TYPE_CHECKING:
    from ventuno.json_value import JsonValue
    from ventuno.ports import PayloadStore


@dataclass(frozen=True, slots=True)
class StepMemory:
    """The memory of a step in one run, iteration and try; `place` is its key in the bucket."""

    place: str
    payloads: PayloadStore

    def recall(self, name: str) -> JsonValue | None:
        """Return what was kept. Raises: StoreUnavailableError"""
        body = self.payloads.get(f"{self.place}/{name}.json")
        kept: JsonValue = None if body is None else json.loads(body)
        return kept

    def keep(self, name: str, value: JsonValue) -> None:
        """Keep a value. Raises: StoreUnavailableError"""
        self.payloads.put(f"{self.place}/{name}.json", to_text(value).encode("utf-8", "replace"))
