"""The audit of accounts: what an investigation asks for, and nobody can change."""
