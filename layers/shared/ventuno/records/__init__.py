"""CRM records: the object model, its field types, and the one way to read and write records."""
