"""Guests: whoever orders without an account, and touches that order alone, by its token."""
