"""Output schemas: what a trigger or a step can result in, known before anything runs; pure."""

from ventuno.schemas.json_schema import schema_of_json_schema
from ventuno.schemas.paths import Found, Missing, follow
from ventuno.schemas.samples import schema_of_sample
from ventuno.schemas.schema import (
    ANY,
    BOOLEAN,
    DATE_TIME,
    NUMBER,
    TEXT,
    UUID,
    AnyValue,
    Array,
    Object,
    Scalar,
    Schema,
    Union,
    Unknown,
    union_of,
)
from ventuno.schemas.scope import ObjectSchemas, Scope

__all__ = [
    "ANY",
    "BOOLEAN",
    "DATE_TIME",
    "NUMBER",
    "TEXT",
    "UUID",
    "AnyValue",
    "Array",
    "Found",
    "Missing",
    "Object",
    "ObjectSchemas",
    "Scalar",
    "Schema",
    "Scope",
    "Union",
    "Unknown",
    "follow",
    "schema_of_json_schema",
    "schema_of_sample",
    "union_of",
]
