"""Variants: the forms in which an item is sold, each with a sku and a price."""
