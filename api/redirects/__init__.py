"""Redirects: addresses that lead elsewhere, such as those of the site that was imported."""
