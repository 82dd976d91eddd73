"""Items for sale, with images, options and categories; each is sold in variants."""
