"""The summary: the work that waits for the staff, in numbers."""
