"""API keys: credentials for programs, bounded by scopes."""
