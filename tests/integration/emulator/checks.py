"""One check per fix. Each fails on an emulator that runs `--without` the fix; test_fixes.py proves both."""

from tests.integration.emulator import checks_services, checks_states

CHECKS = {
    name.removeprefix("check_").replace("_", "-"): check
    for module in (checks_services, checks_states)
    for name, check in vars(module).items()
    if name.startswith("check_")
}

NEEDS_IAM = frozenset({"dynamodb-leading-keys", "scheduler-resources", "ses-resources"})
"""Checks that need an emulator which enforces policies."""
