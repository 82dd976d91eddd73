"""Stand-ins for services that tests cannot call."""
