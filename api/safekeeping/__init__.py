"""Backups, and moving from one database to another: everything, or nothing."""
