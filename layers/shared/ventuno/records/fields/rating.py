"""RATING: one to five stars, written RATING_1 to RATING_5."""

from __future__ import annotations

from typing import ClassVar

from ventuno.records.fields.select import SelectType

STARS = tuple(f"RATING_{stars}" for stars in range(1, 6))


class RatingType(SelectType):
    """A SELECT whose options are given."""

    wire_name: ClassVar[str] = "RATING"

    def __init__(self) -> None:
        super().__init__(STARS)
