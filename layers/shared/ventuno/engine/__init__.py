"""The run rules as pure functions: who may run, who is skipped, what a run's status is; no AWS, no clock."""
