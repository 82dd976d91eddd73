"""Taxonomy: the tags and categories under which articles and items are filed."""
