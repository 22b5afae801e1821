"""What becomes of entries and of a feed's address."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON

from scraper.model import EntryKeys, FeedSpec, FeedState, Hop, KeyedEntry, KnownEntry, ParsedEntry
from scraper.polling.decide_entries import decide_entries
from scraper.polling.redirects import AddressDecision, decide_address

SPEC = FeedSpec(url="https://n.example/feed")


def keyed(
    title: str = "A title", *, guid: str | None = "g", link: str | None = "l", content: str = "c", **kwargs
) -> KeyedEntry:
    keys = EntryKeys(guid=guid, link=link, content_hash=content)
    return KeyedEntry(entry=ParsedEntry(title=title, **kwargs), keys=keys, article_key=link)


def known(guid: str | None = None, link: str | None = None, content: str = "?", entry_id: int = 7) -> KnownEntry:
    keys = EntryKeys(guid=guid, link=link, content_hash=content)
    return KnownEntry(entry_id=entry_id, article_id=1, keys=keys, title="A title")


def decide(entry: KeyedEntry, *on_file: KnownEntry, spec: FeedSpec = SPEC):
    return decide_entries([entry], on_file, spec)[0]


def test_a_new_entry_is_filed() -> None:
    assert (decide(keyed()).action, decide(keyed()).rule) == ("file", "new-entry")


@pytest.mark.parametrize(
    ("on_file", "rule"),
    [
        (known(guid="g", content="c"), "known-guid"),
        (known(link="l", content="c"), "known-link"),
        (known(content="c"), "known-content"),
    ],
)
def test_any_sound_key_makes_it_known(on_file: KnownEntry, rule: str) -> None:
    decision = decide(keyed(published_at=NOON), on_file)
    assert (decision.action, decision.rule, decision.entry_id) == ("seen", rule, 7)


def test_a_bare_title_is_no_key_for_an_entry_that_has_others() -> None:
    forecast = keyed("Weather", guid="today", link="today")
    assert decide(forecast, known(guid="yesterday", link="yesterday", content="c")).action == "file"
    assert decide(keyed("Weather", guid=None, link=None), known(content="c")).action == "seen"


def test_the_same_guid_with_a_new_link_is_an_update() -> None:
    moved = decide(keyed(link="new"), known(guid="g", link="old", content="c"))
    assert (moved.action, moved.rule, moved.detail) == ("update", "entry-moved", "its link was old, is new")
    assert decide(keyed(link=None), known(guid="g", link="old", content="c")).action == "seen"


def test_a_guid_that_leads_elsewhere_than_the_link_is_out() -> None:
    decision = decide(
        keyed(link="new", content="new"), known(guid="g", link="old", entry_id=1), known(link="new", entry_id=2)
    )
    assert (decision.action, decision.rule, decision.entry_id) == ("update", "entry-changed", 2)


def test_guids_that_number_places_do_not_make_one_entry_another() -> None:
    on_file = [known(guid=str(n), link=f"l{n}", content=f"c{n}", entry_id=n) for n in (1, 2, 3)]
    document = [keyed(guid=str(n + 1), link=f"l{n}", content=f"c{n}") for n in (0, 1, 2)]
    found = decide_entries(document, on_file, SPEC)
    assert [(item.action, item.entry_id) for item in found] == [("file", None), ("seen", 1), ("seen", 2)]


def test_equal_content_is_another_entry_while_the_known_one_is_still_there() -> None:
    on_file = known(guid="g1", link="l1", content="c")
    again, other = keyed(guid="g1", link="l1"), keyed(guid="g2", link="l2", published_at=NOON)
    assert [item.action for item in decide_entries([again, other], [on_file], SPEC)] == ["seen", "file"]
    assert decide(other, on_file).action == "seen", "alone, it is the known one under new keys"


@pytest.mark.parametrize(
    ("on_file", "has_new_keys"),
    [
        (known(guid="g", link="l", content="c"), False),
        (known(guid="other", link="l", content="c"), True),
        (known(guid=None, link="l", content="c"), True),
        (known(guid="g", link=None, content="c"), True),
    ],
)
def test_new_keys_of_a_known_entry_are_kept(on_file: KnownEntry, has_new_keys: bool) -> None:
    decision = decide(keyed(), on_file)
    assert (decision.action, decision.has_new_keys) == ("seen", has_new_keys)


def test_keys_that_are_missing_now_take_none_away() -> None:
    assert not decide(keyed(guid=None), known(guid="g", link="l", content="c")).has_new_keys


@pytest.mark.parametrize(
    ("changes", "updated_at", "title", "expected"),
    [
        (0, None, "A title", ("update", 1)),
        (23, None, "A title", ("update", 24)),
        (24, None, "A title", ("seen", 24)),
        (24, None, "A title 17", ("seen", 24)),  # counts something
        (24, None, "Another title", ("update", 1)),
        (24, NOON, "A title", ("update", 1)),  # the feed dates this one
    ],
)
def test_changes_are_believed_24_times_in_a_row(
    changes: int, updated_at, title: str, expected: tuple[str, int]
) -> None:
    on_file = replace(known(guid="g", link="l"), changes=changes)
    decision = decide(keyed(title, content="new", updated_at=updated_at), on_file)
    assert (decision.action, decision.changes) == expected
    assert decide(keyed(content="?"), on_file).changes == 0, "a poll without a change ends the row"
    assert decide(keyed(title, link="moved", updated_at=updated_at), on_file).action == expected[0]


@pytest.mark.parametrize(
    ("words", "entry", "found"),
    [
        (("horoscope",), keyed("Your Horoscope today"), "'horoscope' in title"),
        (("sport",), keyed("Transport strike"), None),
        (("sport",), keyed("x", categories=("News", "Sport")), "'sport' in categories"),
        (("гороскоп",), keyed("Ваш Гороскоп на день"), "'гороскоп' in title"),
        (("占い",), keyed("今日の占いです"), "'占い' in title"),
        (("C++",), keyed("News of C++ today"), "'C++' in title"),
    ],
)
def test_drop_words(words: tuple[str, ...], entry: KeyedEntry, found: str | None) -> None:
    decision = decide(entry, spec=FeedSpec(url="u", drop=words))
    assert decision.action == ("drop" if found else "file")
    assert decision.detail == (f"drop: {found}" if found else "first seen in the feed")


def test_keep_words_drop_the_rest_but_never_what_is_known() -> None:
    spec = FeedSpec(url="u", keep=("kuril",))
    assert decide(keyed("Kuril talks"), spec=spec).action == "file"
    assert decide(keyed("Other"), spec=spec).rule == "keep-words"
    assert decide(keyed("Other", content="c"), known(guid="g", content="c"), spec=spec).action == "seen"


STATE = FeedState(id=1, spec=SPEC, current_url=SPEC.url)
MOVED = (Hop(url=SPEC.url, status=301), Hop(url="https://n.example/mid", status=308))


def follow(*visits: tuple[float, str], hops: tuple[Hop, ...] = MOVED) -> AddressDecision:
    """Return what is decided after redirects to a target on these days."""
    state, decision = STATE, AddressDecision(current_url=STATE.current_url)
    for day, target in visits:
        decision = decide_address(state, target, hops, NOON + timedelta(days=day))
        state = replace(
            STATE,
            redirect_target=decision.redirect_target,
            redirect_since=decision.redirect_since,
            redirect_polls=decision.redirect_polls,
        )
    return decision


NEW = "https://n.example/new"


@pytest.mark.parametrize(
    ("visits", "is_believed"),
    [
        ([(0, NEW)], False),
        ([(0, NEW), (3, NEW), (5.99, NEW)], False),
        ([(0, NEW), (3, NEW), (6, NEW)], True),
        ([(0, NEW), (9, NEW)], False),  # twice is not several
        ([(0, NEW), (3, NEW + "er"), (6, NEW), (7, NEW)], False),
        ([(20, NEW), (1, NEW), (2, NEW), (3, NEW)], False),  # first seen by a clock that was ahead
    ],
)
def test_a_permanent_redirect_is_believed_after_six_days_and_several_polls(visits: list, is_believed: bool) -> None:
    assert follow(*visits).current_url == (NEW if is_believed else SPEC.url)


def test_the_chain_must_be_the_same_not_only_its_end() -> None:
    first = follow((0, NEW), (3, NEW))
    state = replace(STATE, redirect_target=first.redirect_target, redirect_since=NOON, redirect_polls=2)
    direct = decide_address(state, NEW, MOVED[:1], NOON + timedelta(days=7))
    assert (direct.current_url, direct.redirect_polls) == (SPEC.url, 1)


@pytest.mark.parametrize("hops", [(), (Hop(url="u", status=302),), (MOVED[0], Hop(url="u", status=307))])
def test_other_redirects_move_nothing(hops: tuple[Hop, ...]) -> None:
    decision = decide_address(STATE, "https://n.example/new", hops, NOON)
    assert (decision.current_url, decision.redirect_target) == (SPEC.url, None)
