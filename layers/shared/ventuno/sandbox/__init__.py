"""JavaScript of CODE steps, run in a fresh QuickJS context in a process of its own, without credentials."""
