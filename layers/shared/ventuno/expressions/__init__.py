"""`{{path}}` templates: authored text is data for a parser; nothing is ever evaluated as code."""

from ventuno.expressions.grammar import Literal, Path, Pipe, Token
from ventuno.expressions.references import WHOLE_CONTEXT, Reference, references, tokens
from ventuno.expressions.resolution import resolve
from ventuno.expressions.rich_text import resolve_rich_text
from ventuno.expressions.template import Template, parse
from ventuno.expressions.undefined import UNDEFINED, Resolved, Undefined

__all__ = [
    "UNDEFINED",
    "WHOLE_CONTEXT",
    "Literal",
    "Path",
    "Pipe",
    "Reference",
    "Resolved",
    "Template",
    "Token",
    "Undefined",
    "parse",
    "references",
    "resolve",
    "resolve_rich_text",
    "tokens",
]
