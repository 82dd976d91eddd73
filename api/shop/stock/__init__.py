"""Stock: an append-only ledger and a counter that never passes zero."""
