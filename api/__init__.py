"""Kiosque: the JSON backend of a site that publishes and sells."""

__version__ = "0.1.0"
