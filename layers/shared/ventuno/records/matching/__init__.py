"""Conditions executed in memory, by the rules of SQL: a comparison with null is neither true nor false."""
