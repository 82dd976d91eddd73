"""Sessions: login, its throttle, and logout."""
