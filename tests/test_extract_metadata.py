"""Witnesses in agreement and in conflict: who is believed, and who is named as having told it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from scraper.extract import extract_article, extract_from_feed
from scraper.extract.meta.declared import hear_witnesses
from scraper.extract.meta.headline_area import Masthead
from scraper.extract.meta.metadata import Metadata, choose_language, judge, with_masthead
from scraper.extract.page.tree import parse_page
from scraper.model import Extraction, Hints

URL = "https://paper.example.com/news/bridge"
TEXT = "".join(
    f"<p>Paragraph {n} of the story tells, in two sentences, what happened at the bridge. People came to see it.</p>"
    for n in range(5)
)


def page(head: str = "", top: str = "", bottom: str = "", lang: str = "en") -> str:
    return f"<html lang={lang}><head>{head}</head><body><article>{top}{TEXT}{bottom}</article></body></html>"


def meta(**contents: str) -> str:
    return "".join(f'<meta property="{name.replace("__", ":")}" content="{text}">' for name, text in contents.items())


def linked(**fields: object) -> str:
    data = {"@type": "NewsArticle"} | {name.lstrip("_"): value for name, value in fields.items()}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def extract(html: str, hints: Hints | None = None, url: str = URL) -> Extraction:
    return extract_article(html, url=url, hints=hints)


def judged(html: str, hints: Hints | None = None, url: str = URL) -> Metadata:
    root = parse_page(html)
    assert root is not None
    heard, hints = hear_witnesses(root), hints or Hints()
    return with_masthead(judge(heard, url=url, hints=hints), Masthead(), heard, url=url, hints=hints)


# --------------------------------------------------------------------------- title and site

TITLES = {
    "the site's name is taken off": (
        meta(og__title="Bridge opens at last | The Paper", og__site_name="The Paper"),
        "",
        "Bridge opens at last",
    ),
    "the site's name stands before": ("<title>The Paper » Bridge opens at last</title>", "<h1><a href='/'>The Paper</a></h1>", "Bridge opens at last"),
    "a bar parts the unnamed site": ("<title>Bridge opens at last | Notes of mine</title>", "", "Bridge opens at last"),
    "a short heading that begins the title": ("<title>Fair chains - Youth work of the north coast and its islands</title>", "<h1>Fair chains</h1>", "Fair chains"),
    "a kicker that the title puts behind": (
        meta(og__title="Data of the port stolen - Papers on the net"),
        "<h1><span>Papers on the net</span> <span>Data of the port stolen</span></h1>",
        "Data of the port stolen",
    ),
    "a date in the heading": (
        meta(og__title="Minister: the ferry must come back - The Chancery of the isles"),
        "<h1><small>1 May 2027</small> Minister: the ferry must come back</h1>",
        "Minister: the ferry must come back",
    ),
    "the letters shown": (linked(headline="'We stay' - the pier's keeper"), "<h1>‘We stay’ – the pier’s keeper</h1>", "‘We stay’ – the pier’s keeper"),
    "a heading confirmed by another": (
        meta(og__title="At last: the bridge opens to traffic"),
        "<h1>The bridge opens to traffic, at last</h1>",
        "The bridge opens to traffic, at last",
    ),
    "a kicker inside the heading": (
        meta(og__title="The bridge opens to traffic"),
        "<h1><span>Roads</span> The bridge opens to traffic</h1>",
        "The bridge opens to traffic",
    ),
    "a heading that is the masthead": (meta(og__title="Bridge opens at last"), "<h1><a href='/'>The Paper</a></h1>", "Bridge opens at last"),
    "a news article's own headline": (
        meta(og__title="You will not believe this bridge") + linked(headline="Bridge opens at last"),
        "<h1>You will not believe this bridge</h1>",
        "Bridge opens at last",
    ),
    "soft hyphens": (meta(og__title="Brücken&shy;bau be&shy;ginnt im Mai"), "", "Brückenbau beginnt im Mai"),
    "a full-width bar": (meta(og__title="橋が開通、市民ら祝う｜ある新聞", og__site_name="ある新聞"), "", "橋が開通、市民ら祝う"),
}  # fmt: skip


@pytest.mark.parametrize(("head", "top", "expected"), TITLES.values(), ids=TITLES.keys())
def test_the_title_is_the_headline_alone(head: str, top: str, expected: str) -> None:
    assert extract(page(head, top)).title == expected


def test_a_title_says_who_told_it_and_who_disagrees() -> None:
    told = judged(page(meta(og__title="You will not believe this") + linked(headline="Bridge opens"))).title
    assert (told.value, told.by) == ("Bridge opens", "JSON-LD headline")
    assert [(claim.by, claim.value) for claim in told.others] == [("og:title", "You will not believe this")]


def test_the_feed_titles_a_page_that_is_silent() -> None:
    told = judged(page(), Hints(title="Bridge opens")).title
    assert (told.value, told.by) == ("Bridge opens", "feed entry")


def test_a_site_is_named_without_its_slogan() -> None:
    head = meta(og__site_name="The Paper - News for everyone") + "<title>Bridge opens | The Paper</title>"
    assert extract(page(head)).site_name == "The Paper"


# --------------------------------------------------------------------------- byline

BYLINES = {
    "a person outweighs the house": (
        meta(og__site_name="The Paper", author="The Paper"),
        "<h1>Bridge opens at last</h1><p class=byline>By <a rel=author href=/a>Ada Berg</a></p>",
        ("Ada Berg",),
        "marked as author on the page",
    ),
    "a company is not the writer": (
        '<meta name="author" content="Paper Media Ltd."><meta property="article:author" content="Ada Berg">',
        "",
        ("Ada Berg",),
        "article:author",
    ),
    "the house, where nobody else is named": (meta(og__site_name="The Paper", author="The Paper"), "", ("The Paper",), "author"),
    "one inner element a name": (
        "",
        "<h1>Bridge opens</h1><div class=byline><span>Ada Berg</span><span>Jon Falk</span><span>5 March 2024</span></div>",
        ("Ada Berg", "Jon Falk"),
        "marked as author on the page",
    ),
    "an author of a comment is another": ("", "<h1>Bridge opens</h1><div class=comments><p class=author>Troll Y</p></div>", None, None),
}  # fmt: skip


@pytest.mark.parametrize(("head", "top", "names", "by"), BYLINES.values(), ids=BYLINES.keys())
def test_the_byline_is_the_first_who_names_a_person(
    head: str, top: str, names: tuple[str, ...] | None, by: str | None
) -> None:
    told = judged(page(head, top)).byline
    assert (told.value, told.by) == (names, by)


def test_a_line_under_the_headline_is_a_byline() -> None:
    top = "<h1>Bridge opens at last</h1><div>By Ada Berg and Jon Falk in Paris</div>"
    assert extract(page(meta(og__title="Bridge opens at last"), top)).byline == ("Ada Berg", "Jon Falk")


SHOWN_WRITERS = {
    "alone below the headline": ("", "<p>Mara Holt</p>", "", ("Mara Holt",)),
    "alone above the date": ("", "<div><p>Mara Holt</p><p>3 May 2027 · 4 min read</p></div>", "", ("Mara Holt",)),
    "beside a portrait": (
        "",
        "<div><p>The harbour</p><p>Sea</p><img alt='Mara Holt' src=/m.jpg><p>Mara Holt</p></div>",
        "",
        ("Mara Holt",),
    ),
    "two in a line": ("", "<p>Mara Holt / Jo Varga</p>", "", ("Mara Holt", "Jo Varga")),
    "with the date": ("", "<p>03.05.2027 - Mara Holt</p>", "", ("Mara Holt",)),
    "below an opening": ("", "<div>Geschrieben von</div><div>Mara Holt</div>", "", ("Mara Holt",)),
    "signed at the end": ("", "", "<p style='text-align:right'><b>Mara Holt</b></p>", ("Mara Holt",)),
    "announced at the end": ("", "", "<p>Autorin: Mara Holt</p>", ("Mara Holt",)),
    "job in an element of its own": (
        "",
        "<div class=author><b>Mara Holt</b><i>Head of Boats</i></div>",
        "",
        ("Mara Holt",),
    ),
    "a second writer after a conjunction": (
        "",
        "<div class=author><b>Mara Holt</b> und <i>Jo Varga</i></div>",
        "",
        ("Mara Holt", "Jo Varga"),
    ),
    "a sentence about the writer": (
        "",
        "",
        "<div class=author-box><p class=author-bio>She counts the boats. <a rel=author href=/author/mara>All posts by Mara Holt</a></p></div>",
        ("Mara Holt",),
    ),
    "an account is declared": (
        meta(author="mholt7"),
        "<p>By <a href=/m>Mara Holt</a>, 3 May 2027</p>",
        "",
        ("Mara Holt",),
    ),
    "an account is all there is": (meta(author="mholt7"), "", "", ("mholt7",)),
    "the paper is declared by its initials": (
        meta(og__site_name="Harbour Post Daily", author="HPD"),
        "<p>von Mara Holt</p>",
        "",
        ("Mara Holt",),
    ),
    "an agency is declared": (meta(author="AFP"), "<p>Mara Holt</p>", "", ("AFP",)),
}
NO_WRITERS = {
    "a file to load, beside the date": ("<p>3 May 2027</p><p>PDF Version</p>", ""),
    "a heading of tools, in the second line": ("<p>Sea</p><p>Harbour Tools</p>", ""),
    "a greeting at the end": ("", "<p>Warme Grüße</p>"),
    "a place the text speaks of": (
        "<p>Port Ellen</p><p>3 May 2027</p>",
        "<p>In Port Ellen, they say, nobody crossed a bridge before that day. The ferry was cheap.</p>",
    ),
    "words of the text": ("<p>Happened People</p>", ""),
    "a link to a section": ("<p><a href=/coast>Coast Life</a></p>", ""),
    "a picture's credit": ("<figure><img src=/b.jpg><figcaption>Mara Holt</figcaption></figure>", ""),
    "a sentence": ("<p>Mara Holt was there.</p>", ""),
}


@pytest.mark.parametrize(("head", "top", "bottom", "names"), SHOWN_WRITERS.values(), ids=SHOWN_WRITERS)
def test_a_writer_is_found_where_the_page_shows_one(head: str, top: str, bottom: str, names: tuple[str, ...]) -> None:
    assert extract(page(head, f"<h1>The bridge opens to traffic</h1>{top}", bottom)).byline == names


@pytest.mark.parametrize(("top", "bottom"), NO_WRITERS.values(), ids=NO_WRITERS)
def test_names_of_other_things_are_no_writers(top: str, bottom: str) -> None:
    assert extract(page("", f"<h1>The bridge opens to traffic</h1>{top}", bottom)).byline == ()


def test_the_address_of_the_authors_page_spells_the_name() -> None:
    assert extract(page(meta(article__author="https://paper.example.com/authors/ada-berg"))).byline == ("Ada Berg",)


def test_the_feed_names_the_writer_of_a_silent_page() -> None:
    assert extract(page(), Hints(authors=("Ada Berg",))).byline == ("Ada Berg",)


# --------------------------------------------------------------------------- dates

NOON = datetime(2024, 3, 5, 12, 0, tzinfo=UTC)


def test_a_date_keeps_the_offset_written() -> None:
    found = extract(page(linked(datePublished="2024-03-05T23:30:00-05:00"))).published_at
    assert found is not None
    assert found.utcoffset() == timedelta(hours=-5)


def test_a_time_of_the_same_day_is_better_than_a_bare_day() -> None:
    head = linked(datePublished="2024-03-05") + meta(article__published_time="2024-03-05T12:00:00Z")
    told = judged(page(head)).published_at
    assert (told.value, told.by) == (NOON, "article:published_time")


def test_a_time_without_zone_takes_the_zone_of_a_witness_with_the_same_time() -> None:
    head = linked(datePublished="2024-03-05T14:00:00") + meta(article__published_time="2024-03-05T14:00:00+02:00")
    assert extract(page(head)).published_at == NOON


def test_a_time_without_zone_is_the_feeds_if_that_lies_within_a_day() -> None:
    html = page(linked(datePublished="2024-03-05T14:00:00"))
    told = judged(html, Hints(published_at=NOON)).published_at
    assert (told.value, told.by) == (NOON, "feed entry")
    far = Hints(published_at=NOON + timedelta(days=9))
    assert judged(html, far).published_at.value == datetime(2024, 3, 5, 14, 0, tzinfo=UTC)


def test_a_time_without_zone_is_read_on_the_clock_of_the_country() -> None:
    html = page(top="<h1>橋が開通</h1><time>2024年3月5日 21:00</time>", lang="ja")
    assert extract(html).published_at == NOON
    german = page(top="<h1>Die Brücke</h1><p>5. Juli 2024, 14:00 Uhr</p>")
    assert extract(german, url="https://paper.de/bruecke").published_at == datetime(2024, 7, 5, 12, 0, tzinfo=UTC)


def test_the_feed_dates_a_silent_page_and_the_address_one_without_feed() -> None:
    url = "https://paper.example.com/2024/03/05/bridge"
    assert extract(page(), Hints(published_at=NOON), url).published_at == NOON
    assert extract(page(), url=url).published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_how_long_ago_is_no_date() -> None:
    assert extract(page(top="<h1>Bridge opens</h1><time>3 hours ago</time>")).published_at is None


OWN_DATES = {
    "in a box at the side": "<h1>The bridge opens</h1><aside class=facts><time>5 March 2024</time></aside>",
    "in a box named after comments": "<div class=comment-head><time>5 March 2024</time></div>",
    "between short words with a full stop": "<h1>The bridge opens</h1><p>Ada Berg, St. Mary Quay. 5 March 2024</p>",
}


@pytest.mark.parametrize("top", OWN_DATES.values(), ids=list(OWN_DATES))
def test_the_only_date_is_the_articles_own(top: str) -> None:
    assert extract(page(top=top)).published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_dates_of_teasers_and_comments_are_not_its_own() -> None:
    for listed in ("<li>{}</li>", "<a href=/b>{}</a>"):
        teaser = listed.format("<time>5 March 2024</time>")
        assert extract(page(top=f"<h1>The bridge opens</h1><aside>{teaser}</aside>")).published_at is None
    two = "<aside><time>5 March 2024</time> <time>4 March 2024</time></aside>"
    assert extract(page(top=f"<h1>The bridge opens</h1>{two}")).published_at is None


def test_a_day_shown_in_american_order_is_the_one_told_to_machines() -> None:
    shown = "<time datetime='2024-03-05T12:00:00Z'>03/05/2024</time>"
    assert extract(page(top=f"<h1>The bridge opens</h1>{shown}", lang="en")).published_at == NOON


QUOTED_DATES = {
    "in a caption": "<figure><img src=/f.jpg><figcaption>The ferry, 2 May 2001. Photo: Museum</figcaption></figure>",
    "in a caption of its own": "<figure><img src=/f.jpg><figcaption>2 May 2001</figcaption></figure>",
    "in a caption by its class": "<div class=wp-caption-text>The ferry on its first day, 2 May 2001</div>",
    "in a sentence": "<p>The ferry was launched on 2 May 2001. It sank.</p>",
    "in a quotation": f"{TEXT}<blockquote>The town owns the bridge.<br>High Court, 2 May 2001</blockquote>",
    "under a quotation": f"{TEXT}<p>Landgericht Seestadt vom 2. Mai 2001</p>",
}


@pytest.mark.parametrize("top", QUOTED_DATES.values(), ids=list(QUOTED_DATES))
def test_a_date_that_the_page_tells_of_something_else_is_not_its_own(top: str) -> None:
    html = page(top=f"<h1>The bridge opens</h1>{top}")
    assert extract(html, Hints(published_at=NOON)).published_at == NOON
    assert extract(html).published_at is None


PAIRS = {
    "in a list": "<ul><li>Updated: <span>March 6, 2024, 4:10 p.m.</span>|</li><li>Published: <span>March 5, 2024, 12:00 p.m.</span></li></ul>",
    "in a line": "<p>Published March 5, 2024, 12:00 | Last updated March 6, 2024, 16:10</p>",
    "German": "<p>Aktualisiert am 6. März 2024, 16:10 Uhr | Erstellt: 5. März 2024, 12:00 Uhr</p>",
    "Spanish": "<p>Actualizado el 6 de marzo de 2024 a las 16:10 h. Publicado el 5 de marzo de 2024 a las 12:00 h.</p>",
    "Russian": "<p>Обновлено: 6 марта 2024, 16:10. Опубликовано: 5 марта 2024, 12:00</p>",
    "Korean": "<p>입력 2024.03.05 12:00 수정 2024.03.06 16:10</p>",
    "Japanese, labels behind": "<p>2024年3月5日 12:00 公開 2024年3月6日 16:10 更新</p>",
    "with a zone": "<div>By Jan Roe Updated: March 6, 2024 at 11:10 a.m. EST | Published: March 5, 2024 at 7:00 a.m. EST</div>",
    "times": (
        "<div>Updated <time datetime='2024-03-06T17:10:00+01:00'>5 hours ago</time></div>"
        "<div>Published <time datetime='2024-03-05T13:00:00+01:00'>yesterday</time></div>"
    ),
    "told by names": (
        "<p><time itemprop=dateModified datetime='2024-03-06T16:10:00Z'>6 March 2024</time> "
        "<time itemprop=datePublished datetime='2024-03-05T12:00:00Z'>5 March 2024</time></p>"
    ),
    "no label but the update's": "<p>5 March 2024, 12:00, updated 6 March 2024, 16:10</p>",
    "labels in lines of their own": "<h4>Updated</h4><p>6 March 2024, 16:10</p><h4>Published</h4><p>5 March 2024, 12:00</p>",
}


@pytest.mark.parametrize("pair", PAIRS.values(), ids=list(PAIRS))
def test_both_dates_are_read_where_both_are_shown(pair: str) -> None:
    found = extract(page(top=f"<h1>The bridge opens</h1>{pair}"))
    assert (found.published_at, found.updated_at) == (NOON, datetime(2024, 3, 6, 16, 10, tzinfo=UTC))


def test_markup_that_gives_the_day_of_the_update_is_not_believed() -> None:
    pair = "<p>Publié le 5 mars 2024 à 12h00 (mis à jour le 6 mars 2024 à 16h10)</p>"
    for said, day in (("2024-03-06", 5), ("2024-03-06T16:10:00Z", 5), ("2024-03-04", 4)):
        html = page(meta(article__published_time=said), f"<h1>The bridge opens</h1>{pair}")
        assert (extract(html).published_at or NOON).day == day, said


def test_a_bare_day_gives_way_to_the_time_that_the_page_shows() -> None:
    html = page(linked(datePublished="2024-03-05"), "<h1>The bridge opens</h1><p>5 March 2024, 12:00 UTC</p>")
    assert extract(html).published_at == NOON
    assert extract(html.replace("5 March 2024", "7 March 2024")).published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_an_instant_keeps_the_clock_of_its_place() -> None:
    head = linked(datePublished="2024-03-05T02:30:40Z")
    claims = {
        meta(parsely__pub__date="x", date="2024-03-04T21:30:40-05:00"): (URL, 4),
        meta(date="2024-03-04T21:30:40"): (URL, 4),
        "": ("https://paper.example.jp/a", 5),
    }
    for more, (url, day) in claims.items():
        found = extract(page(head + more), url=url).published_at
        assert found == datetime(2024, 3, 5, 2, 30, 40, tzinfo=UTC)
        assert found.day == day


def test_numbers_are_read_as_americans_write_them_where_they_do() -> None:
    top = "<h1>The bridge opens</h1><p>05/03/2024</p>"
    assert (extract(page(top=top)).published_at or NOON).month == 3
    assert (extract(page(top=top, lang="en-US")).published_at or NOON).month == 5


def test_what_holds_the_headline_is_no_comment_whatever_its_name() -> None:
    html = page(top="<h1>The bridge opens</h1><b class=post-date>5 March 2024</b>")
    html = html.replace("<article>", "<div class=page-comment>").replace("</article>", "</div>")
    assert extract(html).published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_page_that_tells_only_its_update_has_that_date() -> None:
    found = extract(page(meta(article__modified_time="2024-03-05T12:00:00Z")))
    assert (found.published_at, found.updated_at) == (NOON, NOON)
    fed = extract(page(meta(article__modified_time="2024-03-06T12:00:00Z")), Hints(published_at=NOON))
    assert fed.published_at == NOON


def test_a_date_at_the_end_is_seen() -> None:
    assert extract(page(bottom="<p>Published 5 March 2024</p>")).published_at == datetime(2024, 3, 5, tzinfo=UTC)


# --------------------------------------------------------------------------- the rest


def test_breadcrumbs_give_the_section() -> None:
    crumbs = [
        {"@type": "ListItem", "position": n, "name": name} for n, name in enumerate(("Главная", "Мир", "Мост"), 1)
    ]
    head = f'<script type="application/ld+json">{json.dumps({"@type": "BreadcrumbList", "itemListElement": crumbs})}</script>'
    told = judged(page(head)).section
    assert (told.value, told.by) == ("Мир", "breadcrumbs")


def test_the_feed_sums_up_a_silent_page() -> None:
    assert extract(page(), Hints(summary_html="<p>All about the <b>bridge</b>.</p>")).summary == "All about the bridge."
    assert extract(page(meta(og__description="Declared.")), Hints(summary_html="Fed.")).summary == "Declared."


def test_a_captioned_picture_above_the_text_leads() -> None:
    figure = "<figure><img src=/shown-4711.jpg><figcaption>The bridge in the evening light.</figcaption></figure>"
    head = meta(og__image="https://paper.example.com/shared-0815.jpg")
    above, below = extract(page(head, figure)), extract(page(head, bottom=figure))
    assert above.image is not None
    assert above.image.url.endswith("/shown-4711.jpg")
    assert below.image is not None
    assert below.image.url.endswith("/shared-0815.jpg")


@pytest.mark.parametrize(
    "shown",
    ["/img/bridge-river-640x360.jpg", "/img/w800/bridge-river.webp", "/proxy/https%3A%2F%2Fpaper.example.com%2Fimg%2Fbridge-river_m.jpg"],
)  # fmt: skip
def test_a_picture_is_known_in_any_size(shown: str) -> None:
    head = meta(og__image="https://paper.example.com/img/bridge-river-1200x675.jpg")
    found = extract(page(head, f'<figure><img src="{shown}"></figure>'))
    assert found.image is not None
    assert found.image.url == "https://paper.example.com" + shown
    assert len(found.images) == 1


def test_an_article_of_its_feed_alone_has_the_feeds_picture() -> None:
    found = extract_from_feed(Hints(title="T", content_html=TEXT, image_url="/lead.jpg"), url=URL)
    assert found.image is not None
    assert found.image.url == "https://paper.example.com/lead.jpg"
    assert found.images == (found.image,)


@pytest.mark.parametrize(
    ("text", "expected", "by"),
    [
        ("Et at et no et at no sed et at. " * 12, "en", "<html lang>"),
        ("Der Rat hat am Abend beschlossen, dass die Brücke nicht mehr für den Verkehr auf ist, und das ist gut. " * 3, "de", "the text itself"),
        ("Совет решил, что мост не будет открыт для движения, и это было правильно. " * 3, "ru", "the text itself"),
        ("The council decided that the bridge is not open to traffic, and it was right. " * 3, "en", "<html lang>"),
    ],
)  # fmt: skip
def test_a_page_that_claims_english_is_believed_unless_its_words_deny_it(text: str, expected: str, by: str) -> None:
    root = parse_page(page(lang="en-GB"))
    assert root is not None
    told = choose_language(hear_witnesses(root), text, Hints())
    assert (told.value, told.by) == (expected, by)
