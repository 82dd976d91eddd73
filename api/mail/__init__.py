"""Mail: what the server writes to people, each one a job of the transaction that asks for it."""
