"""Kiosque: the JSON backend of a site that publishes and sells."""
