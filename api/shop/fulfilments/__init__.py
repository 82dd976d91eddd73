"""Fulfilments: what was sent of an order."""
