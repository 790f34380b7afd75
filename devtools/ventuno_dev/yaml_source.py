"""YAML text → a JSON value and the place of each part; no type but JSON's ever comes out.

An unquoted word is a number, true, false or null only where JSON reads it so (`~` and nothing are null too):
`yes`, `2026-01-01` and `007` stay text. Aliases copy, so what they add to a file is limited.
Source: https://yaml.org/spec/1.2.2/#102-json-schema
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import yaml

from ventuno.strict_json import MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ALIASED_CHARACTERS = 1_048_576

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TEXT_TAGS = {None, "!", "tag:yaml.org,2002:str"}
_COLLECTION_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_LOADER = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class Place(NamedTuple):
    """A place in a text, counted from 1."""

    line: int
    column: int


class _Mark(Protocol):
    """What both parsers call a place, counted from 0."""

    @property
    def line(self) -> int: ...

    @property
    def column(self) -> int: ...


class YamlError(ValueError):
    """The text cannot be read; `place` tells where."""

    def __init__(self, problem: str, place: Place) -> None:
        self.place = place
        super().__init__(f"line {place.line}, column {place.column}: {problem}")


class Source(NamedTuple):
    """A value, and the place of each of its parts by JSON path."""

    value: Any
    places: dict[str, Place]


def read_yaml(text: str) -> Source:
    """Read one document.

    Raises: YamlError
    """
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as exc:
        place = _place_of(exc.problem_mark or exc.context_mark)
        raise YamlError(", ".join(part for part in (exc.context, exc.problem) if part), place) from exc
    except yaml.reader.ReaderError as exc:
        raise YamlError(str(exc.reason), _place_at(text, exc.position)) from exc
    return Source(builder.root, builder.places)


def _events(text: str) -> Iterator[yaml.Event]:
    return yaml.parse(text, Loader=_LOADER)  # type: ignore[no-any-return,no-untyped-call,unused-ignore]


def _place_of(mark: _Mark | None) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _place_at(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - before.rfind("\n"))


@dataclass(frozen=True, slots=True)
class _Size:
    """How much a value adds where it stands: its characters and parts, and how deep it goes."""

    weight: int
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    path: str
    anchor: str | None
    weight: int = 1
    height: int = 1
    key: str | None = None
    keys: dict[str, Place] = field(default_factory=dict)

    @property
    def wants_key(self) -> bool:
        return isinstance(self.value, dict) and self.key is None

    def next_path(self) -> str:
        return (
            f"{self.path}[{len(self.value)}]" if isinstance(self.value, list) else f"{self.path}.{self.key}"
        )

    def put(self, value: Any) -> None:  # noqa: ANN401 - any JSON
        if isinstance(self.value, list):
            self.value.append(value)
        else:
            self.value[str(self.key)] = value
            self.key = None

    def grow(self, size: _Size) -> None:
        self.weight += size.weight
        self.height = max(self.height, size.height + 1)


class _Builder:
    """Builds the value from events, so that depth and size are judged before anything is made."""

    def __init__(self) -> None:
        self.root: Any = None
        self.places: dict[str, Place] = {}
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Any, _Size]] = {}
        self._aliased = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event. Raises: YamlError"""
        place = _place_of(event.start_mark)
        if isinstance(event, yaml.DocumentStartEvent):
            self._start_document(place)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()

    def _start_document(self, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            raise YamlError("a second document begins; write one workflow per file", place)

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        if event.tag not in _TEXT_TAGS:
            raise YamlError(f'the tag "{event.tag}" is not allowed; remove it', place)
        if self._open and self._open[-1].wants_key:
            self._key(event, place)
            return
        plain = event.implicit[0] and event.tag is None
        value = _plain(event.value, place) if plain else event.value
        self._put(value, _Size(len(event.value) + 1), event.anchor, place)

    def _key(self, event: yaml.ScalarEvent, place: Place) -> None:
        parent, key = self._open[-1], event.value
        if key == "<<" and event.implicit[0]:
            raise YamlError("merge keys (<<) are not allowed; write the keys out", place)
        if key in parent.keys:
            first = parent.keys[key].line
            raise YamlError(f'the key "{key}" of line {first} stands again in the same object', place)
        parent.keys[key] = place
        parent.key = key
        parent.weight += len(key) + 1

    def _alias(self, event: yaml.AliasEvent, place: Place) -> None:
        self._refuse_as_key(place)
        if event.anchor not in self._anchors:
            raise YamlError(f"*{event.anchor} repeats nothing that is complete before it", place)
        value, size = self._anchors[event.anchor]
        self._aliased += size.weight
        if self._aliased > MAX_ALIASED_CHARACTERS:
            raise YamlError(
                f"the aliases repeat more than {MAX_ALIASED_CHARACTERS} characters; use fewer", place
            )
        self._refuse_depth(size.height, place)
        self._put(value, size, None, place)

    def _start(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        self._refuse_as_key(place)
        if event.tag not in _COLLECTION_TAGS:
            raise YamlError(f'the tag "{event.tag}" is not allowed; remove it', place)
        self._refuse_depth(1, place)
        value: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._note(place)
        if self._open:
            self._open[-1].put(value)
        else:
            self.root = value
        self._open.append(_Open(value, path, event.anchor))

    def _end(self) -> None:
        done = self._open.pop()
        size = _Size(done.weight, done.height)
        if done.anchor:
            self._anchors[done.anchor] = (done.value, size)
        if self._open:
            self._open[-1].grow(size)

    def _put(self, value: Any, size: _Size, anchor: str | None, place: Place) -> None:  # noqa: ANN401 - any JSON
        if anchor:
            self._anchors[anchor] = (value, size)
        self._note(place)
        if not self._open:
            self.root = value
            return
        self._open[-1].grow(size)
        self._open[-1].put(value)

    def _note(self, place: Place) -> str:
        """Remember where the coming value stands: a member of an object stands where its key does."""
        if not self._open:
            path = "$"
        else:
            parent = self._open[-1]
            path = parent.next_path()
            place = parent.keys.get(parent.key or "", place)
        self.places[path] = place
        return path

    def _refuse_as_key(self, place: Place) -> None:
        if self._open and self._open[-1].wants_key:
            raise YamlError("a key must be text; a text that begins with {{ needs quotes", place)

    def _refuse_depth(self, more: int, place: Place) -> None:
        if len(self._open) + more > MAX_DEPTH:
            raise YamlError(f"the file is nested deeper than {MAX_DEPTH} levels", place)


def _plain(text: str, place: Place) -> Any:  # noqa: ANN401 - any JSON
    """Read an unquoted word as JSON would, else as text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    try:
        number = json.loads(text)
    except ValueError as exc:
        raise YamlError("the number has too many digits; put it in quotes", place) from exc
    if isinstance(number, float) and not math.isfinite(number):
        raise YamlError(f"{text} is larger than any number JSON readers know; put it in quotes", place)
    return number
