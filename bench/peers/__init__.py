"""The same small job in each framework's documented idiom, over the same rows, with the same answers."""
