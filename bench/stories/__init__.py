"""Stories: how well they are found, and what finding them costs: `python -m bench.stories`. See ../README.md."""
