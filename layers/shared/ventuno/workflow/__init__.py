"""Workflows and their versions as they are stored."""
