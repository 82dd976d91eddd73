"""Origins: the ids that imported things have in their source, so that each is imported once."""
