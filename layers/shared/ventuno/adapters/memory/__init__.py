"""Ports in memory: for tests, simulation and benchmarks; thread-safe, and as strict as the real stores."""
