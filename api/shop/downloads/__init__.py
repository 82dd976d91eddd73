"""Downloads: the files that buyers have paid for, by links that live for some hours."""
