"""Reconciliation: everything that a shop stores twice must agree."""
