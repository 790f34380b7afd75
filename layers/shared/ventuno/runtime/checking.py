"""Check and compile definitions by what the workspace has: its objects, functions, and code runner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ventuno.runtime.functions import WorkspaceFunctions
from ventuno.runtime.validation import compile_checked, findings_of, output_schemas

if TYPE_CHECKING:
    from ventuno.compiler.compile import Compiled
    from ventuno.definition.findings import Finding
    from ventuno.definition.model import Definition
    from ventuno.json_value import JsonObject
    from ventuno.runtime.services import Services


def findings_here(definition: Definition, services: Services) -> tuple[Finding, ...]:
    """Find everything that is wrong with a definition. Raises: StoreUnavailableError"""
    functions = WorkspaceFunctions(services)
    return tuple(findings_of(definition, services.objects, services.outside.code, functions))


def compiled_here(definition: Definition, services: Services) -> Compiled:
    """Compile a definition. Raises: DefinitionError, StoreUnavailableError"""
    functions = WorkspaceFunctions(services)
    return compile_checked(definition, services.objects, services.outside.code, functions)


def schemas_here(definition: Definition, services: Services) -> JsonObject:
    """Tell what the trigger and each step result in. Raises: PayloadTooLargeError, StoreUnavailableError"""
    return output_schemas(definition, services.objects, WorkspaceFunctions(services))
