"""The checks of an installation: whether everything that it needs is as it should be."""
