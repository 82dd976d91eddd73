"""The demonstration: an invented press with a shop, read from the files in this folder."""
