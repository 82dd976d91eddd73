"""News of providers: events that say which payment to look at."""
