"""The site: its static files, and the sample that fills it."""
