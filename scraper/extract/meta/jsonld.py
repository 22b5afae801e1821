"""What schema.org data in a page says about its article: JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

#: Characters of one script that are read.
_MAX_SCRIPT = 2_000_000
_MAX_NODES = 3000
_ARTICLE_TYPES = re.compile(
    r"Article$|BlogPosting$|"
    r"^(?:Report|Review|CreativeWork|SocialMediaPosting|DiscussionForumPosting|Recipe|HowTo)$"
)
_PAGE_TYPES = frozenset(("WebPage", "ItemPage", "VideoObject", "MediaObject", "CollectionPage", "PodcastEpisode"))
_TRAILING_COMMA = re.compile(r",\s*([}\]])")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedData:
    """The parts of the article node that are used; strings as written."""

    types: tuple[str, ...] = ()
    headline: str | None = None
    description: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    section: str | None = None
    publisher: str | None = None
    site_name: str | None = None
    language: str | None = None
    images: tuple[str, ...] = ()
    body: str | None = None
    is_free: bool | None = None
    breadcrumbs: tuple[str, ...] = ()

    @property
    def is_article(self) -> bool:
        """Whether the node itself says that it is an article."""
        return any(_ARTICLE_TYPES.search(name) for name in self.types)


def read_linked_data(scripts: list[str]) -> LinkedData:
    """What the scripts of a page say of its main article; empty when they say nothing that can be read."""
    nodes = [node for script in scripts for node in _nodes(_loads(script))]
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    main = _main_node(nodes)
    crumbs = next((_crumbs(node) for node in nodes if "BreadcrumbList" in _types(node)), ())
    if main is None:
        return LinkedData(breadcrumbs=crumbs, site_name=_website_name(nodes))
    return LinkedData(
        types=_types(main),
        headline=_string(main.get("headline")) or (_string(main.get("name")) if _is_article(main) else None),
        description=_string(main.get("description")),
        authors=_people(main.get("author"), by_id) or _people(main.get("creator"), by_id),
        published=_string(main.get("datePublished")) or _string(main.get("dateCreated")),
        modified=_string(main.get("dateModified")),
        section=_string(_first(main.get("articleSection"))),
        publisher=_name_of(main.get("publisher"), by_id),
        site_name=_website_name(nodes),
        language=_string(_first(main.get("inLanguage"))),
        images=tuple(_images(main.get("image"), by_id)) or tuple(_images(main.get("thumbnailUrl"), by_id)),
        body=_body(main),
        is_free=_is_free(main),
        breadcrumbs=crumbs,
    )


def _loads(script: str) -> Any:
    script = (
        script.strip("\ufeff \t\r\n")
        .removeprefix("<!--")
        .removesuffix("-->")
        .removeprefix("//<![CDATA[")
        .removesuffix("//]]>")
    )
    script = script.replace("<![CDATA[", "").replace("]]>", "").strip().rstrip(";")[:_MAX_SCRIPT]
    if not script.startswith(("{", "[")):
        return None
    for mend in _MENDS:
        try:
            return json.loads(mend(script), strict=False)
        except (ValueError, RecursionError):
            continue
    return _salvaged(script)


_COMMENT = re.compile(r"^[ \t]*//.*|(?<=[\s,])//\s.*|/\*.{0,500}?\*/", re.M)
_BROKEN_ENTITY = re.compile(r"& ?# ?(?=\d)")
#: What pages get wrong, in the order it is tried.
_MENDS: tuple[Callable[[str], str], ...] = (
    str,
    lambda script: _TRAILING_COMMA.sub(r"\1", script),
    lambda script: _TRAILING_COMMA.sub(r"\1", _COMMENT.sub("", script)),
    lambda script: html.unescape(_BROKEN_ENTITY.sub("&#", script)),
)


def _salvaged(script: str) -> Json | None:
    """The plain facts of an article whose JSON cannot be read."""
    found: Json = {}
    for key, value in _PAIR.findall(script[:_MAX_SALVAGED]):
        if key != "@type" or _ARTICLE_TYPES.search(value):
            found.setdefault(key, value.replace('\\"', '"').replace("\\/", "/"))
    author = _AUTHOR.search(script[:_MAX_SALVAGED])
    if author is not None:
        found["author"] = author[1]
    return found if "@type" in found else None


_MAX_SALVAGED = 50_000
_PAIR = re.compile(
    r'"(@type|headline|description|datePublished|dateModified|articleSection)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"'
)
_AUTHOR = re.compile(r'"author"\s*:\s*(?:[\[{][^\]}]{0,300}?"name"\s*:\s*)?"([^"\n]{2,100})"')


def _nodes(data: Any) -> Iterator[Json]:
    """All typed objects, outer before inner; bounded."""
    stack, seen = [data], 0
    while stack and seen < _MAX_NODES:
        seen += 1
        node = stack.pop()
        if isinstance(node, list):
            stack.extend(reversed(node))
        elif isinstance(node, dict):
            if "@type" in node:
                yield node
            stack.extend(value for key, value in node.items() if isinstance(value, dict | list) and key in _FOLLOWED)


_FOLLOWED = frozenset((
    "@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "breadcrumb", "isPartOf", "publisher",
    "author", "subjectOf", "hasPart", "primaryImageOfPage",
))  # fmt: skip


def _types(node: Json) -> tuple[str, ...]:
    found = node.get("@type")
    names = found if isinstance(found, list) else [found]
    return tuple(name.rsplit("/", 1)[-1].removeprefix("schema:") for name in names if isinstance(name, str))


def _is_article(node: Json) -> bool:
    return any(_ARTICLE_TYPES.search(name) for name in _types(node))


def _main_node(nodes: list[Json]) -> Json | None:
    """The first article that tells most; a page node where there is no article."""
    articles = [node for node in nodes if _is_article(node)]
    if articles:
        return max(
            articles,
            key=lambda node: sum(bool(node.get(key)) for key in ("headline", "datePublished", "author", "articleBody")),
        )
    pages = [node for node in nodes if not _PAGE_TYPES.isdisjoint(_types(node)) and node.get("datePublished")]
    return pages[0] if pages else None


def _first(value: Any) -> Any:
    while isinstance(value, list):
        value = value[0] if value else None
    return value


def _string(value: Any) -> str | None:
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str | int):
        return None
    text = " ".join(html.unescape(html.unescape(str(value))).split())
    return text or None


def _resolved(value: Any, by_id: dict[str, Json]) -> Any:
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and len(value) <= 2:
        return by_id.get(value["@id"], value)
    return value


def _name_of(value: Any, by_id: dict[str, Json]) -> str | None:
    value = _resolved(_first(value), by_id)
    return _string(value.get("name")) if isinstance(value, dict) else _string(value)


def _people(value: Any, by_id: dict[str, Json]) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    names: list[str] = []
    for person in values[:30]:
        person = _resolved(person, by_id)
        if isinstance(person, dict):
            inner = person.get("name")
            names += (
                [name for name in inner if isinstance(name, str)] if isinstance(inner, list) else [_string(inner) or ""]
            )
        elif isinstance(person, str):
            names.append(_string(person) or "")
    return tuple(dict.fromkeys(name for name in names if name and "://" not in name))


def _images(value: Any, by_id: dict[str, Json]) -> Iterator[str]:
    for image in value[:20] if isinstance(value, list) else [value]:
        image = _resolved(image, by_id)
        if isinstance(image, dict):
            image = _first(image.get("url")) or _first(image.get("contentUrl"))
        image = _first(image)
        if isinstance(image, str) and image.strip():
            yield html.unescape(image.strip())


def _body(node: Json) -> str | None:
    found = _first(node.get("articleBody")) or _first(node.get("text"))
    return html.unescape(found) if isinstance(found, str) and len(found) > 200 else None


def _is_free(node: Json) -> bool | None:
    found = node.get("isAccessibleForFree")
    if isinstance(found, bool):
        return found
    return str(found).strip().lower() != "false" if isinstance(found, str) else None


def _crumbs(node: Json) -> tuple[str, ...]:
    items = node.get("itemListElement")
    names: list[tuple[int, str]] = []
    for index, entry in enumerate(items if isinstance(items, list) else []):
        if not isinstance(entry, dict):
            continue
        item = entry.get("item")
        name = _string(entry.get("name")) or (_string(item.get("name")) if isinstance(item, dict) else None)
        if name:
            names.append((entry["position"] if isinstance(entry.get("position"), int) else index, name))
    return tuple(name for _, name in sorted(names))


def _website_name(nodes: list[Json]) -> str | None:
    return next((name for node in nodes if "WebSite" in _types(node) and (name := _string(node.get("name")))), None)
