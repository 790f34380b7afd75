"""The codes of findings: what each means and what to do; `docs/findings.md` is made from this table."""

from __future__ import annotations

CODES: dict[str, str] = {
    "INVALID_DEFINITION": "The text is no JSON or YAML, or a value has the wrong type or range.",
    "UNKNOWN_KEY": "A key does not exist at this place. Correct or remove it.",
    "NO_STEPS": "The workflow has no step. Add one.",
    "MISSING_TRIGGER_TYPE": "The trigger's type is not one of the known types.",
    "INVALID_TRIGGER_PARAMS": "The trigger's settings do not fit its type.",
    "TRIGGER_HAS_NO_NEXT_STEP": "Nothing follows the trigger. Name the first step in its nextStepIds.",
    "DUPLICATE_STEP_ID": "Two steps have the same id, or a step is called `trigger`.",
    "UNKNOWN_STEP_TYPE": "The step's type is not one of the known actions.",
    "INVALID_STEP_PARAMS": "The step's input does not fit its action.",
    "DANGLING_REFERENCE": "A link names a step that does not exist.",
    "UNREACHABLE_STEP": "No path from the trigger leads to the step, so it can never run.",
    "STEP_CYCLE": "Steps form a circle that is no iterator loop, so the run could never end.",
    "ITERATOR_MISSING_LOOP_BODY": "An ITERATOR has no body. Name its first step in initialLoopStepIds.",
    "LOOP_BODY_NEVER_RETURNS": "No step of a loop's body leads back to its iterator.",
    "LOOP_BODIES_OVERLAP": "Two loops share steps. One lies wholly inside the other, or beside it.",
    "LOOP_BORDER_CROSSED": "A link enters or leaves a loop's body other than through its iterator.",
    "IF_ELSE_INSUFFICIENT_BRANCHES": "An IF_ELSE with fewer than two branches decides nothing.",
    "IF_ELSE_BRANCH_HAS_NO_NEXT_STEP": "Nothing follows a branch; the run ends there.",
    "AMBIGUOUS_STEP_ID": "Variables read the step's id as something else: a literal, `this` or `now`.",
    "VARIABLE_INVALID_PATH": "The text between {{ and }} is no path.",
    "VARIABLE_UNKNOWN_STEP": "A variable names a step that does not exist.",
    "VARIABLE_NOT_UPSTREAM": "A variable names a step that does not run before this one on every path.",
    "VARIABLE_PATH_NOT_FOUND": "The output of the step or trigger has nothing at this path.",
    "VARIABLE_UNKNOWN_PIPE": "There is no pipe of this name.",
    "VARIABLE_INVALID_PIPE": "A pipe has a wrong argument, stands wrongly, or cannot take the value.",
    "TEMPLATE_LIMIT_EXCEEDED": "A text with variables is too long, or a path has too many keys.",
    "FILTER_TYPE_MISMATCH": "A filter's type or operand does not fit what it compares.",
    "QUOTA_EXCEEDED": "The compiled machine would break a limit of Step Functions. Split the workflow.",
}
