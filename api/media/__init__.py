"""Pictures for articles and items, and files to sell: uploaded once, shown in several sizes."""
