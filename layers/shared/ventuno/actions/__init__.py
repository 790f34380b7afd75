"""One file per action: its settings, what it does, and how it takes part in a machine."""
