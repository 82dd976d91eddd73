"""Jobs: the work that a transaction leaves to be done once it has committed."""
