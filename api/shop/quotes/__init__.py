"""Quotes: what an order would come to, without an order."""
