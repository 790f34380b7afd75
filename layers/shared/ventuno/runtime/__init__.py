"""The use cases that handlers and the command line call; they know ports, never AWS."""
