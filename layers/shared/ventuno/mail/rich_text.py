"""Bodies: a TipTap document, HTML or plain text becomes HTML that shows the same and does nothing.

Whatever a variable brings in is text: it is escaped, and never scanned or parsed again.
Source: reference §3.8
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ventuno import errors
from ventuno.expressions import UNDEFINED, parse, resolve_rich_text
from ventuno.expressions.javascript import text_of
from ventuno.expressions.template import value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ventuno.json_value import JsonValue

LONGEST_BODY: Final = 1_000_000
"""Characters of a body once its variables are resolved."""
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_DEEPEST: Final = 100
_HEADINGS: Final = 6
_COLOR: Final = re.compile(r"#[0-9A-Fa-f]{3,8}|[a-zA-Z]{3,20}|rgba?\([0-9., %]{1,40}\)")

_BLOCKS: Final = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bulletList": "ul",
    "listItem": "li",
    "table": "table",
    "tableRow": "tr",
    "tableCell": "td",
    "tableHeader": "th",
}
_MARKS: Final = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strike": "s",
    "code": "code",
    "subscript": "sub",
    "superscript": "sup",
}


def body_html(body: str, values: Mapping[str, JsonValue], *, is_html: bool = False) -> str:
    """Resolve a body's variables and write it as HTML, not yet sanitised.

    Raises: StepInputError
    """
    if is_html:
        return _bounded(_resolved_html(body, values))
    resolved = resolve_rich_text(body, values)
    text = "" if resolved is None or resolved is UNDEFINED else text_of(resolved)
    document = _document(body, text)
    return _bounded(_plain(text) if document is None else _node(document, 0))


def _bounded(html: str) -> str:
    if len(html) > LONGEST_BODY:
        raise errors.StepInputError(f"the body has {len(html)} characters, {LONGEST_BODY} are allowed")
    return html


def _resolved_html(body: str, values: Mapping[str, JsonValue]) -> str:
    """Keep the author's markup; what a variable brings in is escaped."""
    return "".join(
        part if isinstance(part, str) else escape(text_of(value_of(part, values)))
        for part in parse(body).parts
    )


def _document(authored: str, resolved: str) -> dict[str, Any] | None:
    """Return a body's document; whether it is one is the author's word, not that of a variable."""
    if not authored.lstrip().startswith("{") or authored.lstrip().startswith("{{"):
        return None
    try:
        value = json.loads(resolved)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and value.get("type") == "doc" else None


def _plain(text: str) -> str:
    lines = escape(text, quote=False).replace("\r\n", "\n").replace("\r", "\n")
    return "<p>" + lines.replace("\n", "<br>\n") + "</p>"


def _node(node: Any, depth: int) -> str:  # noqa: ANN401 - author JSON
    if not isinstance(node, dict):
        return ""
    if depth > _DEEPEST:
        raise errors.StepInputError(f"the body is nested deeper than {_DEEPEST} levels; flatten it")
    kind = str(node.get("type"))
    if kind == "text":
        return _marked(escape(str(node.get("text", "")), quote=False), node.get("marks"))
    attributes = node["attrs"] if isinstance(node.get("attrs"), dict) else {}
    if kind in _LEAVES:
        return _LEAVES[kind](attributes)
    inner = "".join(_node(child, depth + 1) for child in _list(node.get("content")))
    if kind in _WRAPPED:
        return _WRAPPED[kind](inner, attributes)
    tag = _BLOCKS.get(kind)
    return f"<{tag}{_aligned(attributes)}>{inner}</{tag}>" if tag else inner


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - author JSON
    return value if isinstance(value, list) else []


def _aligned(attributes: dict[str, Any]) -> str:
    align = attributes.get("textAlign")
    return f' style="text-align:{align}"' if align in ("left", "center", "right", "justify") else ""


def _heading(inner: str, attributes: dict[str, Any]) -> str:
    given = attributes.get("level")
    level = given if isinstance(given, int) and 1 <= given <= _HEADINGS else 1
    return f"<h{level}{_aligned(attributes)}>{inner}</h{level}>"


def _ordered(inner: str, attributes: dict[str, Any]) -> str:
    start = attributes.get("start")
    return f'<ol start="{start}">{inner}</ol>' if type(start) is int and start != 1 else f"<ol>{inner}</ol>"


def _image(attributes: dict[str, Any]) -> str:
    source = _link(attributes.get("src"))
    if source is None:
        return ""
    sizes = "".join(
        f' {side}="{size}"' for side in ("width", "height") if type(size := attributes.get(side)) is int
    )
    return f'<img src="{escape(source)}" alt="{escape(str(attributes.get("alt") or ""))}"{sizes}>'


_LEAVES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "hardBreak": lambda _: "<br>",
    "horizontalRule": lambda _: "<hr>",
    "image": _image,
    "mention": lambda attributes: escape(str(attributes.get("label") or "")),
}
_WRAPPED: Final[dict[str, Callable[[str, dict[str, Any]], str]]] = {
    "heading": _heading,
    "orderedList": _ordered,
    "codeBlock": lambda inner, _: f"<pre><code>{inner}</code></pre>",
}


def _marked(html: str, marks: Any) -> str:  # noqa: ANN401 - author JSON
    for mark in _list(marks):
        if isinstance(mark, dict):
            html = _mark(html, str(mark.get("type")), mark.get("attrs"))
    return html


def _mark(html: str, kind: str, given: Any) -> str:  # noqa: ANN401 - author JSON
    attributes = given if isinstance(given, dict) else {}
    if kind in _MARKS:
        return f"<{_MARKS[kind]}>{html}</{_MARKS[kind]}>"
    if kind == "link" and (target := _link(attributes.get("href"))) is not None:
        return f'<a href="{escape(target)}">{html}</a>'
    color = attributes.get("color")
    if kind in ("textStyle", "highlight") and isinstance(color, str) and _COLOR.fullmatch(color):
        style = "color" if kind == "textStyle" else "background-color"
        return f'<span style="{style}:{color}">{html}</span>'
    return html


def _link(target: Any) -> str | None:  # noqa: ANN401 - author JSON
    """Return an address that a reader may follow."""
    if not isinstance(target, str):
        return None
    try:
        scheme = urlsplit(target.strip()).scheme.lower()
    except ValueError:
        return None
    return target.strip() if scheme in SCHEMES else None
