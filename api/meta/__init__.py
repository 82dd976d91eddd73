"""What the server says of itself: health, its problems, its documentation, its teapot."""
