"""The peers: the same small job in each framework's documented idiom, with the same rows and answers."""
