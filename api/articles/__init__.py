"""Articles and pages, their comments, and the feeds made of them."""
