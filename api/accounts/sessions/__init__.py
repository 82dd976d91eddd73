"""Sessions: login and logout."""
