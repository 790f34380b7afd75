"""Every fact of the reference's engine is proven by a test or overridden by a decision."""

from __future__ import annotations

from tests.facts import FACTS
from tests.unit.actions import test_facts, test_outgoing_facts, test_record_facts
from tests.unit.engine import test_facts as test_settled_facts
from tests.unit.engine import test_interpreter_facts
from tests.unit.runtime import test_trigger_facts

PROVEN = frozenset(
    given
    for module in (
        test_facts,
        test_outgoing_facts,
        test_record_facts,
        test_settled_facts,
        test_interpreter_facts,
        test_trigger_facts,
    )
    for given in module.PROOFS
)

GRAPHQL = "Out of scope: GraphQL (REST only)."
"""Steps and links are edited one by one by mutations of GraphQL alone; here a definition is written whole."""

OVERRIDDEN = {
    "create IF_ELSE step": GRAPHQL,
    "insert with no parent and no next": GRAPHQL,
    "insert with parent = trigger": GRAPHQL,
    "insert between iterator and existing loop step": GRAPHQL,
    "delete middle step 2 of 1->2->3": GRAPHQL,
    "delete first step after trigger": GRAPHQL,
    "delete trigger": GRAPHQL,
    "delete non-leaf branch step": GRAPHQL,
    "delete first loop step": GRAPHQL,
    "create edge with unknown target or source": GRAPHQL,
    "delete edge that does not exist": GRAPHQL,
}
"""The sentence of the decisions that overrides a fact."""


def test_every_fact_is_proven_or_overridden() -> None:
    assert FACTS.keys() - PROVEN == OVERRIDDEN.keys()


def test_every_proof_is_of_a_fact() -> None:
    assert FACTS.keys() >= PROVEN
