"""Items: what is for sale, with pictures, options and categories."""
