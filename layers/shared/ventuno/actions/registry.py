"""The actions, one line each: the wire type, the module and its class.

A function's call needs few of them, so each is imported when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from ventuno.actions.base import Action
    from ventuno.definition.kinds import StepKind

FactT = TypeVar("FactT")

_WHERE: Final[Mapping[str, tuple[str, str]]] = {
    "CREATE_RECORD": ("create_record", "CreateRecord"),
    "UPDATE_RECORD": ("update_record", "UpdateRecord"),
    "UPSERT_RECORD": ("upsert_record", "UpsertRecord"),
    "DELETE_RECORD": ("delete_record", "DeleteRecord"),
    "FIND_RECORDS": ("find_records", "FindRecords"),
    "PICK_RECORD": ("pick_record", "PickRecord"),
    "SEND_EMAIL": ("send_email", "SendEmail"),
    "DRAFT_EMAIL": ("draft_email", "DraftEmail"),
    "CREATE_CALENDAR_EVENT": ("create_calendar_event", "CreateCalendarEvent"),
    "AI_AGENT": ("ai_agent", "AiAgent"),
    "CODE": ("code", "Code"),
    "LOGIC_FUNCTION": ("logic_function", "LogicFunctionAction"),
    "FILTER": ("filter", "Filter"),
    "HTTP_REQUEST": ("http_request", "HttpRequestAction"),
    "IF_ELSE": ("if_else", "IfElse"),
    "ITERATOR": ("iterator", "Iterator"),
    "DELAY": ("delay", "Delay"),
    "FORM": ("form", "Form"),
    "EMPTY": ("empty", "Empty"),
}


class _ByType(Mapping[str, FactT]):
    """Something of every action by its wire type."""

    def __contains__(self, wire_type: object) -> bool:
        return wire_type in _WHERE

    def __iter__(self) -> Iterator[str]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


class _Actions(_ByType["Action[Any]"]):
    def __init__(self) -> None:
        self._made: dict[str, Action[Any]] = {}

    def __getitem__(self, wire_type: str) -> Action[Any]:
        if wire_type not in self._made:
            module, name = _WHERE[wire_type]
            made: Action[Any] = getattr(import_module(f"ventuno.actions.{module}"), name)()
            self._made[wire_type] = made
        return self._made[wire_type]


class EachAction(_ByType[FactT]):
    """A fact about every action by its wire type, told when it is asked for."""

    def __init__(self, tell: Callable[[Action[Any]], FactT]) -> None:
        self._tell = tell

    def __getitem__(self, wire_type: str) -> FactT:
        """Tell the fact of one action. Raises: KeyError"""
        return self._tell(ACTIONS[wire_type])


ACTIONS: Final[Mapping[str, Action[Any]]] = _Actions()
KINDS: Final[Mapping[str, StepKind]] = EachAction(lambda action: action.kind)
