"""What the page reads of runs and definitions, over HTTP: through the function, its role and the tables."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import Json, passes, step, written
from tests.graphs.simulating import loop
from ventuno.access.model import Role
from ventuno.definition.loading import definition_from
from ventuno.runtime.access import create_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.runs import Product


pytestmark = pytest.mark.e2e
ROWS = [[f"{row}.{column}" for column in range(2)] for row in range(55)]
NESTED = written(
    loop("rows", "row", "{{trigger.rows}}"),
    loop("row", "kept", "{{rows.currentItem}}", "rows"),
    step("kept", "FILTER", "row", passes("{{row.currentItem}}", "53.1")),
)


@pytest.fixture(scope="module")
def asked(product: Product) -> Callable[..., Any]:
    """Call the API as a viewer."""
    _, token = create_key("page", Role.VIEWER, product.services)

    def ask(method: str, address: str, body: Json | None = None) -> Any:  # noqa: ANN401 - any JSON
        headers = {"authorization": f"Bearer {token}"}
        answer = product.http.request(method, f"{product.api_url}{address}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


def test_iterations_of_a_loop_and_of_the_loop_in_it_are_read_over_http(
    product: Product, asked: Callable[..., Any]
) -> None:
    slug = f"flow-{uuid.uuid4().hex[:12]}"
    address = product.activated(slug, definition_from(NESTED))
    run_id = product.post(address, {"rows": ROWS})["workflowRunId"]
    assert product.finished(run_id)["status"] == "COMPLETED"
    outer = asked("GET", f"/runs/{run_id}/iterations/rows?from=49&limit=3")
    inner = asked("GET", f"/runs/{run_id}/iterations/row?within=53")

    assert outer["count"] == len(ROWS)
    assert [(one["index"], one["item"]) for one in outer["iterations"]] == [
        (n, ROWS[n]) for n in (49, 50, 51)
    ]
    assert {one["steps"]["row"]["status"] for one in outer["iterations"]} == {"SUCCESS"}
    assert [one["steps"]["kept"]["status"] for one in inner["iterations"]] == ["STOPPED", "SUCCESS"]


def test_the_schemas_of_what_is_stored_and_of_what_is_edited_are_the_same(
    product: Product, asked: Callable[..., Any]
) -> None:
    slug = f"flow-{uuid.uuid4().hex[:12]}"
    product.activated(slug, definition_from(NESTED))
    stored = asked("GET", f"/workflows/{slug}/schemas")

    assert stored == asked("POST", "/workflows/schemas", NESTED)
    assert stored["kept"]["matchesFilter"]["type"] == "BOOLEAN"
