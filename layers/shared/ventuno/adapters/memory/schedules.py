"""Schedules in memory; nothing fires by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ventuno.execution_ports import Schedule


class MemorySchedules:
    """Schedules by name."""

    def __init__(self) -> None:
        self.by_name: dict[str, Schedule] = {}

    def create(self, schedule: Schedule) -> None:
        """Keep a schedule; the first of its name stays."""
        self.by_name.setdefault(schedule.name, schedule)

    def delete(self, name: str) -> None:
        """Forget a schedule, if there is one."""
        self.by_name.pop(name, None)
