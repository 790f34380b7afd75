"""A value that each field type refuses, with what the refusal says; the object `specimen` has them all."""

from __future__ import annotations

from typing import Any

OPTIONS = {"SELECT": ["A", "B"], "MULTI_SELECT": ["A", "B"]}
NOT_DECLARED = {"POSITION", "RELATION", "MORPH_RELATION", "ACTOR", "UUID", "RAW_JSON"}
"""Types of base fields and relations, tested on those; and RAW_JSON, which takes whatever is JSON."""

WRONG: tuple[tuple[str, Any, str], ...] = (
    ("ADDRESS", {"addressStreet": "x"}, "no sub-field 'addressStreet'"),
    ("ADDRESS", {"addressLat": "north"}, "addressLat must be a number"),
    ("ARRAY", "red", "must be a list"),
    ("BOOLEAN", "yes", "must be"),
    ("CURRENCY", {"amountMicros": "1"}, "amountMicros must be a number"),
    ("DATE", "18.3.2026", "must be a date"),
    ("DATE_TIME", "soon", "must be a date and time"),
    ("EMAILS", {"primaryEmail": "ada"}, "primaryEmail is no e-mail address"),
    ("FILES", [{"name": "x"}], "no sub-field 'name'"),
    ("FULL_NAME", "Ada", "must be an object"),
    ("LINKS", {"primaryLinkUrl": 5}, "primaryLinkUrl must be text"),
    ("MULTI_SELECT", ["C"], "must be"),
    ("NUMBER", "5", "must be a number, not text"),
    ("NUMERIC", "five", "must be a number"),
    ("PHONES", {"primaryPhoneNumber": "+33612"}, "not as many digits"),
    ("RATING", "RATING_6", "must be one of RATING_1"),
    ("RICH_TEXT", {"html": "x"}, "no sub-field 'html'"),
    ("SELECT", "C", "must be one of A, B"),
    ("TEXT", 5, "must be text, not a number"),
)
OF_BASE_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("id", "x", "id must be"),
    ("position", "middle", "position must be"),
    ("createdBy", {"source": "SPY"}, "source must be one of"),
    ("companyId", "x", "companyId must be"),
    ("companyId", "00000000-0000-4000-8000-000000000000", "companyId points to no record"),
    ("deletedAt", "2026-01-01T00:00:00Z", "deletedAt is set by the system"),
    ("jobtitle", "CTO", "did you mean jobTitle"),
)


def field_name(type_name: str) -> str:
    """Return the name of the specimen's field of a type."""
    return f"f{type_name.title().replace('_', '')}"


def specimen() -> dict[str, Any]:
    """Return the declaration of an object with a field of every type."""
    types = dict.fromkeys(type_name for type_name, *_ in WRONG)
    fields = [
        {"name": field_name(name), "type": name, **({"options": OPTIONS[name]} if name in OPTIONS else {})}
        for name in types
    ]
    return {"name": "specimen", "plural": "specimens", "fields": fields}
