"""Accounts themselves: sign-up, one's own profile, and what an owner does to others'."""
