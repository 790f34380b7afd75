"""Lambda without containers: one process per execution environment, on the launcher's interpreter."""
