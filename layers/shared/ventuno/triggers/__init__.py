"""One file per trigger type: its settings and the payload it gives a run."""
