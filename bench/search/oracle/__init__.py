"""Searches held against a slow, plain evaluator of docs/reference/search.md."""
