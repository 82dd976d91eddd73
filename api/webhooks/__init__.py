"""Webhooks: what happens, sent as it happens to the addresses that owners name."""
