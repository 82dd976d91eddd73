"""Deliveries: events on their way to webhooks."""
