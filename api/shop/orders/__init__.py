"""Orders: what buyers have asked for, at the prices of that moment."""
