"""Pages for people, written on the server; no script is needed, and none is allowed."""
