"""The proof that anyone can run: buyers against a server of its own, and a ledger that adds up at the end."""
