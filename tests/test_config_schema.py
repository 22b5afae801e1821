"""The JSON Schema that is shipped says what the models say."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from ruamel.yaml import YAML

from scraper.config import starter_text
from scraper.config.models import KEYS
from scraper.config.schema import feeds_schema, schema_text

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "scraper" / "config" / "feeds.schema.json"


def faults(text: str) -> list[str]:
    data = YAML(typ="safe", pure=True).load(text)
    return [error.message for error in jsonschema.Draft202012Validator(feeds_schema()).iter_errors(data)]


def test_the_shipped_schema_is_the_models():
    assert SHIPPED.read_text("utf-8") == schema_text(), (
        "run: python -m scraper.config.schema > /tmp/schema && mv /tmp/schema scraper/config/feeds.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text()))


def test_every_key_is_described():
    schema = feeds_schema()
    sections = [schema, *schema["$defs"].values()]
    described = {key for section in sections for key, value in section["properties"].items() if value["description"]}
    assert described == {key for keys in KEYS.values() for key in keys}


def test_the_example_files_fit():
    text = (ROOT / "feeds.yaml").read_text("utf-8")
    head, _, place = text.split("\n")[0].partition("$schema=")
    assert head == "# yaml-language-server: "
    assert ROOT / place == SHIPPED
    assert faults(text) == []
    assert faults(starter_text()) == []


@pytest.mark.parametrize(
    "text",
    [
        "feeds: [https://a.org/, {url: 'http://b.org/', interval: 1h30m, schedule: '*/5 * * * *'}]",
        "feeds:\nsettings:\n  concurrency: 5\n  network: {allow_private: ['::1']}\nsites: {a.org: {body: p}}",
        "feeds: []\nsites: {a.org: {body: [p, q], next_page: a, single_page: '{url}?print=1'}}",
    ],
)
def test_good_files_fit(text):
    assert faults(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "feeds: 7",
        "feeds: [7]",
        "feeds: [a.org]",
        "feeds: [{name: x}]",
        "feeds: [{url: 'https://a.org/', intervall: 1h}]",
        "feeds: [{url: 'https://a.org/', interval: 30}]",
        "feeds: [{url: 'https://a.org/', interval: 30x}]",
        "feeds: [{url: 'https://a.org/', tags: x}]",
        "feeds: [{url: 'https://a.org/', schedule: '* * *'}]",
        "feeds: []\nsettings: {concurrency: 300}",
        "feeds: []\nsettings: {listen: 8460}",
        "feeds: []\nsites: {a.org: {body: 1}}",
    ],
)
def test_bad_files_do_not(text):
    assert faults(text)
