"""Payments by Stripe. To import it takes Stripe's package, which not every installation has."""
