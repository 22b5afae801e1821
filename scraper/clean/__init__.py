"""Cleaning: an allow-list of markup, and an article's body as HTML, Markdown and plain text."""
