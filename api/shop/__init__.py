"""The shop: items and their variants, stock, orders, payments and fulfilments."""
