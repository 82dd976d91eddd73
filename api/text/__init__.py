"""Text: fields, slugs, Markdown and HTML, independent of HTTP and the database."""
