"""Import of records from files: read, map columns to fields, write in batches, report what was refused."""
