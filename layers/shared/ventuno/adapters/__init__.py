"""Implementations of the ports, one folder per technology; nothing else may import a client library."""
