"""A file in, typed records and problems out. No SQL, no screens."""
