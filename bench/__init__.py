"""Kiosque measured beside its peers: `python -m bench`, or `make bench`, writes RESULTS.md."""
