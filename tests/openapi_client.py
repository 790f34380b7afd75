"""A client made of an OpenAPI document: what it sends and what it gets must be as the document says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of a document."""

    method: str
    path: str
    call: Mapping[str, Any]

    def parameters(self, place: str) -> set[str]:
        return {one["name"] for one in self.call.get("parameters", []) if one["in"] == place}


class OpenApiClient:
    """Calls by operation id; parameters that the document does not have cannot be given."""

    def __init__(self, document: Mapping[str, Any], host: str, http: httpx.Client, token: str) -> None:
        self._document = document
        self._base = f"{host}{document['servers'][0]['url']}"
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"}
        self.operations = {
            call["operationId"]: Operation(method.upper(), path, call)
            for path, calls in document["paths"].items()
            for method, call in calls.items()
        }

    def __call__(self, operation_id: str, body: Any = None, **parameters: Any) -> Any:  # noqa: ANN401  any JSON
        """Call an operation, which must succeed as documented, and return what it answers."""
        operation = self.operations[operation_id]
        known = operation.parameters("path") | operation.parameters("query")
        assert set(parameters) <= known, f"{operation_id} takes {known}, not {set(parameters) - known}"
        if body is not None:
            self._check(operation.call["requestBody"]["content"]["application/json"]["schema"], body)
        query = {name: parameters[name] for name in parameters.keys() & operation.parameters("query")}
        answer = self._http.request(
            operation.method,
            self._base + operation.path.format(**parameters),
            params={name: str(value).lower() if value is True else value for name, value in query.items()},
            json=body,
            headers=self._headers,
        )
        assert answer.status_code < 300, f"{operation_id}: {answer.status_code} {answer.text}"
        told = operation.call["responses"][str(answer.status_code)]
        self._check(told["content"]["application/json"]["schema"], answer.json())
        return answer.json()

    def _check(self, schema: Mapping[str, Any], value: Any) -> None:  # noqa: ANN401  any JSON
        whole = {**schema, "components": self._document["components"]}
        wrong = [
            f"{error.json_path}: {error.message}" for error in Draft202012Validator(whole).iter_errors(value)
        ]
        assert not wrong, wrong
