"""A stand-in for Stripe: its documented wire format and rules, the faults of the real one, its own books."""
