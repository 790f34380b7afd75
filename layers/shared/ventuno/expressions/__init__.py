"""`{{path}}` templates: authored text is data for a parser; nothing is ever evaluated as code."""

from ventuno.expressions.grammar import Literal, Path, Token
from ventuno.expressions.pipeline import FaultKind, PipeFault
from ventuno.expressions.pipes.pipe import BoundPipe, Pipe
from ventuno.expressions.pipes.registry import PIPES
from ventuno.expressions.references import (
    NOW,
    SECRETS,
    WHOLE_CONTEXT,
    Reference,
    references,
    templates,
    tokens,
)
from ventuno.expressions.refusals import PipeError
from ventuno.expressions.resolution import resolve
from ventuno.expressions.rich_text import resolve_rich_text
from ventuno.expressions.secrets import SECRET_NAME, WithSecrets, fault_of, names_a_secret, secret_names
from ventuno.expressions.template import OPENING, Template, parse
from ventuno.expressions.undefined import UNDEFINED, Resolved, Undefined

__all__ = [
    "NOW",
    "OPENING",
    "PIPES",
    "SECRETS",
    "SECRET_NAME",
    "UNDEFINED",
    "WHOLE_CONTEXT",
    "BoundPipe",
    "FaultKind",
    "Literal",
    "Path",
    "Pipe",
    "PipeError",
    "PipeFault",
    "Reference",
    "Resolved",
    "Template",
    "Token",
    "Undefined",
    "WithSecrets",
    "fault_of",
    "names_a_secret",
    "parse",
    "references",
    "resolve",
    "resolve_rich_text",
    "secret_names",
    "templates",
    "tokens",
]
