"""Pictures and players: what a reader is shown of them, and what is left out."""

from __future__ import annotations

import pytest

from scraper.clean.reader import clean_body
from scraper.extract import extract_article

BASE = "https://e.example/dir/page"
REL = 'rel="noopener noreferrer nofollow"'


@pytest.mark.parametrize(
    ("markup", "address", "label"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/AbC-1234567?rel=0" title="A film"></iframe>',
            "https://www.youtube.com/watch?v=AbC-1234567",
            "YouTube: A film",
        ),
        (
            '<iframe src="about:blank" data-src="//www.youtube-nocookie.com/embed/AbC-1234567" title="YouTube video player"></iframe>',
            "https://www.youtube.com/watch?v=AbC-1234567",
            "YouTube",
        ),
        ('<lite-youtube videoid="AbC-1234567"></lite-youtube>', "https://www.youtube.com/watch?v=AbC-1234567", "YouTube"),
        (
            '<amp-youtube data-videoid="AbC-1234567" layout="responsive"></amp-youtube>',
            "https://www.youtube.com/watch?v=AbC-1234567",
            "YouTube",
        ),
        ('<embed src="https://player.vimeo.com/video/77">', "https://vimeo.com/77", "Vimeo"),
        ('<object data="https://dai.ly/x8abc"></object>', "https://www.dailymotion.com/video/x8abc", "Dailymotion"),
        (
            '<iframe src="https://platform.twitter.com/embed/Tweet.html?id=99"></iframe>',
            "https://x.com/i/status/99",
            "X",
        ),
        (
            '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fp%2Fposts%2F1"></iframe>',
            "https://www.facebook.com/p/posts/1",
            "Facebook",
        ),
        (
            '<iframe src="https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/a/b"></iframe>',
            "https://soundcloud.com/a/b",
            "SoundCloud",
        ),
        ('<div class="fb-post" data-href="https://www.facebook.com/p/posts/2"></div>', "https://www.facebook.com/p/posts/2", "Facebook"),
        ('<iframe src="https://t.me/channel/12?embed=1"></iframe>', "https://t.me/channel/12", "Telegram"),
        ('<iframe src="https://social.example/@ann/109876543210987654/embed"></iframe>', "https://social.example/@ann/109876543210987654", "Mastodon"),
        ('<iframe src="https://www.google.com/maps/embed?pb=1"></iframe>', "https://www.google.com/maps/embed?pb=1", "Google Maps"),
        ('<iframe src="https://www.charts.example/c/1" title="Rain"></iframe>', "https://www.charts.example/c/1", "charts.example: Rain"),
        ('<video controls><source src="/v.mp4">Your browser is too old.</video>', "https://e.example/v.mp4", "e.example: video"),
    ],
)  # fmt: skip
def test_a_player_becomes_a_link_with_its_provider(markup: str, address: str, label: str) -> None:
    body = clean_body(f"<p>Before</p>{markup}<p>After</p>", base_url=BASE)
    assert body.html == f'<p>Before</p><figure><a href="{address}" {REL}>{label}</a></figure><p>After</p>'
    assert body.markdown == f"Before\n\n[{label}]({address})\n\nAfter"
    assert body.text == "Before\n\nAfter"


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://ads.example/frame"></iframe>',
        '<iframe src="https://x.example/a" width="1" height="1"></iframe>',
        '<iframe src="https://x.example/a" style="display: none"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/like.php?href=https://e.example"></iframe>',
        '<iframe src="javascript:alert(1)"></iframe>',
        '<iframe src="data:text/html,x"></iframe>',
        '<iframe src="https://x.example/f" title="3rd party ad content"></iframe>',
        '<object data="/icon.svg"></object>',
        '<amp-youtube data-videoid="&quot;><script>"></amp-youtube>',
        '<video src="blob:https://e.example/1"></video>',
    ],
)
def test_advertising_trackers_and_buttons_leave_nothing(markup: str) -> None:
    assert clean_body(f"<p>a</p>{markup}", base_url=BASE).html == "<p>a</p>"


def test_a_post_keeps_its_words_and_one_link() -> None:
    linked = '<blockquote class="twitter-tweet"><p>Words</p>Ann <a href="https://twitter.com/ann/status/5?ref=x">May 1</a></blockquote>'
    assert clean_body(linked, base_url=BASE).html == (
        f'<blockquote><p>Words</p><p>Ann <a href="https://twitter.com/ann/status/5?ref=x" {REL}>May 1</a></p></blockquote>'
    )
    bare = '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Q1/?utm=1"><p>Words</p></blockquote>'
    body = clean_body(bare, base_url=BASE)
    assert body.markdown == "> Words\n>\n> [Instagram](https://www.instagram.com/p/Q1/)"
    assert body.text == "Words"


def test_players_survive_extraction_and_say_nothing_in_the_text() -> None:
    prose = "<p>The council met on Monday evening, and after a long debate the members agreed on the plan.</p>" * 4
    player = '<div><iframe src="https://www.youtube.com/embed/AbC-1234567">Old browser</iframe></div>'
    advert = '<div><embed src="https://ads.example/banner"><iframe src="https://ads.example/x"></iframe></div>'
    page = f"<html><body><article><h1>The plan</h1>{prose}{player}{advert}{prose}</article></body></html>"
    found = extract_article(page, url=BASE)
    assert f'<figure><a href="https://www.youtube.com/watch?v=AbC-1234567" {REL}>YouTube</a></figure>' in found.html
    assert found.html.count("<figure>") == 1
    assert "YouTube" not in found.text
    assert "Old browser" not in found.html


@pytest.mark.parametrize(
    ("markup", "source"),
    [
        ('<img src="a.jpg">', "https://e.example/dir/a.jpg"),
        ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', "https://e.example/a.jpg"),
        ('<img src="/placeholder.png" data-srcset="/s.jpg 400w, /l.jpg 1200w, /x.jpg 3000w">', "https://e.example/l.jpg"),
        ('<img src="/s.jpg" srcset="/s.jpg 1x,/l.jpg 2x">', "https://e.example/l.jpg"),
        ('<img srcset="/w_400,h_300/a.jpg 400w, /w_800,h_600/a.jpg 800w">', "https://e.example/w_800,h_600/a.jpg"),
        ('<picture><source srcset="/w.webp 1000w"><source srcset="/n.webp 500w"><img src="/s.jpg"></picture>', "https://e.example/w.webp"),
        ('<noscript><img src="/n.jpg"></noscript>', "https://e.example/n.jpg"),
        ('<img src="/google-pixel-9.jpg" width="50%">', "https://e.example/google-pixel-9.jpg"),
        ('<img src="/silicon-valley.jpg">', "https://e.example/silicon-valley.jpg"),
    ],
)  # fmt: skip
def test_a_lazy_picture_is_found(markup: str, source: str) -> None:
    assert clean_body(markup, base_url=BASE).html == f'<figure><img src="{source}" alt=""></figure>'


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://t.example/a.jpg" width="1" height="1">',
        '<img src="https://t.example/a.jpg" style="width:1px;height:1px">',
        '<img src="https://t.example/pixel.gif?x=1">',
        '<img src="https://t.example/tracking/pixel?id=1">',
        '<img src="/spacer.gif">',
        '<img src="data:image/png;base64,AAAA">',
        '<img src="/img/logo.png">',
    ],
)
def test_tracking_pixels_and_ornaments_are_gone(markup: str) -> None:
    assert clean_body(f"<p>a</p>{markup}", base_url=BASE).html == "<p>a</p>"


def test_a_picture_does_not_cut_a_sentence_in_two() -> None:
    body = clean_body('<p>one <img src="/a.jpg" alt="A"> two</p>', base_url=BASE)
    assert body.text == "one two"
    assert body.markdown == "one two\n\n![A](https://e.example/a.jpg)"


def test_an_emoji_shown_as_a_picture_is_a_word() -> None:
    assert clean_body('<p>Hi <img class="emoji" src="/emoji/1.svg" alt="🙂">!</p>', base_url=BASE).text == "Hi 🙂!"


def test_noscript_twin_gives_the_address_in_extraction() -> None:
    prose = "<p>The council met on Monday evening, and after a long debate the members agreed on the plan.</p>" * 6
    lazy = '<figure><img src="data:image/gif;base64,R0"><noscript><img src="/real.jpg"></noscript></figure>'
    alone = '<div><span></span><noscript><img src="/alone.jpg"></noscript></div>'
    page = f"<html><body><article><h1>The plan</h1>{prose}{lazy}{alone}{prose}</article></body></html>"
    html = extract_article(page, url=BASE).html
    assert html.count("<img") == 2
    assert "https://e.example/real.jpg" in html
    assert "https://e.example/alone.jpg" in html
