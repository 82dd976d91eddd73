"""Origins: which thing here came from which thing of another system, so that it comes in once."""
