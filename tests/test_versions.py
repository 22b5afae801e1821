"""What counts as an edit of an article."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from scraper.articles.revisions import changes, cut_off, is_other_text, is_revision
from scraper.model import MAX_HASH_CHANGES, Extraction, Image, Link
from scraper.text.folding import folded

PICTURE = Image(url="https://cdn1.paper.example/2026/01/ferry-1024x768.jpg", alt="A", caption="The ferry", credit="Lee")
OLD = Extraction(
    title="Ferry back after repairs",
    byline=("Ann Lee", "Bob Ray"),
    published_at=NOON,
    section="Harbour",
    summary="After nine weeks the ferry sails again, the company said.",
    image=PICTURE,
    text="The ferry left the harbour.\n\nIt carried 112 people at 1.5 knots, the company said.",
)


def with_text(text: str) -> Extraction:
    return replace(OLD, text=text)


@pytest.mark.parametrize(
    "new",
    [
        replace(OLD, related=(Link(url="https://paper.example/b", title="Another story"),)),
        replace(OLD, html="<p>x</p>", markdown="x", language="en", site_name="The Paper", kind="gallery"),
        replace(
            OLD,
            text=OLD.text + "\n\nOther news\n\nThis &amp; that".replace("&amp;", "&"),
            html='<p><a href="/x">Other <b>news</b></a></p><p><a href="/y">This &amp; that</a></p>',
        ),
        replace(OLD, updated_at=NOON + timedelta(hours=3)),
        replace(OLD, byline=("Bob Ray", "ANN LEE")),
        replace(OLD, title="Ferry  back after repairs!"),
        with_text(OLD.text.replace("\n\n", " ").replace(".", " -").replace("1 -5", "1.5").upper()),
        with_text(OLD.text.replace("1.5", "1,5")),
        replace(OLD, summary="After nine weeks the ferry sails again…"),
        replace(OLD, published_at=NOON + timedelta(seconds=30)),
        replace(OLD, published_at=NOON.replace(hour=0)),
        replace(OLD, published_at=NOON.astimezone(timezone(timedelta(hours=9)))),
        replace(OLD, image=replace(PICTURE, url="https://cdn2.paper.example/2026/01/ferry-320x240.jpg?v=99", alt="B")),
        replace(OLD, images=(PICTURE, Image(url="https://paper.example/x.png"))),
    ],
)
def test_what_changes_by_itself_is_no_edit(new: Extraction) -> None:
    assert changes(OLD, new) == ()
    assert not is_revision(OLD, changes(OLD, new), 0)


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (replace(OLD, title="Ferry stays in dock"), ("title",)),
        (with_text(OLD.text + " It was late."), ("text",)),
        (with_text(OLD.text.replace("112", "118")), ("figures",)),
        (with_text(OLD.text.replace("1.5", "15")), ("figures",)),
        (replace(OLD, byline=("Ann Lee",)), ("byline",)),
        (replace(OLD, byline=()), ("byline",)),
        (replace(OLD, published_at=NOON - timedelta(minutes=2)), ("published",)),
        (replace(OLD, published_at=NOON.replace(day=12, hour=0)), ("published",)),
        (replace(OLD, section="Opinion"), ("section",)),
        (replace(OLD, summary="The ferry stays where it is."), ("summary",)),
        (replace(OLD, image=None), ("picture",)),
        (replace(OLD, image=replace(PICTURE, url="https://cdn1.paper.example/2026/01/dock.jpg")), ("picture",)),
        (replace(OLD, image=replace(PICTURE, caption="Another ferry")), ("caption",)),
        (replace(OLD, image=replace(PICTURE, credit="Ray")), ("caption",)),
        (replace(OLD, title="x", text="y", section="z"), ("title", "text", "section")),
    ],
)
def test_each_change_has_its_name(new: Extraction, changed: tuple[str, ...]) -> None:
    assert changes(OLD, new) == changed
    assert is_revision(OLD, changed, 0)


@pytest.mark.parametrize(
    ("one", "other"),
    [("ไม่ไป", "ไมไป"), ("5 €", "5 £"), ("naïve", "naive"), ("कि", "की"), ("$5", "5"), ("東京", "京都")],
)
def test_signs_that_carry_meaning_are_kept(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other"), [("“Off”", '"off"'), ("ＡＢＣ", "abc"), ("a\u00adb", "ab"), ("❤\ufe0f x", "❤ x"), ("1,5", "1.5")]
)
def test_dress_is_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@given(st.text(st.characters(exclude_categories=["N", "Cs"])))
def test_blanks_and_punctuation_never_count_among_words(text: str) -> None:
    assert folded(f"  {text}\n") == folded(text) == folded(text.replace("-", "…"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("was 5 degrees", "was -5 degrees"), ("was 5 degrees", "was −5 degrees"), ("rose by 3", "rose by 3%"), ("won 1-0", "won 10"),
        ("won 1-0", "won 0-1"), ("won 2 : 1", "won 21"), ("10-15 people", "1015 people"), ("+2", "2"), ("10/12", "1012"),
        ("10/12", "10.12"), ("3%", "3‰"), ("20°", "20"), ("fewer than <5", "fewer than >5"), ("(-5)", "(5)"),
    ],
)  # fmt: skip
def test_figures_differ_by_their_signs(one: str, other: str) -> None:
    assert changes(with_text(one), with_text(other)) == ("figures",)
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10–15 people", "10-15 people"), ("10 – 15", "10-15"), ("2 : 1", "2:1"), ("3 %", "3%"), ("−5", "-5"), ("12:30", "12.30"),
        ("covid-19", "covid 19"), ("F-16", "F16"), ("the ferry – 5 people", "the ferry: 5 people"), ("1.500", "1,500"),
        ("5% of", "5 % of"), ("well-known", "well known"), ("and/or", "and or"), ("A > B", "A B"),
    ],
)  # fmt: skip
def test_how_a_figure_is_set_is_no_change(one: str, other: str) -> None:
    assert changes(with_text(one), with_text(other)) == ()


@pytest.mark.parametrize(
    ("one", "other", "changed"),
    [
        ("/img/foto_101.jpg", "/img/foto_102.jpg", True), ("/img/foto-101-1024x768.jpg", "/img/foto-102-640x480.jpg", True),
        ("/101/large.jpg", "/102/large.jpg", True), ("/img/101.jpg", "/img/102.jpg", True), ("/a/2026-01.png", "/a/2026-02.png", True),
        ("/img/a.jpg", "/img/a-scaled.jpg", True), ("/640/ferry.jpg", "/320/ferry.jpg", False), ("/ferry-640w.jpg", "/ferry-320w.jpg", False),
        ("/ferry/w_320/a.jpg", "/ferry/w_1024/a.jpg", False), ("/ferry/1000.jpg", "/ferry/500.jpg", False),
        ("/ferry-150x150.jpg", "/ferry.jpg", False), ("/ferry_800px.jpg", "/ferry_400px.jpg", False),
    ],
)  # fmt: skip
def test_a_picture_is_known_by_its_path_without_sizes(one: str, other: str, changed: bool) -> None:
    old, new = (replace(OLD, image=replace(PICTURE, url=f"https://paper.example{path}")) for path in (one, other))
    assert changes(old, new) == (("picture",) if changed else ())


@given(st.text(), st.text())
def test_a_change_is_one_in_both_directions(one: str, other: str) -> None:
    old, new = with_text(one), with_text(other)
    assert changes(old, new) == changes(new, old)
    assert changes(old, old) == ()


def test_facts_that_change_at_every_look_are_capped_and_words_never() -> None:
    for facts in (("byline",), ("figures",), ("picture", "caption")):
        assert is_revision(OLD, facts, MAX_HASH_CHANGES - 1)
        assert not is_revision(OLD, facts, MAX_HASH_CHANGES)
    assert is_revision(OLD, ("text", "byline"), 10 * MAX_HASH_CHANGES)
    assert is_revision(None, (), MAX_HASH_CHANGES), "there must be a first"


# --------------------------------------------------------------------------- what is no version at all

LONG = replace(OLD, text="\n\n".join(f"Passenger {n} saw the ferry leave for island {n * 7}." for n in range(40)))
HALF = len(LONG.text) // 2


def test_the_opening_alone_is_taken_for_a_wall() -> None:
    reason = cut_off(LONG, replace(LONG, text=LONG.text[: HALF // 2] + " … Read on"))
    assert reason is not None
    assert "taken for a wall" in reason
    assert cut_off(LONG, replace(LONG, text=LONG.text[: HALF + 60])) is None, "more than half is an edit"
    assert cut_off(LONG, replace(LONG, text=LONG.text[-HALF // 2 :])) is None, "the opening is gone: an edit"
    assert cut_off(OLD, replace(OLD, text="The ferry left")) is None, "too short to tell"


def test_another_text_is_told_from_an_edit() -> None:
    notice = replace(LONG, text="This article was withdrawn.")
    rewritten = replace(LONG, text="Quite other words now, about nothing that was known before. " * 40)
    assert is_other_text(LONG, notice, is_redirected=False)
    assert not is_other_text(LONG, rewritten, is_redirected=False), "a live page may be written anew"
    assert is_other_text(LONG, rewritten, is_redirected=True)
    assert not is_other_text(LONG, replace(LONG, text=LONG.text[:300]), is_redirected=True)
    assert not is_other_text(OLD, notice, is_redirected=True), "too short to tell"


def test_a_date_is_read_in_its_own_zone() -> None:
    tokyo = timezone(timedelta(hours=9))
    day = replace(OLD, published_at=datetime(2026, 1, 15, tzinfo=tokyo))
    minute = replace(OLD, published_at=datetime(2026, 1, 15, 21, 40, tzinfo=tokyo))
    assert changes(day, minute) == changes(minute, day) == ()
