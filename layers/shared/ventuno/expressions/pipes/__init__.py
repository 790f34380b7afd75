"""The pipes: a closed set of functions after a path, one file per family, listed in `registry.py`.

A pipe is data for a parser: its name is looked up, its arguments are literals, nothing is evaluated.
"""
