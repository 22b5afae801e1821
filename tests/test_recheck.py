"""When an article is looked at again, and when its page counts as removed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st
from test_settle import FULL, PAGE, RESPONSE, WALL, page

from scraper.articles.commit import Visit, settle_article
from scraper.articles.recheck import CONFIRM_AFTER, LONGEST_AGE, MOST_RECHECKS, find_missing, is_wanted, next_recheck
from scraper.model import ArticleJob, Draft, Extraction, Hop, Missing, Validators

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LOOK = replace(FULL, is_recheck=True)
TEXT = "\n\n".join(f"Passenger {n} saw the ferry leave for island {n * 7}." for n in range(40))
LONG = replace(PAGE, text=TEXT, html="<p>long</p>", canonical_url="https://n.example/world/2026/a")
LONG_LOOK = replace(LOOK, url="https://n.example/world/2026/a", current=LONG)
GONE = Visit(outcome="final", reason="nothing at this address (HTTP 404)", absence="404")


# --------------------------------------------------------------------------- when


def test_the_first_look_is_after_an_hour_and_each_later_one_when_the_age_has_doubled() -> None:
    at, done, looks = NOON, 0, []
    while (following := next_recheck(first_seen_at=NOON, checked_at=at, done=done)) is not None:
        at, done = following, done + 1
        looks.append((at - NOON) / HOUR)
    assert looks == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]


def test_there_is_no_eleventh_look_and_none_after_thirty_days() -> None:
    def planned(age: timedelta, done: int) -> bool:
        return next_recheck(first_seen_at=NOON, checked_at=NOON + age, done=done) is not None

    assert planned(HOUR, MOST_RECHECKS - 1)
    assert not planned(HOUR, MOST_RECHECKS)
    assert planned(LONGEST_AGE / 2, 1)
    assert not planned(LONGEST_AGE / 2 + timedelta(seconds=1), 1)
    assert planned(LONGEST_AGE - HOUR, 0)
    assert not planned(LONGEST_AGE, 0)


@given(st.timedeltas(-DAY, 60 * DAY), st.integers(0, 12))
def test_a_look_is_an_hour_away_or_more_and_within_thirty_days(age: timedelta, done: int) -> None:
    checked_at = NOON + age
    at = next_recheck(first_seen_at=NOON, checked_at=checked_at, done=done)
    if at is not None:
        assert at - checked_at >= HOUR
        assert at - NOON <= LONGEST_AGE
        assert done == 0 or at - checked_at >= age, "(time since the last look) / (age) >= 1"
        assert done < MOST_RECHECKS
    elif done < MOST_RECHECKS:
        assert age > LONGEST_AGE / 2 - HOUR


def test_every_reading_plans_the_next_look() -> None:
    first = settle_article(replace(LOOK, is_recheck=False, status="pending", current=None), page(PAGE), None, NOON)
    assert (first.recheck_at, first.rechecks, first.next_fetch_at) == (NOON + HOUR, 0, None)
    unchanged = Visit(outcome="unchanged", response=replace(RESPONSE, status=304))
    second = settle_article(LOOK, unchanged, None, NOON + HOUR)
    assert (second.recheck_at, second.rechecks) == (NOON + 2 * HOUR, 1)
    asked = settle_article(replace(LOOK, is_recheck=False, rechecks=3), unchanged, None, NOON + DAY)
    assert (asked.recheck_at, asked.rechecks) == (NOON + 2 * DAY, 3), "what was asked for is not counted"


@pytest.mark.parametrize(
    ("job", "visit"),
    [
        (replace(LOOK, keeps_watch=False), page(PAGE)),
        (replace(LOOK, full_text=False), Visit(outcome="no_page", used_network=False, reason="no page")),
        (replace(LOOK, status="pending", current=None, is_recheck=False), page(WALL)),
        (replace(LOOK, rechecks=9), page(PAGE)),
        (LOOK, Visit(outcome="given_up", used_network=False)),
    ],
)
def test_nothing_is_planned_where_no_look_is_wanted(job: ArticleJob, visit: Visit) -> None:
    assert settle_article(job, visit, PAGE, NOON + HOUR).recheck_at is None


def test_a_look_that_is_due_after_a_long_sleep_is_made_once_or_given_up() -> None:
    assert is_wanted(LOOK, NOON + LONGEST_AGE)
    late = NOON + LONGEST_AGE + timedelta(seconds=1)
    assert not is_wanted(LOOK, late)
    assert not is_wanted(replace(LOOK, keeps_watch=False), NOON)
    suspect = Missing(since=NOON, cause="404", reason="404")
    assert is_wanted(replace(LOOK, missing=suspect), late), "what was begun is confirmed"
    after_sleep = settle_article(LOOK, page(PAGE), None, NOON + 10 * DAY)
    assert (after_sleep.recheck_at, after_sleep.rechecks) == (NOON + 20 * DAY, 1), "missed looks are not made up for"
    given_up = settle_article(LOOK, Visit(outcome="given_up", used_network=False), None, late)
    assert (given_up.has_looked, given_up.extraction, given_up.next_allowed_at) == (False, None, None)


# --------------------------------------------------------------------------- what a look leaves alone


def test_a_look_without_an_edit_changes_nothing_but_the_validators() -> None:
    commit = settle_article(LOOK, page(replace(PAGE, related=(), html="<p>The text.  </p>")), None, NOON + HOUR)
    assert (commit.extraction, commit.is_revision, commit.page, commit.rule) == (None, False, None, "no-edit")
    assert commit.validators == RESPONSE.validators
    asked = settle_article(replace(LOOK, is_recheck=False), page(replace(PAGE, html="<p>x</p>")), None, NOON)
    assert asked.extraction is not None, "who asks gets today's reading"


def test_an_edit_names_what_changed() -> None:
    commit = settle_article(LOOK, page(replace(PAGE, title="Other", byline=("Ann",))), None, NOON + HOUR)
    assert (commit.is_revision, commit.changed, commit.status) == (True, ("title", "byline"), "full")


def test_facts_that_flap_make_no_more_revisions_past_the_cap() -> None:
    flapping = page(replace(PAGE, byline=("Ann",)))
    assert settle_article(replace(LOOK, slight_edits=23), flapping, None, NOON).is_revision
    assert settle_article(replace(LOOK, slight_edits=24), flapping, None, NOON).rule == "no-edit"


def test_where_the_feed_s_words_give_way_to_the_page_s_nobody_edited_anything() -> None:
    commit = settle_article(replace(LOOK, status="feed_only", is_recheck=False), page(LONG), None, NOON)
    assert (commit.status, commit.is_revision, commit.changed) == ("full", True, ())


@pytest.mark.parametrize(
    "visit",
    [
        page(WALL),
        page(replace(WALL, kind="error_page", text="Something went wrong")),
        page(Extraction(kind="needs_javascript")),
        page(replace(LONG, text=TEXT[:300])),
        page(replace(LONG, text=TEXT[:300] + " Subscribe now")),
        Visit(outcome="later", reason="HTTP 500"),
        Visit(outcome="final", reason="refused by robots.txt"),
    ],
)
def test_a_look_never_replaces_a_full_text_by_less(visit: Visit) -> None:
    suspect = Missing(since=NOON, cause="404", reason="404", is_confirmed=True)
    commit = settle_article(LONG_LOOK, visit, None, NOON + HOUR)
    assert (commit.status, commit.extraction, commit.is_revision, commit.missing) == ("full", None, False, None)
    assert (commit.next_fetch_at, commit.recheck_at) == (None, NOON + 2 * HOUR), "it comes again by its age"
    kept = settle_article(replace(LONG_LOOK, missing=suspect), visit, None, NOON + HOUR)
    assert kept.missing == suspect, "neither is it there again"


def test_a_pause_that_the_site_asks_for_moves_the_next_look() -> None:
    busy = Visit(outcome="later", reason="HTTP 503", retry_after=5 * HOUR)
    assert settle_article(LOOK, busy, None, NOON + HOUR).recheck_at == NOON + 6 * HOUR


def test_a_first_page_that_is_shorter_than_the_whole_is_no_wall() -> None:
    first = replace(LONG, text=TEXT[:300], html="<p>1</p>", next_page="https://n.example/world/2026/a/2")
    job = replace(LONG_LOOK, due_at=NOON + HOUR)
    commit = settle_article(job, page(first), None, NOON + HOUR)
    assert commit.draft is not None
    assert (commit.next_fetch_at, commit.recheck_at, commit.rechecks) == (None, NOON + HOUR, 0)
    last = settle_article(replace(job, draft=commit.draft), page(LONG), None, NOON + HOUR)
    assert (last.draft, last.rule, last.rechecks, last.validators) == (None, "no-edit", 1, Validators())


def test_a_later_page_that_is_missing_is_no_removal() -> None:
    draft = Draft(next_url="https://n.example/a/2", urls=("https://n.example/a",), extraction=PAGE)
    commit = settle_article(replace(LOOK, draft=draft), GONE, None, NOON)
    assert (commit.missing, commit.rule, commit.extraction) == (None, "page-lost", None)


# --------------------------------------------------------------------------- removals


def test_a_page_is_removed_when_it_is_missing_twice_an_hour_apart() -> None:
    once = settle_article(replace(LOOK, rechecks=9), GONE, None, NOON)
    assert (once.rule, once.extraction, once.recheck_at) == ("page-missing", None, NOON + CONFIRM_AFTER)
    assert once.missing is not None
    assert (once.missing.is_confirmed, once.rechecks) == (False, 10)
    too_soon = settle_article(replace(LOOK, missing=once.missing), GONE, None, NOON + timedelta(minutes=59))
    assert too_soon.rule == "page-missing"
    twice = settle_article(replace(LOOK, missing=once.missing, rechecks=10), GONE, None, NOON + HOUR)
    assert twice.missing == replace(once.missing, is_confirmed=True)
    assert (twice.rule, twice.rechecks, twice.recheck_at) == ("page-removed", 10, None)


def test_gone_for_good_is_believed_at_once() -> None:
    commit = settle_article(LOOK, replace(GONE, absence="410"), None, NOON)
    assert commit.rule == "page-removed"
    assert find_missing(None, "451", "law", NOON).is_confirmed is False


def test_a_removal_stays_as_it_was_found_and_is_told_once() -> None:
    removed = Missing(since=NOON, cause="410", reason="gone", is_confirmed=True)
    commit = settle_article(replace(LOOK, missing=removed), GONE, None, NOON + DAY)
    assert (commit.missing, commit.detail) == (removed, None)


@pytest.mark.parametrize("visit", [page(PAGE), Visit(outcome="unchanged", response=replace(RESPONSE, status=304))])
def test_a_page_that_comes_back_is_an_event(visit: Visit) -> None:
    removed = Missing(since=NOON, cause="410", reason="gone", is_confirmed=True)
    commit = settle_article(replace(LOOK, missing=removed), visit, None, NOON + DAY)
    assert (commit.missing, commit.rule) == (None, "page-back")
    assert commit.detail == "the page is there again, removed since 2026-01-15 12:00 UTC"
    suspect = replace(removed, is_confirmed=False)
    commit = settle_article(replace(LOOK, missing=suspect), visit, None, NOON + DAY)
    assert (commit.missing, commit.rule != "page-back") == (None, True)


def test_a_page_that_was_never_read_is_not_removed() -> None:
    for job in (replace(LOOK, status="feed_only"), replace(LOOK, status="pending", current=None)):
        assert settle_article(job, replace(GONE, absence="410"), PAGE, NOON).missing is None


OTHER = replace(LONG, text="Quite other words, about nothing that was known before. " * 30, canonical_url=None)
NOTICE = replace(OTHER, text="This article has been withdrawn by the editors.")


def redirected(url: str, found: Extraction, status: int = 301) -> Visit:
    hops = (Hop(url=LONG_LOOK.url, status=status),)
    return Visit(outcome="page", response=replace(RESPONSE, url=url, hops=hops), extraction=found)


@pytest.mark.parametrize(
    ("visit", "cause"),
    [
        (Visit(outcome="final", reason="front page", absence="home"), "home"),
        (redirected("https://n.example/world/", replace(OTHER, kind="list")), "section"),
        (redirected("https://www.n.example/world", OTHER), "section"),
        (redirected("https://n.example/world/", Extraction(kind="not_an_article")), "section"),
        (redirected("https://n.example/world/2026/b", OTHER, 302), "redirect"),
        (redirected("https://elsewhere.example/x", OTHER), "redirect"),
        (redirected("https://n.example/world/2026/a", NOTICE), "replaced"),
    ],
)
def test_an_address_that_leads_to_something_else_is_a_removal_not_an_edit(visit: Visit, cause: str) -> None:
    commit = settle_article(LONG_LOOK, visit, None, NOON + HOUR)
    assert (commit.extraction, commit.keys) == (None, ()), "and the two pages do not become one article"
    assert commit.missing is not None
    assert commit.missing.cause == cause


def test_a_detour_over_another_site_is_no_removal_and_no_edit() -> None:
    commit = settle_article(LONG_LOOK, redirected("https://consent.example/x", OTHER, 302), None, NOON + HOUR)
    assert (commit.rule, commit.missing, commit.extraction) == ("page-turned-unreadable", None, None)
    assert commit.keys == ()


@pytest.mark.parametrize(
    "visit",
    [
        redirected("https://n.example/world/2026/a", OTHER),
        redirected("https://n.example/world/2026/a-new-slug", LONG),
        redirected("https://n.example/world/2026", LONG),
        redirected("https://n.example/login", replace(WALL, kind="login")),
        redirected("https://n.example/world/", replace(WALL, kind="consent")),
    ],
)
def test_a_rewritten_or_moved_page_or_a_wall_is_no_removal(visit: Visit) -> None:
    assert settle_article(LONG_LOOK, visit, None, NOON + HOUR).missing is None
