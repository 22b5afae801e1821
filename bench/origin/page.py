"""An article page as news sites send it: 60 to 170 kB, most of it not the article."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape

from bench.origin.words import Story, word, words

EPOCH = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


def published_at(story: Story) -> datetime:
    """When a story came out: they follow one another by a minute."""
    return EPOCH + timedelta(minutes=story.number)


def render_page(story: Story, url: str) -> bytes:
    """Return the page of `story` at `url`, in UTF-8."""
    rng = random.Random(f"page/{story.number}")
    body = rng.choice(_LAYOUTS)(story, _prose(story, rng), rng)
    site = f"The Bench {story.language.upper()}"
    parts = [
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8">',
        _head(story, url, site),
        _styles(rng),
        f"<script>window.__STATE__={_state(story, rng)};</script></head><body class='page page--article'>",
        _header(story, site, rng),
        body,
        _comments(story, rng),
        _cards(story, rng, "More from this section", rng.randint(20, 90)),
        _footer(story, rng),
        f"<script>{_script(rng)}</script></body></html>",
    ]
    return "\n".join(parts).encode()


# --------------------------------------------------------------------------- the article


def _prose(story: Story, rng: random.Random) -> list[str]:
    """Paragraphs with links and emphasis here and there, subheadings and a picture between them."""
    blocks = []
    for at, text in enumerate(story.paragraphs):
        html = escape(text, quote=False)
        if rng.random() < 0.4:  # the first word is a link; Japanese has no spaces to tell it by
            end = 4 if story.language == "ja" else html.find(" ")
            html = f'<a href="/topic/{rng.randint(1, 900)}">{html[:end]}</a>{html[end:]}'
        blocks.append(f'<p class="c-text c-text--{at}">{html}</p>')
        if at % 6 == 5:
            blocks.append(f"<h2>{escape(words(rng, story.language, 4))}</h2>")
    blocks.insert(1, _figure(story, rng))
    return blocks


def _figure(story: Story, rng: random.Random) -> str:
    sources = ", ".join(f"/media/{story.number}-{width}.jpg {width}w" for width in (320, 480, 640, 960, 1280))
    caption = escape(words(rng, story.language, 8))
    return (
        f'<figure><img src="/media/{story.number}.jpg" srcset="{sources}" alt="{caption}" width="960" height="540">'
        f"<figcaption>{caption} <span class='credit'>Photo: Bench Pictures</span></figcaption></figure>"
    )


def _masthead(story: Story) -> str:
    when = published_at(story)
    return (
        f"<h1>{escape(story.title)}</h1><div class='byline'>By <a rel='author' href='/by/{story.number % 9}'>"
        f"{escape(story.author)}</a></div><time datetime='{when.isoformat()}'>{when:%d.%m.%Y %H:%M}</time>"
    )


def _with_aside(story: Story, blocks: list[str], rng: random.Random) -> list[str]:
    """A newsletter box and a block of related links in the middle of the text, as most sites have them."""
    middle = len(blocks) // 2
    aside = _cards(story, rng, "Read also", 4)
    form = "<form><input type='email'><button>Sign up</button></form>"
    letter = f"<div class='newsletter'><h3>The morning letter</h3>{form}</div>"
    return [*blocks[:middle], letter, aside, *blocks[middle:]]


def _layout_article(story: Story, blocks: list[str], rng: random.Random) -> str:
    inner = "\n".join(_with_aside(story, blocks, rng))
    return f"<main><article>{_masthead(story)}<div class='article-body'>{inner}</div></article></main>"


def _layout_microdata(story: Story, blocks: list[str], rng: random.Random) -> str:
    inner = "\n".join(_with_aside(story, blocks, rng))
    kind = "itemscope itemtype='https://schema.org/NewsArticle'"
    return f"<div id='content' {kind}>{_masthead(story)}<section itemprop='articleBody'>{inner}</section></div>"


def _layout_wrapped(story: Story, blocks: list[str], rng: random.Random) -> str:
    """Each paragraph in three divisions of its own, as page builders write them."""
    inner = "\n".join(
        f"<div class='row'><div class='col'><div class='block'>{block}</div></div></div>" for block in blocks
    )
    side = _cards(story, rng, "Most read", 10)
    return f"<div class='wrap'><div class='story'>{_masthead(story)}{inner}</div><div class='side'>{side}</div></div>"


_LAYOUTS: tuple[Callable[[Story, list[str], random.Random], str], ...] = (
    _layout_article,
    _layout_microdata,
    _layout_wrapped,
)


# --------------------------------------------------------------------------- everything else


def _head(story: Story, url: str, site: str) -> str:
    when = published_at(story).isoformat()
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": when,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": site},
        "articleSection": story.section,
        "mainEntityOfPage": url,
    }
    metas = {
        "og:title": story.title,
        "og:type": "article",
        "og:url": url,
        "og:site_name": site,
        "og:image": f"/media/{story.number}.jpg",
        "og:description": story.paragraphs[0][:160],
        "article:published_time": when,
        "article:section": story.section,
    }
    tags = "".join(f'<meta property="{name}" content="{escape(value)}">' for name, value in metas.items())
    linked = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<title>{escape(story.title)} | {site}</title><link rel="canonical" href="{url}">{tags}'
        f'<script type="application/ld+json">{linked}</script>'
    )


def _styles(rng: random.Random) -> str:
    rules = (
        f".c-{at}{{margin:{rng.randint(0, 40)}px;color:#{rng.randrange(1 << 24):06x};padding:{rng.randint(0, 9)}px}}"
        for at in range(rng.randint(80, 260))
    )
    return f"<style>{''.join(rules)}</style>"


def _state(story: Story, rng: random.Random) -> str:
    """The page's own data for its script: the largest part of many pages."""
    cards = [
        {"id": rng.randrange(1 << 31), "title": words(rng, story.language, 7), "tags": [word(rng, story.language)] * 3}
        for _ in range(rng.randint(60, 700))
    ]
    return json.dumps({"article": story.number, "cards": cards}, ensure_ascii=False).replace("<", "\\u003c")


def _header(story: Story, site: str, rng: random.Random) -> str:
    menus = []
    for _ in range(rng.randint(8, 14)):
        items = "".join(
            f"<li class='menu__item'><a class='menu__link' href='/s/{rng.randint(1, 999)}'>"
            f"{word(rng, story.language)}</a></li>"
            for _ in range(rng.randint(6, 12))
        )
        menus.append(f"<li><button>{word(rng, story.language)}</button><ul class='menu'>{items}</ul></li>")
    return f"<header><a href='/'>{site}</a><nav aria-label='main'><ul>{''.join(menus)}</ul></nav></header>"


def _cards(story: Story, rng: random.Random, heading: str, count: int) -> str:
    cards = "".join(
        f"<li class='card'><a class='card__link' href='/page/{rng.randrange(10_000)}.html'>"
        f"<picture><source srcset='/t/{at}-1x.webp 1x, /t/{at}-2x.webp 2x'>"
        f"<img loading='lazy' src='/t/{at}.jpg' alt=''></picture>"
        f"<h3 class='card__title'>{escape(words(rng, story.language, 8))}</h3>"
        f"<p class='card__text'>{escape(words(rng, story.language, 14))}</p></a>"
        f"<span class='card__meta'>{at + 1} h</span></li>"
        for at in range(count)
    )
    return f"<section class='related'><h2>{heading}</h2><ul>{cards}</ul></section>"


def _comments(story: Story, rng: random.Random) -> str:
    comments = "".join(
        f"<li class='comment'><b>reader{rng.randint(1, 9999)}</b>"
        f"<p>{escape(words(rng, story.language, rng.randint(8, 40)))}</p><button>Reply</button></li>"
        for _ in range(rng.randint(0, 25))
    )
    return f"<section id='comments' class='comments'><h2>Comments</h2><ol>{comments}</ol></section>"


def _footer(story: Story, rng: random.Random) -> str:
    links = "".join(
        f"<li><a href='/about/{at}'>{words(rng, story.language, 2)}</a></li>" for at in range(rng.randint(30, 70))
    )
    return f"<footer><ul>{links}</ul><p>© 2026 The Bench. All rights reserved.</p></footer>"


def _script(rng: random.Random) -> str:
    return ";".join(f"a{at}=function(b){{return b*{rng.randint(2, 9999)}<{at}}}" for at in range(rng.randint(100, 500)))
