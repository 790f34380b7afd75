"""Serve the events of `code_runner`: one call of a script, or the preparation of one.

Event:  {"run": packed CodeCall} or {"prepare": packed text}; the answer is a packed CodeOutcome or Prepared.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ventuno.sandbox.call import CodeCall
from ventuno.sandbox.packing import packed, unpacked

if TYPE_CHECKING:
    from ventuno.json_value import JsonObject
    from ventuno.outside import CodeRunner


def serve(event: dict[str, Any], runner: CodeRunner) -> JsonObject:
    """Answer an event. Raises: KeyError for an event of another kind"""
    if "prepare" in event:
        return packed(asdict(runner.prepare(unpacked(event["prepare"]))))
    return packed(runner.run(CodeCall.from_value(unpacked(event["run"]))).to_value())
