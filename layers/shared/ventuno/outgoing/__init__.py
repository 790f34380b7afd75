"""Calls to other people's servers: what is sent, where it may go, and what of it may be shown; pure."""
