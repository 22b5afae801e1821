"""The peers' side of each measurement; runs in bench/.venv and knows nothing of Wireroom."""
