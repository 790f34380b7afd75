"""The keys of a run's rows: one partition per run, and a sort key per row.

What is inside loops sorts before META, so a run without it is one query; so do items and tokens, which are
read by their keys alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.runs.places import sortable

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.runs.model import ChunkKey
    from ventuno.runs.places import Place

META = "META"
_STEP, LOOP, ITEMS, _AWAIT = "STEP#", "LOOP#", "ITEMS#", "AWAIT#"


def run_key(run_id: str) -> JsonObject:
    """Return the key of a run's own row."""
    return {"PK": f"RUN#{run_id}", "SK": META}


def step_key(run_id: str, place: Place) -> JsonObject:
    """Return the key of the row of a step in one iteration."""
    sort_key = _STEP + place.step_id
    if place.iteration:
        sort_key = f"{LOOP}{place.step_id}#{sortable(place.iteration)}"
    return {"PK": f"RUN#{run_id}", "SK": sort_key}


def chunk_key(run_id: str, chunk: ChunkKey) -> JsonObject:
    """Return the key of some of an iterator's items."""
    place = f"{chunk.iterator}#{sortable(chunk.iteration)}#{chunk.number}"
    return {"PK": f"RUN#{run_id}", "SK": ITEMS + place}


def token_key(run_id: str, place: Place) -> JsonObject:
    """Return the key of the token of a state that waits for a form and others."""
    return {"PK": f"RUN#{run_id}", "SK": f"{_AWAIT}{place.step_id}#{sortable(place.iteration)}"}
