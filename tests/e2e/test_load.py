"""Many webhooks at once: every one is answered, and every run that was promised ran once to its end."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.e2e.flood import all_ended, call_many, taking_notes, titles

if TYPE_CHECKING:
    from tests.e2e.runs import Product

pytestmark = pytest.mark.e2e

WEBHOOKS, CALLERS, LIMIT_SECONDS = 300, 32, 60


def test_300_webhooks_of_32_callers_are_all_answered_and_each_has_its_run(product: Product) -> None:
    slug = f"flood-{uuid.uuid4().hex[:8]}"
    address = product.activated(slug, taking_notes(slug))
    texts = [f"{slug} {number}" for number in range(WEBHOOKS)]
    calls = call_many(address, texts, CALLERS)
    runs = all_ended(product, slug, LIMIT_SECONDS)

    assert Counter(call.status for call in calls) == {201: WEBHOOKS}
    assert sorted(str(call.run_id) for call in calls) == sorted(runs)
    assert Counter(runs.values()) == {"COMPLETED": WEBHOOKS}
    assert Counter({title: n for title, n in titles(product).items() if title in set(texts)}) == Counter(
        texts
    )
