"""The benchmark of Kiosque and its peers: `python -m bench`, or `make bench`, writes RESULTS.md."""
