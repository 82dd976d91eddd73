"""A package with the name of another."""
