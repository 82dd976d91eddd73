"""The site: static files beside the API, and a sample that shows what pages can do with it."""
