"""StepScope: what an action may know about the workspace and the steps before it when it is validated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ventuno.schemas import Scope

if TYPE_CHECKING:
    from ventuno.actions.record_schemas import ModelSchemas
    from ventuno.logic.model import Functions
    from ventuno.outside import CodeRunner


@dataclass(frozen=True)
class StepScope(Scope):
    """A scope whose objects are those of the object model, fields and all.

    `code` reads the code of steps; without it, code is taken as it is. `functions` are the workspace's;
    without them, any name is taken for one.
    """

    objects: ModelSchemas
    code: CodeRunner | None = None
    functions: Functions | None = None
