"""Challenges: the second step of a login to an account that has a second factor."""
