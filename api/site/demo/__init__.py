"""A small, invented press with a shop, to look at: its words and figures are in the files beside this one."""
