"""HTML that a mail program may show: no scripts, forms, frames or tracking styles, only links people can see.

nh3 parses as browsers do, which is what keeps markup from meaning something else than it seems to.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

from ventuno import errors
from ventuno.mail.rich_text import SCHEMES

_STYLES: Final = {"background-color", "color", "font-style", "font-weight", "text-align", "text-decoration"}
_REMOVED_WHOLE: Final = {"head", "iframe", "math", "noscript", "object", "script", "style", "svg", "title"}
_ATTRIBUTES: Final = {
    "*": {"style", "dir", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "title"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align"},
}
_TAGS: Final = {
    *("a", "b", "blockquote", "br", "code", "div", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i"),
    *("img", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "u", "ul"),
}


_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_NEVER_DEEP: Final = {
    *("area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta"),
    *("option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr"),
}
"""Tags that need no end: the next one closes them."""
_DEEPEST: Final = 500


def sanitised(html: str) -> str:
    """Return the HTML without anything that acts. Raises: StepInputError when it is nested too deeply"""
    _refuse_deep(html)
    import nh3  # noqa: PLC0415 - only steps that write messages need it

    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_REMOVED_WHOLE,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        filter_style_properties=_STYLES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def _refuse_deep(html: str) -> None:
    """Refuse what would take the parser minutes: its time grows with the square of the depth."""
    opened: Counter[str] = Counter()
    depth = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _NEVER_DEEP or (closing and not opened[tag]):
            continue
        step = -1 if closing else 1
        opened[tag] += step
        depth += step
        if depth > _DEEPEST:
            raise errors.StepInputError(f"the HTML is nested deeper than {_DEEPEST} levels; flatten it")
