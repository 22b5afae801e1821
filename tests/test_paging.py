"""Articles of several pages: which link is the next page, and how pages are joined."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from scraper.extract import extract_article, extract_page
from scraper.extract.paging import is_page_of
from scraper.model import Draft, Extraction, Image, SiteRule

STORY = "https://n.example/2026/ferry-story"
SENTENCE = "The ferry between the harbour and the islands sails again after nine weeks of repairs, the company said"
TEXT = "".join(f"<p>{SENTENCE}, for the {n}th time this year. Nobody on the quay was surprised.</p>" for n in range(4))


def next_page(link: str, url: str = STORY, first_url: str | None = None, rule: SiteRule | None = None) -> str | None:
    """Return the next page that a page with this link (below its text; `<link>` in its head) names."""
    head, below = (link, "") if link.startswith("<link") else ("", link)
    page = f"<html><head>{head}</head><body><article><h1>The ferry</h1>{TEXT}{below}</article></body></html>"
    return extract_article(page, url=url, first_url=first_url, rule=rule).next_page


@pytest.mark.parametrize(
    ("url", "href", "expected"),
    [
        (STORY, "/2026/ferry-story/2", f"{STORY}/2"),
        (STORY, "/2026/ferry-story/2/", f"{STORY}/2/"),
        (f"{STORY}/", "2/", f"{STORY}/2/"),
        (STORY, "?page=2", f"{STORY}?page=2"),
        (STORY, "?p=2#start", f"{STORY}?p=2"),
        (STORY, "/2026/ferry-story/page/2", f"{STORY}/page/2"),
        (STORY, "/2026/ferry-story/seite-2", f"{STORY}/seite-2"),
        (f"{STORY}.html", "/2026/ferry-story-2.html", f"{STORY}-2.html"),
        (f"{STORY}.html", "/2026/ferry-story_2.html", f"{STORY}_2.html"),
        (f"{STORY}.html", "/2026/ferry-story,page-2.html", f"{STORY},page-2.html"),
        (f"{STORY}-1.html", "/2026/ferry-story-2.html", f"{STORY}-2.html"),
        (f"{STORY}/1", "/2026/ferry-story/2", f"{STORY}/2"),
        (f"{STORY}/index.html", "index_2.html", f"{STORY}/index_2.html"),
        (f"{STORY}/", "index-2.html", f"{STORY}/index-2.html"),
        ("https://n.example/a.php?id=17", "/a.php?id=17&page=2", "https://n.example/a.php?id=17&page=2"),
        (f"{STORY}?utm_source=rss", "/2026/ferry-story?page=2", f"{STORY}?page=2"),
        (f"{STORY}?page=1", "?page=2", f"{STORY}?page=2"),
        (STORY, "http://www.n.example/2026/ferry-story/2", f"{STORY}/2"),
        ("https://n.example/паром", "/паром/2", f"https://n.example/{quote('паром')}/2"),
    ],
)
def test_the_next_number_of_the_same_address_is_the_next_page(url: str, href: str, expected: str | None) -> None:
    assert next_page(f'<div class="pages"><b>1</b> <a href="{href}">2</a></div>', url) == expected


@pytest.mark.parametrize(
    "label",
    [
        "Next", "Next page »", "NEXT →", "Continue", "Page 2", "2. What the crew says", "2/3", "»",
        "Weiter", "nächste Seite", "Weiter auf Seite 2", "Page suivante", "Suivant ›", "Página siguiente", "Siguiente",
        "Próxima página", "Pagina successiva", "Volgende", "Nästa sida", "Neste side", "Seuraava", "Następna strona",
        "Další", "Következő oldal", "Далее", "Следующая страница →", "Далі", "Επόμενη", "Sonraki sayfa", "التالي",
        "העמוד הבא", "صفحه بعد", "अगला", "次へ", "次のページへ", "続きを読む", "下一页", "下一頁 >", "第2页", "다음", "다음 페이지",
        "Trang sau", "Selanjutnya", "ถัดไป",
    ],
)  # fmt: skip
def test_labels_of_a_next_page(label: str) -> None:
    link = f'<a class="pages next" href="{STORY}/2">{label}</a>'
    if label != "»":
        link = link.replace(" next", "")
    assert next_page(f"<p>{link}</p>") == f"{STORY}/2"


@pytest.mark.parametrize(
    "link",
    [
        f'<link rel="next" href="{STORY}/2">',
        f'<a rel="next" href="{STORY}/2"><svg></svg></a>',
        f'<a href="{STORY}/2" aria-label="Next page"><i></i></a>',
        f'<a href="{STORY}/2" title="2">…</a>',
        f'<div hidden>{"<a href=/2026/other/9>9</a>" * 900}</div><a href="{STORY}/2">2</a>',
        f'<a href="{STORY}/3">3</a><a href="{STORY}/2">2</a>',
    ],
)
def test_forms_of_a_link_to_the_next_page(link: str) -> None:
    assert next_page(link) == f"{STORY}/2"


def test_pages_that_are_counted_from_zero() -> None:
    pager = '<a href="?page=0">1</a><a href="?page=1">2</a><a href="?page=2">3</a>'
    assert next_page(pager) == f"{STORY}?page=1"
    assert next_page(pager, f"{STORY}?page=1", STORY) == f"{STORY}?page=2"
    assert next_page('<a href="?page=0">1</a><a href="?page=1">2</a>', f"{STORY}?page=1", STORY) is None


def test_a_later_page_leads_on_by_its_own_number() -> None:
    pager = "".join(f'<a href="{STORY}/{n}">{n}</a>' for n in (1, 2, 3, 4))
    assert next_page(pager, f"{STORY}/2", STORY) == f"{STORY}/3"
    assert next_page(f'<a rel=next href="{STORY}/4">', f"{STORY}/2", STORY) is None
    assert next_page(f'<a href="{STORY}">1</a>', f"{STORY}/2", STORY) is None
    assert next_page(pager, "https://n.example/elsewhere", STORY) is None


@pytest.mark.parametrize(
    ("url", "link"),
    [
        (STORY, '<link rel="next" href="https://n.example/2026/another-story">'),
        ("https://n.example/?p=123", '<link rel="next" href="https://n.example/?p=124">'),
        ("https://n.example/news/123", '<a rel="next" href="https://n.example/news/124">Next</a>'),
        ("https://n.example/1", '<a rel="next" href="https://n.example/2">Next</a>'),
        (STORY, f'<a href="{STORY}-2">The ferry story, continued</a>'),
        (STORY, f'<a href="{STORY}-2/" rel="next">Next</a>'),
        (STORY, f'<a href="{STORY}/2">Two men arrested</a>'),
        (STORY, '<a rel="next" href="https://other.example/2026/ferry-story/2">Next</a>'),
        (STORY, '<a rel="next" href="https://blog.n.example/2026/ferry-story/2">2</a>'),
        (STORY, f'<a rel="next" href="{STORY}/comment-page-2">2</a>'),
        (STORY, f'<a rel="next" href="{STORY}?cpage=2">2</a>'),
        (STORY, f'<a rel="next" href="{STORY}?page=2#comments">Next</a>'),
        (STORY, '<div id="comments"><ul class="pager"><li><a href="?page=1">next</a></li></ul></div>'),
        (STORY, '<aside><a href="?page=2" class="next">Next</a></aside>'),
        (STORY, '<div class="related-stories"><div><a href="?page=2">Next</a></div></div>'),
        ("https://n.example/2026/05", '<table class="calendar"><tr><td><a href="/2026/05/2">2</a></td></tr></table>'),
        (STORY, f'<a rel="next" href="{STORY}/2026">2026</a>'),
        (STORY, f'<a rel="next" href="{STORY}?page=2&sort=new">Next</a>'),
        (STORY, f'<a class="next" href="{STORY}?9a7c_page=2">Next</a>'),
        (STORY, '<a rel="next" href="javascript:next(2)">2</a><a href="http://[2">2</a><a href="#2">2</a>'),
        (STORY, f'<a rel="prev" href="{STORY}?page=0">Previous</a>'),
    ],
)
def test_what_is_not_the_next_page(url: str, link: str) -> None:
    assert next_page(link, url) is None


def test_a_list_of_articles_goes_on_but_is_none() -> None:
    items = "".join(f"<li><a href=/{n}>Ferry {n} is late</a></li>" for n in range(40))
    page = f"<body><ul>{items}</ul><a rel=next href='?page=2'>Next</a></body>"
    assert extract_article(page, url="https://n.example/news/").next_page is None


def test_links_without_end_are_cut() -> None:
    assert next_page(f'<a href="{STORY}/9">9</a>' * 20_000 + f'<a href="{STORY}/2">2</a>') is None


# --------------------------------------------------------------------------- the user's rule


def test_a_rule_names_the_next_page() -> None:
    rule = SiteRule(next_page=".more")
    assert next_page('<p class="more">On to <a href="part-b">B</a></p>', rule=rule) == "https://n.example/2026/part-b"
    assert next_page(f'<a class="more" href="{STORY}#x">Here</a>', rule=rule) is None
    assert next_page('<a class="more" href="https://other.example/">There</a>', rule=rule) is None
    assert next_page(f'<a href="{STORY}/2">2</a>', rule=rule) is None, "the rule alone counts"


@pytest.mark.parametrize(
    ("wanted", "url", "expected"),
    [
        ("{url}?print=1", STORY, f"{STORY}?print=1"),
        ("{url}?print=1", f"{STORY}?id=4", f"{STORY}?id=4&print=1"),
        ("https://print.n.example{path}", STORY, "https://print.n.example/2026/ferry-story"),
        ("/druck{path}", STORY, "https://n.example/druck/2026/ferry-story"),
        ("a.all", STORY, "https://n.example/all/7"),
        ("a.away", STORY, None),
        ("a.none", STORY, None),
        ("{url}", STORY, None),
    ],
)
def test_a_rule_names_the_single_page(wanted: str, url: str, expected: str | None) -> None:
    page = f"<body>{TEXT}<a class=all href=/all/7>All</a><a class=away href=https://other.example/>x</a></body>"
    assert extract_article(page, url=url, rule=SiteRule(single_page=wanted)).single_page == expected


def test_a_body_in_several_blocks_is_joined_in_page_order() -> None:
    page = (
        "<body><div class=lead><p>Lead. " + SENTENCE + ".</p></div><p>Teaser. " + SENTENCE + ".</p>"
        "<div class=part><p>One. " + SENTENCE + ".</p><div class=part><p>Two. " + SENTENCE + ".</p></div>"
        "<p>After. " + SENTENCE + ".</p></div> tail"
        "<div class=box><p>Box. " + SENTENCE + ".</p></div><div class=part><p>Three. " + SENTENCE + ".</p></div></body>"
    )

    def firsts(body: tuple[str, ...]) -> list[str]:
        text = extract_article(page, url=STORY, rule=SiteRule(body=body)).text
        return [paragraph.split()[0] for paragraph in text.split("\n\n")]

    assert firsts((".part", ".lead")) == ["Lead.", "One.", "Two.", "After.", "Three."]
    assert firsts((".box",)) == ["Box."]
    assert firsts((".part", "div[")) == ["One.", "Two.", "After.", "Three."]


# --------------------------------------------------------------------------- joining


def paragraph(name: str) -> str:
    return f"<p>{name}. {SENTENCE}, and {name.lower()} was there to see it.</p>"


def read(*pages: str) -> Extraction:
    """Return what becomes of the bodies of several pages."""
    found = Extraction()
    draft = None
    for number, body in enumerate(pages, 1):
        url = f"{STORY}/{number}"
        html = f"<html><head><title>The ferry</title></head><body><article><h1>The ferry</h1>{body}</article></body>"
        found = extract_page(html, url=url, draft=draft)
        draft = Draft(next_url=None, urls=(f"{STORY}/1",), extraction=found)
    return found


def names(extraction: Extraction) -> list[str]:
    return [part.partition(".")[0] for part in extraction.text.split("\n\n")]


def test_pages_are_joined_without_what_was_there_before() -> None:
    lead = paragraph("Lead")
    joined = read(
        lead + paragraph("Ane") + "<h2>Crew</h2>" + paragraph("Ben"),
        lead + paragraph("Cem") + "<h2>Crew</h2>" + paragraph("Ane") + paragraph("Dag"),
        lead + paragraph("Eva") + paragraph("Ben"),
    )
    assert names(joined) == ["Lead", "Ane", "Crew", "Ben", "Cem", "Crew", "Dag", "Eva"]
    for form in (joined.html, joined.markdown, joined.text):
        assert [form.count(f"{name}. The ferry") for name in ("Lead", "Ane", "Ben", "Cem", "Dag", "Eva")] == [1] * 6
    assert joined.html.count("<p>") == 6
    assert joined.title == "The ferry"


def test_a_page_that_repeats_another_adds_nothing() -> None:
    once = paragraph("Ane") + paragraph("Ben")
    assert read(once, once) == read(once)


def test_pictures_are_joined_once() -> None:
    def figure(name: str) -> str:
        return f'<figure><img src="/{name}.jpg" width=800 height=600></figure>'

    joined = read(
        figure("a") + paragraph("Ane") + paragraph("Ben"),
        figure("a") + paragraph("Cem") + figure("b") + paragraph("Dag"),
    )
    assert joined.html.count("a.jpg") == 1
    assert [image.url for image in joined.images] == ["https://n.example/a.jpg", "https://n.example/b.jpg"]
    assert joined.image == Image(url="https://n.example/a.jpg")


def test_a_wall_is_not_joined() -> None:
    wall = extract_page(
        "<html><title>404 Not found</title><body><p>Page not found</p></body></html>",
        url=f"{STORY}/2",
        draft=Draft(next_url=None, urls=(STORY,), extraction=read(TEXT)),
    )
    assert not wall.is_readable


@pytest.mark.parametrize("whole", [paragraph("Ane") + paragraph("Ben") + paragraph("Cem"), paragraph("Box")])
def test_the_single_page_replaces_the_first_unless_it_has_less(whole: str) -> None:
    first = read(paragraph("Ane") + paragraph("Ben") + paragraph("Extra")[:100])
    draft = Draft(next_url=None, is_whole=True, urls=(STORY,), extraction=first)
    found = extract_page(f"<title>Print</title><body><div>{whole}</div>", url=f"{STORY}?print", draft=draft)
    assert names(found) == (["Ane", "Ben", "Cem"] if "Cem" in whole else names(first))
    assert found.title == "The ferry", "what is known of it stays the first page's"


def test_addresses_of_one_article() -> None:
    assert is_page_of(STORY, f"{STORY}/3")
    assert is_page_of(STORY, f"{STORY}/")
    assert not is_page_of(STORY, "https://n.example/2026/")
    assert not is_page_of(STORY, f"{STORY}/gallery")
