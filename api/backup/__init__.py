"""Backups: the whole database into a file, back from it, or into another database."""
