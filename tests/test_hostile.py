"""Any bytes may be a page: extraction answers or says NotHtml, never emits what acts, and gives the same again."""

from __future__ import annotations

import hashlib
import os
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from patience import times

from bench.fixtures import load_pages
from scraper.errors import NotHtml
from scraper.extract import extract_article
from scraper.model import Extraction

CASES = load_pages()
URL = "https://e.example/dir/page"
#: Elements that `html` may have; see scraper.clean.reader.
INERT = {
    "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "dd", "del", "dl", "dt", "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
#: `class` names the language of a code block in rendered Markdown.
ATTRIBUTES = {"href", "src", "alt", "title", "rel", "colspan", "rowspan", "start", "lang", "dir", "class"}
ATTACKS = [
    b"<table><tr><td>a</td><td><pre>x\n\n&lt;script&gt;alert(1)&lt;/script&gt;</pre></td></tr></table>",
    b"<script>alert(1)</script>", b"<img src=x onerror=alert(1)>", b"<a href='javascript:alert(1)'>click on this</a>", b"<a href='&#106;avascript&colon;alert(1)'>click on this</a>",
    b"<a href='data:text/html,<script>alert(1)</script>'>data in an address</a>", b"<svg><script>alert(1)</script></svg>", b"<svg/onload=alert(1)>", b"<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    b"<style>*{background:url(javascript:alert(1))}</style>", b"<p style='background:url(javascript:alert(1))' onclick=alert(1)>A paragraph with a style. It has two sentences.</p>",
    b"<object data=javascript:alert(1)></object>", b"<math><mi xlink:href='javascript:alert(1)'>x</mi></math>", b"<form action=javascript:alert(1)><button formaction=javascript:alert(1)>b</button></form>",
    b"<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", b"<template><script>alert(1)</script></template>", b"<base href='javascript:/a/'>", b"<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    b"<p>[click on this](javascript:alert(1)) and ![x](data:text/html;base64,PHNjcmlwdD4=) and &lt;script&gt;alert(1)&lt;/script&gt; stand here.</p>", b"<p>&lt;img src=x onerror=alert(1)&gt; is what they wrote. It was quoted in full.</p>",
    b"<pre>```\n&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;</pre>", b"<p>`&lt;b onclick=alert(1)&gt;` <code>`</code> &lt;javascript:alert(1)&gt; stands in this sentence. So it does.</p>",
    b"<textarea><script>alert(1)</script></textarea>", b"<![CDATA[<script>alert(1)</script>]]>", b"<title></title><script>alert(1)</script>",
]  # fmt: skip


class Audit(HTMLParser):
    """Collects what is not inert in HTML, read by another parser than ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INERT:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES:
                self.faults.append(f"{tag} {name}={value}")
            if name in ("href", "src") and not re.match(r"https?://|mailto:|$", value or ""):
                self.faults.append(f"{tag} {name}={value}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    @classmethod
    def of(cls, html: str) -> list[str]:
        audit = cls()
        audit.feed(html)
        audit.close()
        return audit.faults


def test_the_audit_sees_what_acts() -> None:
    assert Audit.of("<p>fine <a href='https://e.example/'>link</a></p>") == []
    for payload in (
        "<script>",
        "<p onclick=x>",
        "<a href=javascript:x>",
        "<img src=data:x>",
        "<!--x-->",
        "<?x>",
        "<p style=x>",
    ):
        assert Audit.of(payload), payload
    assert Audit.of(RENDER.render("[x](javascript:alert(1))"))
    assert Audit.of(RENDER.render("<script>alert(1)</script>"))


#: Raw HTML passes, as it would with a careless reader of the Markdown; link checks of the renderer are off, too.
RENDER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
RENDER.validateLink = lambda url: True  # type: ignore[method-assign]


def read(body: bytes, content_type: str | None = None) -> Extraction | None:
    try:
        return extract_article(body, url=URL, content_type=content_type)
    except NotHtml:
        return None


def check(body: bytes) -> None:
    found = read(body)
    assert read(body) == found
    if found is None:
        return
    assert Audit.of(found.html) == []
    assert Audit.of(RENDER.render(found.markdown)) == []
    addresses = [found.canonical_url, *(image.url for image in found.images), *(link.url for link in found.related)]
    assert all(re.match(r"https?://", address) for address in addresses if address is not None)
    found.text.encode("utf-8")


PAGES = st.sampled_from([page.body for page in CASES])


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A fixture, cut, spliced with another, with bytes flipped, tags doubled and attacks put in."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    body = draw(PAGES)
    for change in draw(
        st.lists(st.sampled_from(["cut", "splice", "flip", "double", "attack", "drop"]), min_size=1, max_size=4)
    ):
        body = CHANGES[change](body, rng, draw(PAGES))
    return body


def spot(body: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(body))


def cut(body: bytes, rng: random.Random, other: bytes) -> bytes:
    return body[: spot(body, rng)]


def splice(body: bytes, rng: random.Random, other: bytes) -> bytes:
    return body[: spot(body, rng)] + other[spot(other, rng) :]


def flip(body: bytes, rng: random.Random, other: bytes) -> bytes:
    changed = bytearray(body)
    for _ in range(rng.randint(1, 30)):
        if changed:
            changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def double(body: bytes, rng: random.Random, other: bytes) -> bytes:
    tags = re.findall(rb"<[^>]*>", body)
    at = spot(body, rng)
    return body[:at] + rng.choice(tags) * rng.randint(1, 50) + body[at:] if tags else body


def attack(body: bytes, rng: random.Random, other: bytes) -> bytes:
    places = [found.end() for found in re.finditer(rb"<(?:p|div|li|td|h2)\b[^>]*>", body)] or [0]
    at = rng.choice(places)
    return body[:at] + b"".join(rng.sample(ATTACKS, 3)) + body[at:]


def drop(body: bytes, rng: random.Random, other: bytes) -> bytes:
    at = spot(body, rng)
    return body[:at] + body[at + rng.randint(1, 200) :]


CHANGES = {"cut": cut, "splice": splice, "flip": flip, "double": double, "attack": attack, "drop": drop}


@settings(max_examples=times(150, 1500), deadline=None)
@given(mutated())
def test_mutated_pages_are_answered_inertly_and_alike(body: bytes) -> None:
    check(body)


@settings(max_examples=times(150, 1500), deadline=None)
@given(st.binary(max_size=600))
@example(b"")
@example(b"\x00" * 600)
@example(b"\xff\xfe<\x00p\x00>")
@example(b"<" * 600)
@example("\ud800".encode("utf-8", "surrogatepass"))
@example(b"<p {}x=1 {=2 {a}=3>A paragraph with attributes that XML forbids. It has two sentences in it.</p>")
def test_any_bytes_are_answered(body: bytes) -> None:
    check(body)


MARKUP = st.sampled_from(
    ["<div>", "</div>", "<p>", "<a href=//x>", "<!--", "<table><td>", "A word. ", "<b", "&#0;", "]]>", "</", "<br>", "<pre>", "`", "*", "_", "|", "[", "](", "<li>", "\n", "&lt;", "&#x202e;", "<ul>",
     "<blockquote>", "#", "> ", "1. ", "<img src=//i/x.jpg>", "<h2>", "</h2>", "~~", "\\", "<script>", "<title>", "javascript:"]
)  # fmt: skip


@settings(max_examples=times(200, 2000), deadline=None)
@given(st.lists(MARKUP, max_size=60).map("".join))
def test_broken_markup_is_answered(page: str) -> None:
    check(page.encode())


@pytest.mark.parametrize("payload", ATTACKS, ids=lambda payload: payload[:30].decode())
def test_attack_inside_an_article_stays_outside_of_its_forms(payload: bytes) -> None:
    prose = (
        b"<p>The council decided on Wednesday that the last ferry will go on sailing for ten years. It was close.</p>"
    )
    body = (
        b"<html><body><article><h1>Ferry</h1>"
        + prose
        + payload
        + prose.replace(b"ferry", b"boat")
        + b"</article></body></html>"
    )
    check(body)
    found = read(body)
    assert found is not None
    assert "ferry will go on" in found.text


@settings(max_examples=times(100, 1000), deadline=None)
@given(mutated(), st.sampled_from([None, "text/plain", "text/html; charset=utf-16", "application/xhtml+xml", "image/png", "text/html; charset=iso-2022-jp"]))  # fmt: skip
def test_any_header_is_taken(body: bytes, content_type: str | None) -> None:
    found = read(body, content_type)
    assert found is None or found.kind


def fingerprint() -> str:
    """Of everything that is extracted from the fixtures."""
    found = [repr(extract_article(page.body, url=page.url, content_type=page.content_type)) for page in CASES]
    return hashlib.sha256("\n".join(found).encode("utf-8", "surrogatepass")).hexdigest()


def test_another_process_with_another_hash_seed_finds_the_same() -> None:
    root = Path(__file__).parent.parent
    code = "import test_hostile; print(test_hostile.fingerprint())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=root, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(root), str(root / "tests")])},
        ).stdout.strip()
        for seed in ("1", "4711")
    }  # fmt: skip
    assert seen == {fingerprint()}
