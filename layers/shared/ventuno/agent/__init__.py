"""Conversations with language models: what is said, which tools there are, and when it ends."""
