"""The object model: which objects there are, which fields they have, and what is unique."""
