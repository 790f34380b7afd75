"""Ventuno for developers: the command line and the local stack. Never deployed."""
