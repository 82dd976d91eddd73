"""The proof, for anyone to run, that stock is sold once: many buyers against a temporary server."""
