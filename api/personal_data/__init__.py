"""Personal data across all features: their export, and their erasure."""
