"""Connections, the one writer, rows and columns."""
