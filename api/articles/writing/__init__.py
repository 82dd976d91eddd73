"""Articles: drafts, changes, publication, lists and search."""
