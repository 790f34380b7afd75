"""What authors write: the envelope of a definition, its graph, and every check of it; no AWS."""
