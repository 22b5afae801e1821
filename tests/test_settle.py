"""What a fetched page makes of an article."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON

from scraper.articles.commit import RETRY_LADDER, Visit, needs_feed_text, settle_article
from scraper.model import ArticleJob, Block, Extraction, FeedSpec, FeedState, Hints, NextPoll, Response, Validators
from scraper.polling.commit import Reading, settle_poll

JOB = ArticleJob(
    id=5, url="https://n.example/a", full_text=True, hints=Hints(title="From the feed"), first_seen_at=NOON
)
PAGE = Extraction(title="Title", text="The text.", html="<p>The text.</p>", markdown="The text.")
FEED = Extraction(title="From the feed", text="Summary.", html="<p>Summary.</p>", markdown="Summary.")
WALL = Extraction(title="Title", text="Subscribe to read", kind="paywalled", reason="only subscribers can read on")
RESPONSE = Response(
    url="https://n.example/a?utm_source=x",
    status=200,
    headers={"etag": '"1"'},
    body=b"<p>",
    wire_bytes=3,
    fetched_at=NOON,
)


def page(extraction: Extraction) -> Visit:
    return Visit(outcome="page", response=RESPONSE, extraction=extraction)


def test_a_readable_page_is_full() -> None:
    commit = settle_article(JOB, page(PAGE), None, NOON)
    assert (commit.status, commit.reason, commit.rule, commit.is_revision) == ("full", None, "page-read", True)
    assert commit.extraction == PAGE
    assert commit.page is not None
    assert commit.keys == ("//n.example/a",)
    assert (commit.validators.etag, commit.http_status, commit.wire_bytes) == ('"1"', 200, 3)
    assert commit.next_allowed_at == NOON + timedelta(seconds=1)
    assert commit.next_fetch_at is None


def test_a_list_page_with_text_is_full_too() -> None:
    assert settle_article(JOB, page(replace(PAGE, kind="list")), None, NOON).status == "full"


def test_a_wall_keeps_what_the_feed_gave() -> None:
    visit = page(WALL)
    assert needs_feed_text(JOB, visit)
    commit = settle_article(JOB, visit, FEED, NOON)
    assert (commit.status, commit.reason) == ("feed_only", "only subscribers can read on")
    assert commit.extraction is not None
    assert (commit.extraction.text, commit.extraction.kind) == ("Summary.", "paywalled")
    assert commit.keys == (), "many articles may lead to one wall"
    assert settle_article(JOB, visit, Extraction(), NOON).status == "failed"


def test_of_a_doubtful_text_the_feeds_words_are_filed() -> None:
    visit = page(replace(PAGE, confidence=0.31))
    assert needs_feed_text(JOB, visit)
    commit = settle_article(JOB, visit, FEED, NOON)
    assert (commit.status, commit.rule) == ("feed_only", "page-doubtful")
    assert commit.reason == "doubtful_text: what the page shows is hardly the article (confidence 0.31)"
    assert commit.extraction is not None
    assert (commit.extraction.text, commit.extraction.confidence) == ("Summary.", None)


def test_a_doubtful_text_stands_marked_where_the_feed_has_none() -> None:
    commit = settle_article(JOB, page(replace(PAGE, confidence=0.31)), Extraction(), NOON)
    assert (commit.status, commit.rule) == ("full", "page-read")
    assert (commit.reason or "").startswith("doubtful_text: ")
    assert commit.extraction is not None
    assert commit.extraction.text == "The text."


def test_what_is_on_file_in_full_is_not_doubted_later() -> None:
    job = replace(JOB, status="full", current=PAGE, is_recheck=True)
    assert not needs_feed_text(job, page(replace(PAGE, confidence=0.31)))


@pytest.mark.parametrize("attempts", range(4))
def test_what_may_get_better_is_tried_again_on_the_ladder(attempts: int) -> None:
    job = replace(JOB, attempts=attempts)
    commit = settle_article(job, Visit(outcome="later", reason="HTTP 500"), FEED, NOON)
    assert (commit.status, commit.attempts) == ("pending", attempts + 1)
    assert commit.next_fetch_at == NOON + RETRY_LADDER[attempts]
    assert commit.extraction == FEED
    assert not commit.is_revision


def test_at_the_end_of_the_ladder_it_is_settled() -> None:
    job = replace(JOB, attempts=4)
    assert settle_article(job, Visit(outcome="later", reason="HTTP 500"), FEED, NOON).status == "feed_only"
    failed = settle_article(job, Visit(outcome="later", reason="HTTP 500"), Extraction(), NOON)
    assert (failed.status, failed.reason, failed.next_fetch_at) == ("failed", "HTTP 500", None)


def test_what_is_final_is_settled_at_once() -> None:
    commit = settle_article(JOB, Visit(outcome="final", reason="404"), FEED, NOON)
    assert (commit.status, commit.reason, commit.next_fetch_at) == ("feed_only", "404", None)


def test_retry_after_and_crawl_delay_lengthen_the_host_s_gap() -> None:
    slow = settle_article(JOB, replace(page(PAGE), crawl_delay=timedelta(seconds=30)), None, NOON)
    assert slow.next_allowed_at == NOON + timedelta(seconds=30)
    told = settle_article(JOB, Visit(outcome="later", reason="429", retry_after=timedelta(hours=2)), FEED, NOON)
    assert (told.next_allowed_at, told.next_fetch_at) == (NOON + timedelta(hours=2), NOON + timedelta(hours=2))
    unused = settle_article(JOB, Visit(outcome="no_page", used_network=False, reason="feed only"), FEED, NOON)
    assert unused.next_allowed_at is None


@pytest.mark.parametrize(
    ("host", "holds"),
    [("www.n.example", True), ("192.168.1.9", False), ("localhost", False), ("nas", False), ("rss.home.arpa", False)],
)
def test_retry_after_holds_for_a_public_host_or_the_one_feed_of_a_private_one(host: str, holds: bool) -> None:
    feed = FeedState(id=1, spec=FeedSpec(url=f"http://{host}/"), current_url=f"http://{host}/")
    answer = Response(url=feed.current_url, status=429, headers={"retry-after": "1800"}, body=b"", fetched_at=NOON)
    half = NOON + timedelta(minutes=30)
    plan = NextPoll(at=NOON + timedelta(hours=1), interval=timedelta(hours=1), reason="HTTP 429", held_until=half)
    commit = settle_poll(feed, Reading(status="failed", response=answer, error="429"), (), plan, (NOON, NOON))
    assert commit.block == (Block(domain="n.example", until=half) if holds else None)
    visit = Visit(outcome="later", response=answer, reason="429", retry_after=timedelta(minutes=30))
    told = settle_article(JOB, visit, FEED, NOON)
    assert told.block == commit.block
    assert told.next_allowed_at == NOON + (timedelta(minutes=30) if holds else timedelta(seconds=1))
    assert told.next_fetch_at == NOON + timedelta(minutes=30)


def test_without_the_feed_s_text_what_is_on_file_stays() -> None:
    commit = settle_article(JOB, Visit(outcome="final", reason="404"), None, NOON)
    assert (commit.status, commit.extraction, commit.is_revision) == ("failed", None, False)


FULL = replace(JOB, status="full", current=PAGE)


def test_an_article_on_file_survives_the_loss_of_its_page() -> None:
    for visit in (Visit(outcome="final", reason="410"), page(WALL), page(Extraction(kind="needs_javascript"))):
        commit = settle_article(FULL, visit, FEED, NOON)
        assert (commit.status, commit.extraction, commit.is_revision, commit.reason) == ("full", None, False, None)


def test_a_passing_failure_leaves_a_full_article_without_a_reason() -> None:
    commit = settle_article(FULL, Visit(outcome="later", reason="HTTP 503"), FEED, NOON)
    assert (commit.status, commit.reason, commit.rule) == ("full", None, "retry-later")


def test_the_feed_s_own_edits_are_filed_where_there_is_no_page() -> None:
    job = replace(JOB, status="feed_only", full_text=False, current=PAGE)
    commit = settle_article(job, Visit(outcome="no_page", used_network=False, reason="without a page"), FEED, NOON)
    assert (commit.extraction, commit.is_revision) == (FEED, True)


def test_a_check_without_change_keeps_the_version() -> None:
    commit = settle_article(FULL, Visit(outcome="unchanged", response=replace(RESPONSE, status=304)), None, NOON)
    assert (commit.status, commit.extraction, commit.rule) == ("full", None, "not-modified")


@pytest.mark.parametrize(
    ("new", "edited"),
    [
        (replace(PAGE, text="The  TEXT!"), False),
        (replace(PAGE, related=(), language="en", html="<p>The text. </p>"), False),
        (replace(PAGE, text="The new text."), True),
        (replace(PAGE, title="Another"), True),
        (replace(PAGE, byline=("Somebody",)), True),
    ],
)
def test_an_edit_is_a_change_that_a_reader_could_name(new: Extraction, edited: bool) -> None:
    assert settle_article(FULL, page(new), None, NOON).is_revision is edited


# --------------------------------------------------------------------------- articles of several pages

GOING_ON = replace(PAGE, next_page="https://n.example/a/2")


def test_a_first_page_that_goes_on_files_nothing_yet_and_keeps_its_place() -> None:
    job = replace(JOB, due_at=NOON - timedelta(minutes=5), validators=Validators(etag='"0"'))
    commit = settle_article(job, page(GOING_ON), None, NOON)
    assert (commit.status, commit.extraction, commit.keys, commit.validators) == ("pending", None, (), job.validators)
    assert (commit.next_fetch_at, commit.next_allowed_at) == (job.due_at, NOON + timedelta(seconds=1))
    assert commit.draft is not None
    assert (commit.draft.next_url, commit.draft.keys) == (GOING_ON.next_page, ("//n.example/a",))
    assert commit.page is not None
    assert commit.page.number == 1


def test_the_last_page_files_all_without_validators() -> None:
    first = settle_article(JOB, page(GOING_ON), None, NOON).draft
    whole = replace(PAGE, text="The text. More.", html="<p>The text.</p><p>More.</p>")
    commit = settle_article(replace(JOB, draft=first), page(whole), None, NOON)
    assert (commit.draft, commit.extraction, commit.is_revision) == (None, whole, True)
    assert (commit.keys, commit.validators, commit.detail) == (("//n.example/a",), Validators(), "2 pages joined")
    assert commit.page is not None
    assert commit.page.number == 2


def test_a_page_that_adds_nothing_is_the_end_and_is_not_kept() -> None:
    first = settle_article(JOB, page(GOING_ON), None, NOON).draft
    commit = settle_article(replace(JOB, draft=first), page(replace(GOING_ON, next_page="x")), None, NOON)
    assert (commit.draft, commit.page, commit.detail, commit.status) == (None, None, None, "full")


def test_an_internal_error_on_a_later_page_keeps_the_pages_before() -> None:
    first = settle_article(JOB, page(GOING_ON), None, NOON).draft
    job = replace(JOB, draft=first)
    visit = Visit(outcome="later", reason="internal error", used_network=False)
    assert not needs_feed_text(job, visit)
    commit = settle_article(job, visit, None, NOON)
    assert (commit.status, commit.rule, commit.draft, commit.attempts) == ("full", "pages-missing", first, 1)
    assert commit.detail == "page 2 is missing: internal error"
