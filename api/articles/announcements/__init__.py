"""The events of articles, among them the one of a publication at a time to come."""
