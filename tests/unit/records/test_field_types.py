from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ventuno.records.fields.base import FieldValueError
from ventuno.records.fields.morph_relation import MorphRelationType
from ventuno.records.fields.multi_select import MultiSelectType
from ventuno.records.fields.number import NumberType
from ventuno.records.fields.registry import FIELD_TYPES
from ventuno.records.fields.relation import RelationType
from ventuno.records.fields.select import SelectType

if TYPE_CHECKING:
    from ventuno.records.fields.base import FieldType

OPTIONS = ("A", "B", "C")
ID = "7f1c2b34-5d6e-4f70-8a9b-0c1d2e3f4a5b"


def made(name: str) -> FieldType:
    configured: dict[str, FieldType] = {
        "SELECT": SelectType(OPTIONS),
        "MULTI_SELECT": MultiSelectType(OPTIONS),
        "RELATION": RelationType("company"),
        "MORPH_RELATION": MorphRelationType("company", "", "target"),
    }
    return configured.get(name) or FIELD_TYPES[name]()


NORMALISED: list[tuple[str, Any, Any]] = [
    ("TEXT", " as written ", " as written "),
    ("TEXT", "", None),
    ("UUID", ID.upper(), ID),
    ("UUID", "", None),
    ("NUMBER", 3, 3),
    ("NUMBER", -0.0, 0),
    ("NUMBER", 5.0, 5),
    ("NUMBER", 5.5, 5.5),
    ("NUMBER", 1e37, 10**37),
    ("BOOLEAN", False, False),
    ("DATE", "2026-03-18", "2026-03-18"),
    ("DATE", "2026-03-18T23:59:00-08:00", "2026-03-18"),
    ("DATE", " ", None),
    ("DATE_TIME", "2026-03-18T10:30:00Z", "2026-03-18T10:30:00.000Z"),
    ("DATE_TIME", "2026-03-18T10:30:00.1239+02:00", "2026-03-18T08:30:00.123Z"),
    ("DATE_TIME", "2026-03-18", "2026-03-18T00:00:00.000Z"),
    ("DATE_TIME", "2026-03-18T10:30", "2026-03-18T10:30:00.000Z"),
    ("SELECT", "B", "B"),
    ("SELECT", "", None),
    ("MULTI_SELECT", ["B", "A", "B"], ["B", "A"]),
    ("MULTI_SELECT", [], None),
    ("RATING", "RATING_5", "RATING_5"),
    ("ARRAY", ["a", "a"], ["a", "a"]),
    ("ARRAY", [], None),
    ("RAW_JSON", {"a": (1, 2)}, {"a": [1, 2]}),
    ("RAW_JSON", "text", "text"),
    ("POSITION", "first", "first"),
    ("POSITION", 2.0, 2),
    ("FILES", [{"fileId": "f1"}], [{"fileId": "f1", "label": None, "extension": None, "url": None}]),
    ("FILES", [], None),
    ("NUMERIC", " 12.50 ", 12.5),
    ("NUMERIC", "", None),
    ("NUMERIC", 7.0, 7),
    ("RELATION", {"id": ID.upper()}, ID),
    ("RELATION", {"id": None}, None),
    ("RELATION", ID, ID),
    ("EMAILS", {"primaryEmail": " Ada@X.com\n"}, {"primaryEmail": "ada@x.com"}),
    ("EMAILS", {"primaryEmail": "ada@mail.acme.local"}, {"primaryEmail": "ada@mail.acme.local"}),
    ("EMAILS", {"additionalEmails": [" A@B.c ", " "]}, {"additionalEmails": ["a@b.c"]}),
    (
        "EMAILS",
        {"primaryEmail": " ", "additionalEmails": []},
        {"primaryEmail": None, "additionalEmails": None},
    ),
    ("FULL_NAME", {"firstName": "Ada", "lastName": ""}, {"firstName": "Ada", "lastName": None}),
    ("CURRENCY", {"amountMicros": 12.0, "currencyCode": "EUR"}, {"amountMicros": 12, "currencyCode": "EUR"}),
    ("ADDRESS", {"addressCity": "Turin", "addressLat": 45.07}, {"addressCity": "Turin", "addressLat": 45.07}),
    ("RICH_TEXT", {"markdown": "# a"}, {"markdown": "# a"}),
    ("ACTOR", {"source": "API", "context": {"a": 1}}, {"source": "API", "context": {"a": 1}}),
    ("LINKS", {"primaryLinkUrl": "HTTPS://ACME.com/"}, {"primaryLinkUrl": "https://acme.com"}),
    ("LINKS", {"primaryLinkUrl": "Acme.com/Path/"}, {"primaryLinkUrl": "acme.com/Path"}),
    ("LINKS", {"primaryLinkUrl": "https://Acme.com/A?B=C#D"}, {"primaryLinkUrl": "https://acme.com/A?B=C#D"}),
    ("LINKS", {"primaryLinkUrl": "http://X.com:8080/"}, {"primaryLinkUrl": "http://x.com:8080"}),
    ("LINKS", {"primaryLinkUrl": "Not a link"}, {"primaryLinkUrl": "Not a link"}),
    (
        "LINKS",
        {"secondaryLinks": [{"url": "https://B.c/"}]},
        {"secondaryLinks": [{"label": None, "url": "https://b.c"}]},
    ),
    (
        "PHONES",
        {"primaryPhoneNumber": "+33 (6) 12-34.56.78", "primaryPhoneCallingCode": "+33"},
        {
            "primaryPhoneNumber": "612345678",
            "primaryPhoneCallingCode": "+33",
            "primaryPhoneCountryCode": "FR",
        },
    ),
    (
        "PHONES",
        {"primaryPhoneNumber": "06 12 34 56 78", "primaryPhoneCountryCode": "fr"},
        {
            "primaryPhoneNumber": "612345678",
            "primaryPhoneCallingCode": "+33",
            "primaryPhoneCountryCode": "FR",
        },
    ),
    (
        "PHONES",
        {"primaryPhoneNumber": "+1 416 555 0123", "primaryPhoneCountryCode": "US"},
        {
            "primaryPhoneNumber": "4165550123",
            "primaryPhoneCallingCode": "+1",
            "primaryPhoneCountryCode": "US",
        },
    ),
    ("PHONES", {"primaryPhoneNumber": "06 12 34 56 78"}, {"primaryPhoneNumber": "0612345678"}),
    ("PHONES", {"primaryPhoneCountryCode": "fr"}, {"primaryPhoneCountryCode": "FR"}),
    (
        "PHONES",
        {"additionalPhones": [{"number": "+39011123", "callingCode": "+39"}]},
        {"additionalPhones": [{"number": "011123", "countryCode": "IT", "callingCode": "+39"}]},
    ),
]


@pytest.mark.parametrize(("name", "value", "normal"), NORMALISED)
def test_a_value_has_one_stored_spelling(name: str, value: Any, normal: Any) -> None:  # noqa: ANN401  any JSON
    once = made(name).normalise(value)

    assert once == normal
    assert once is None or made(name).normalise(once) == normal


REFUSED: list[tuple[str, Any, str]] = [
    ("TEXT", 5, "must be text, not a number"),
    ("TEXT", ["a"], "must be text, not a list"),
    ("UUID", "abc", "must be a UUID"),
    ("UUID", ID.replace("-", ""), "must be a UUID"),
    ("UUID", f"{{{ID}}}", "must be a UUID"),
    ("NUMBER", "5", "must be a number, not text"),
    ("NUMBER", True, "must be a number, not a boolean"),
    ("NUMBER", float("nan"), "must be 0 or a number"),
    ("NUMBER", float("-inf"), "must be 0 or a number"),
    ("NUMBER", 10**38, "must be 0 or a number"),
    ("NUMBER", 1e-101, "must be 0 or a number"),
    ("BOOLEAN", "true", "must be true or false, not text"),
    ("BOOLEAN", 1, "must be true or false, not a number"),
    ("DATE", "18.03.2026", "must be a date, such as"),
    ("DATE", "2026-02-30", "must be a date, such as"),
    ("DATE_TIME", 1773829800000, "must be a date and time, not a number"),
    ("DATE_TIME", "0001-01-01T00:00:00+14:00", "must be a date and time"),
    ("SELECT", "D", "must be one of A, B, C"),
    ("SELECT", ["A"], "must be one of its options, not a list"),
    ("MULTI_SELECT", "A", "must be a list of its options, not text"),
    ("MULTI_SELECT", ["A", {}], "out of A, B, C"),
    ("RATING", "RATING_6", "must be one of RATING_1"),
    ("ARRAY", ["a", 1], "one element is, not a number"),
    ("ARRAY", "a", "must be a list of texts"),
    ("RAW_JSON", {"a": float("nan")}, "no NaN"),
    ("POSITION", "middle", "must be a number, not text"),
    ("FILES", [{"label": "x"}], "must have a fileId or a url"),
    ("NUMERIC", "ten", "must be a number, such as"),
    ("RELATION", {"name": "Acme"}, "must be a UUID, not an object"),
    ("EMAILS", "a@b.c", "must be an object with primaryEmail, additionalEmails, not text"),
    ("EMAILS", {"email": "a@b.c"}, "no sub-field 'email'"),
    ("EMAILS", {"primaryEmail": 1}, "primaryEmail must be text"),
    ("CURRENCY", {"currencyCode": "euro"}, "currencyCode must be three capital letters"),
    ("LINKS", {"secondaryLinks": [{"url": "a"}, {"url": 1}]}, r"secondaryLinks \[1\] url must be text"),
    ("PHONES", {"primaryPhoneNumber": "call me"}, "primaryPhoneNumber must look like"),
    ("PHONES", {"primaryPhoneCallingCode": "33"}, "primaryPhoneCallingCode must look like"),
    (
        "PHONES",
        {"primaryPhoneNumber": "+33612345678", "primaryPhoneCallingCode": "+39"},
        "contradict each other",
    ),
    (
        "PHONES",
        {"primaryPhoneNumber": "+33612345678", "primaryPhoneCountryCode": "IT"},
        "contradict each other",
    ),
    ("PHONES", {"primaryPhoneNumber": "+33612"}, "not as many digits"),
    ("PHONES", {"primaryPhoneNumber": "+999612345678"}, "is no phone number"),
    ("PHONES", {"primaryPhoneNumber": "123", "primaryPhoneCountryCode": "ZZ"}, "is no phone number of ZZ"),
    ("EMAILS", {"primaryEmail": "ada"}, "primaryEmail is no e-mail address"),
    ("EMAILS", {"primaryEmail": "a b@example.com"}, "is no e-mail address"),
    ("EMAILS", {"additionalEmails": ["a@example.com", "@"]}, "additionalEmails is no e-mail address"),
    ("EMAILS", {"primaryEmail": "ada@localhost"}, "should have a period"),
    ("ACTOR", {"source": "SPY"}, "source must be one of EMAIL"),
]


@pytest.mark.parametrize(("name", "value", "message"), REFUSED)
def test_a_value_of_another_type_is_refused(name: str, value: Any, message: str) -> None:  # noqa: ANN401  any JSON
    with pytest.raises(FieldValueError, match=message):
        made(name).normalise(value)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", sorted(FIELD_TYPES))
@given(value=ANY_JSON.filter(lambda value: value is not None))
def test_any_json_is_either_normalised_for_good_or_refused(name: str, value: Any) -> None:  # noqa: ANN401  any JSON
    kind = made(name)
    try:
        normal = kind.normalise(value)
    except FieldValueError:
        return

    assert normal is None or kind.normalise(normal) == normal


@pytest.mark.parametrize(("name", "value", "_normal"), [case for case in NORMALISED if case[2] is not None])
def test_a_stored_value_is_loaded_as_it_was(name: str, value: Any, _normal: Any) -> None:  # noqa: ANN401  any JSON
    kind = made(name)
    shown = kind.merge(None, kind.normalise(value))
    stored = kind.stored(shown)

    assert (kind.loaded(stored) if stored is not None else kind.empty) == shown


def test_a_composite_keeps_the_parts_that_a_write_does_not_name() -> None:
    name = made("FULL_NAME")
    before = {"firstName": "Ada", "lastName": "Byron"}

    assert name.merge(before, {"lastName": "Lovelace"}) == {"firstName": "Ada", "lastName": "Lovelace"}
    assert name.merge(before, {"firstName": None}) == {"firstName": None, "lastName": "Byron"}
    assert name.merge(before, None) == name.empty == {"firstName": None, "lastName": None}


@pytest.mark.parametrize(
    ("name", "text", "spelt"),
    [
        ("NUMBER", "5", 5),
        ("NUMBER", " -2.50 ", -2.5),
        ("NUMBER", "1e3", 1000),
        ("BOOLEAN", "true", True),
        ("DATE_TIME", "2026-03-18T12:30:00+02:00", "2026-03-18T10:30:00.000Z"),
        ("DATE", "2026-03-18T12:30:00Z", "2026-03-18"),
        ("UUID", ID.upper(), ID),
    ],
)
def test_an_operand_is_spelt_as_stored_values_are(name: str, text: str, spelt: object) -> None:
    assert made(name).comparable(text) == spelt


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_0", "--1", "٣", "9" * 5000, "1e999"])
def test_an_operand_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(FieldValueError):
        made("NUMBER").comparable(text)


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (0.1, 0.10), (10**20, 1e20), (1e-7, 0.0000001)])
def test_equal_numbers_are_one_key(one: float, other: float) -> None:
    kind = NumberType()

    assert kind.key_text(kind.normalise(one)) == kind.key_text(kind.normalise(other))


def test_every_type_is_registered_under_its_own_name() -> None:
    assert {name: kind.wire_name for name, kind in FIELD_TYPES.items()} == {
        name: name for name in FIELD_TYPES
    }
    assert len(FIELD_TYPES) == 24
