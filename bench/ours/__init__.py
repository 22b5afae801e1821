"""Wireroom's side of each measurement; runs in .venv."""
