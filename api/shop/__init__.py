"""The shop: what is for sale, how much of it is left, and who has bought it."""
