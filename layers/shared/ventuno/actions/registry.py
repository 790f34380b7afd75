"""The actions, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ventuno.actions.ai_agent import AiAgent
from ventuno.actions.code import Code
from ventuno.actions.create_calendar_event import CreateCalendarEvent
from ventuno.actions.create_record import CreateRecord
from ventuno.actions.delay import Delay
from ventuno.actions.delete_record import DeleteRecord
from ventuno.actions.draft_email import DraftEmail
from ventuno.actions.empty import Empty
from ventuno.actions.filter import Filter
from ventuno.actions.find_records import FindRecords
from ventuno.actions.form import Form
from ventuno.actions.http_request import HttpRequestAction
from ventuno.actions.if_else import IfElse
from ventuno.actions.iterator import Iterator
from ventuno.actions.logic_function import LogicFunctionAction
from ventuno.actions.pick_record import PickRecord
from ventuno.actions.send_email import SendEmail
from ventuno.actions.update_record import UpdateRecord
from ventuno.actions.upsert_record import UpsertRecord

if TYPE_CHECKING:
    from ventuno.actions.base import Action

_ALL: tuple[Action[Any], ...] = (
    CreateRecord(),
    UpdateRecord(),
    UpsertRecord(),
    DeleteRecord(),
    FindRecords(),
    PickRecord(),
    SendEmail(),
    DraftEmail(),
    CreateCalendarEvent(),
    AiAgent(),
    Code(),
    LogicFunctionAction(),
    Filter(),
    HttpRequestAction(),
    IfElse(),
    Iterator(),
    Delay(),
    Form(),
    Empty(),
)

ACTIONS: dict[str, Action[Any]] = {action.wire_type: action for action in _ALL}
KINDS = {action.wire_type: action.kind for action in _ALL}
