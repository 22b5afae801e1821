"""The JSON Schema of feeds.yaml, for editors: `python -m scraper.config.schema` prints it.

The package carries it as feeds.schema.json; a test holds that file equal to the models.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from scraper.config.models import FeedsFile


def feeds_schema() -> dict[str, Any]:
    """Return the schema as made from the models."""
    made = FeedsFile.model_json_schema()
    made["properties"]["feeds"]["anyOf"][0]["items"] = {
        "anyOf": [made["$defs"]["FeedSection"]["properties"]["url"], {"$ref": "#/$defs/FeedSection"}]
    }
    _drop_noise(made)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "feeds.yaml of Wireroom",
        **made,
    }


def schema_text() -> str:
    """Return the schema as the file that is shipped."""
    return json.dumps(feeds_schema(), indent=2, ensure_ascii=False) + "\n"


def _drop_noise(part: Any) -> None:
    """Remove the titles pydantic makes from names (editors show them in the place of the key) and null defaults."""
    if isinstance(part, dict):
        if isinstance(part.get("title"), str):
            del part["title"]
        if "default" in part and part["default"] is None:
            del part["default"]
        for child in part.values():
            _drop_noise(child)
    elif isinstance(part, list):
        for child in part:
            _drop_noise(child)


if __name__ == "__main__":
    sys.stdout.write(schema_text())
