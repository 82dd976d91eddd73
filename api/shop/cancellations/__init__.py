"""Cancellations: units that nobody will be sent, and what was paid for them."""
