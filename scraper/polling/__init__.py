"""Polling feeds: when, what became of each entry, and what is filed."""
