"""The server's description of itself: health, problems, documentation and a teapot."""
