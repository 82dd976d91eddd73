"""Feeds and the sitemap: published articles for readers and search engines."""
