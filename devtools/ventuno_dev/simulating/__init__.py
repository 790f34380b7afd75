"""Simulate a run in virtual time, without side effects: by the run rules, or as the compiled machine."""
