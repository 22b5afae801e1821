"""What is read of JSON-LD, whole or broken."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract.meta.jsonld import read_linked_data

ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Bridge opens",
    "datePublished": "2024-03-05T08:00:00+01:00",
    "author": [{"@type": "Person", "name": "Ada Berg"}, {"@type": "Person", "name": "Jon Falk"}],
}


def written(article: object) -> str:
    return json.dumps(article)


BROKEN = {
    "whole": written(ARTICLE),
    "in a graph": written({"@graph": [{"@type": "WebSite", "name": "Paper"}, ARTICLE]}),
    "in a list": written([{"@type": "Organization", "name": "Paper"}, ARTICLE]),
    "in a comment": f"<!-- {written(ARTICLE)} -->",
    "in CDATA": f"//<![CDATA[\n{written(ARTICLE)}\n//]]>",
    "trailing comma": written(ARTICLE)[:-1] + ",}",
    "comments between": "{\n// our paper\n" + written(ARTICLE)[1:],
    "entities for quotes": written(ARTICLE).replace('"', "&quot;"),
    "two values": written({"@type": "Organization", "name": "Paper"}) + written(ARTICLE),
    "raw line break in a string": written(ARTICLE | {"description": "x"}).replace('"x"', '"two\nlines"'),
    "a bare word": written(ARTICLE).replace('"@type": "NewsArticle",', '"@type": "NewsArticle", "id": none,'),
    "never closed": written(ARTICLE)[:-1],
}


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN.keys())
def test_an_article_is_read_though_its_json_is_broken(script: str) -> None:
    found = read_linked_data([script])
    assert found.headline == "Bridge opens"
    assert found.published == "2024-03-05T08:00:00+01:00"
    assert found.authors[0] == "Ada Berg"


def test_persons_may_be_told_by_reference() -> None:
    graph = [ARTICLE | {"author": {"@id": "#ada"}}, {"@type": "Person", "@id": "#ada", "name": "Ada Berg"}]
    assert read_linked_data([written({"@graph": graph})]).authors == ("Ada Berg",)


def test_breadcrumbs_come_in_their_order() -> None:
    items = [
        {"@type": "ListItem", "position": n, "name": name} for n, name in ((2, "Мир"), (1, "Главная"), (3, "Статья"))
    ]
    found = read_linked_data([written({"@type": "BreadcrumbList", "itemListElement": items})])
    assert found.breadcrumbs == ("Главная", "Мир", "Статья")


@given(st.text(alphabet='{}[]":,@typeNwsArcl\\/ \n', max_size=200))
def test_any_script_is_survived(script: str) -> None:
    read_linked_data([script, "{" + script])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "@id", "name", "image", "publisher"]), inner),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_shape_of_data_is_survived(data: object) -> None:
    read_linked_data(
        [written({"@type": "NewsArticle", "headline": data, "author": data, "image": data, "@graph": data})]
    )
