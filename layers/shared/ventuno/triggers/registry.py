"""The trigger types, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.triggers.cron import CronTrigger
from ventuno.triggers.database_event import DatabaseEvent
from ventuno.triggers.manual import Manual
from ventuno.triggers.webhook import Webhook

if TYPE_CHECKING:
    from ventuno.triggers.base import TriggerType

_ALL: tuple[TriggerType, ...] = (
    Webhook(),
    Manual(),
    DatabaseEvent(),
    CronTrigger(),
)

TRIGGERS: dict[str, TriggerType] = {trigger.wire_type: trigger for trigger in _ALL}
