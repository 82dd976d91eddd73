"""Variants: what is bought, each with a sku and a price."""
