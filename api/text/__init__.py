"""Text: slugs, Markdown and HTML, without a database."""
