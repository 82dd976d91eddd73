"""What the log of events says of articles."""
