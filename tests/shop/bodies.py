"""What shopkeepers send: a price, and an item of two sizes."""

from __future__ import annotations


def eur(amount):
    return {"amount": amount, "currency": "EUR"}


def shirt(**fields):
    sizes = ("S", "M")
    return {
        "name": "Shirt",
        "status": "published",
        "options": [{"name": "Size", "values": list(sizes)}],
        "variants": [
            {"sku": f"shirt-{size}", "price": eur(2500), "options": {"Size": size}, "stock": 5}
            for size in sizes
        ],
        **fields,
    }
