"""Refunds: money that goes back to buyers."""
