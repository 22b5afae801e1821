"""robots.txt."""

import pickle
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import robots
from scraper.model import RobotsRecord

URL = "https://n.example:8080/private/a?b=1"


def judge(body: str, status: int | None = 200, url: str = URL) -> robots.RobotsVerdict:
    return robots.judge(RobotsRecord(fetched_at=NOON, status=status, body=body.encode()), url, "Wireroom")


def test_rules_address() -> None:
    assert robots.robots_url(URL) == "https://n.example:8080/robots.txt"
    assert robots.robots_url("https://me:pw@N.example.:443/a") == "https://n.example/robots.txt"


def test_our_group_goes_before_everybody_s() -> None:
    body = "User-agent: *\nDisallow: /\n\nUser-agent: wireroom\nAllow: /\nCrawl-delay: 7\n"
    assert judge(body) == robots.RobotsVerdict(allowed=True, crawl_delay=timedelta(seconds=7))
    assert not judge("User-agent: *\nDisallow: /private\nCrawl-delay: 9999").allowed
    assert judge("User-agent: *\nCrawl-delay: 9999").crawl_delay == timedelta(seconds=120)


@pytest.mark.parametrize(
    ("status", "allowed", "wait"), [(404, True, False), (403, True, False), (500, False, True), (None, False, True)]
)
def test_missing_rules_allow_and_broken_ones_mean_wait(status: int | None, allowed: bool, wait: bool) -> None:
    verdict = judge("", status)
    assert (verdict.allowed, verdict.wait) == (allowed, wait)


def test_records_are_kept_a_day_but_failures_half_an_hour() -> None:
    good, bad = RobotsRecord(fetched_at=NOON, status=404), RobotsRecord(fetched_at=NOON, status=None)
    assert robots.is_fresh(good, NOON + timedelta(hours=23, minutes=59))
    assert not robots.is_fresh(good, NOON + timedelta(hours=24))
    assert robots.is_fresh(bad, NOON + timedelta(minutes=29))
    assert not robots.is_fresh(bad, NOON + timedelta(minutes=30))


def test_a_record_of_a_clock_that_was_ahead_is_asked_anew() -> None:
    record = RobotsRecord(fetched_at=NOON + timedelta(days=10), status=200)
    assert not robots.is_fresh(record, NOON)
    assert robots.is_fresh(replace(record, fetched_at=NOON + timedelta(seconds=30)), NOON)


def test_a_line_that_is_no_rule_does_not_end_a_group() -> None:
    assert not judge("User-agent: Wireroom\nMood: bad\nUser-agent: *\nDisallow: /\n").allowed


def test_a_name_ends_at_its_first_space_and_the_file_may_begin_with_a_byte_order_mark() -> None:
    assert not judge("\ufeffUser-agent: Wireroom Reader 2\nDisallow: /\n\nUser-agent: *\nAllow: /\n").allowed


@pytest.mark.parametrize(
    "agent", ["Wireroom/1.0", "wireroom", "wire*", "WIREROOM\t(news) 1", "Wireroom # the reader", " Wireroom "]
)
@pytest.mark.parametrize("field", ["User-agent:", "user agent ", "useragent :", "USER-AGENT\t"])
def test_however_a_group_names_us(field: str, agent: str) -> None:
    assert not judge(f"User-agent: other\nAllow: /\n\n{field}{agent}\nUser-agent: more\nDisallow: /\n").allowed


@pytest.mark.parametrize("agent", ["", "*room", "room", "wireroomer", "a wireroom", "-"])
def test_a_group_that_is_not_ours_says_nothing(agent: str) -> None:
    assert judge(f"Disallow: /\nUser-agent: {agent}\nDisallow: /\nUser-agent: x\n").allowed


def test_all_groups_of_our_name_count_and_others_end_them() -> None:
    groups = "User-agent: *\nUser-agent: Wireroom\nDisallow: /a\nUser-agent: x\nDisallow: /c\nUser-agent: wireroom\nDisallow: /b\n"
    wanted = {"/a": False, "/b": False, "/c": True, "/d": True}
    assert {path: judge(groups, url=f"https://n.example{path}").allowed for path in wanted} == wanted


def test_what_is_kept_of_a_file_is_what_it_says_of_us() -> None:
    others = "".join(f"User-agent: bot{n}\n" for n in range(500)) + "Disallow: /x\n" * 500
    rules = robots.read_rules(f"{others}\nUser-agent: wireroom\nDisallow: /private\n".encode(), "Wireroom")
    assert rules.size == len("user-agent: wireroom\nDisallow: /private")
    assert not robots.verdict(rules, URL).allowed


def test_rules_come_back_from_a_worker() -> None:
    body = b"User-agent: *\nDisallow: /private*b=\nCrawl-delay: 3\n"
    rules = pickle.loads(pickle.dumps(robots.read_rules(body, "Wireroom")))
    assert robots.verdict(rules, URL) == robots.RobotsVerdict(allowed=False, crawl_delay=timedelta(seconds=3))


def matches(pattern: str, path: str) -> bool:
    """Say whether a rule holds for a path, letter by letter (RFC 9309, 2.2.3)."""
    if not pattern:
        return True
    if pattern == "$":
        return not path
    if pattern[0] == "*":
        return any(matches(pattern[1:], path[at:]) for at in range(len(path) + 1))
    return path[:1] == pattern[0] and matches(pattern[1:], path[1:])


RULES = st.lists(st.tuples(st.booleans(), st.text("ab/*", max_size=6), st.sampled_from(["", "", "$"])), max_size=5)


@given(RULES, st.text("ab/", max_size=8))
def test_the_longest_rule_wins_and_allow_of_two_alike(rules: list[tuple[bool, str, str]], path: str) -> None:
    written = [(allows, f"/{pattern}{end}") for allows, pattern, end in rules]
    body = "User-agent: *\n" + "".join(f"{'Allow' if allows else 'Disallow'}: {rule}\n" for allows, rule in written)
    found = [(len(rule), allows) for allows, rule in written if matches(rule, f"/{path}")]
    assert judge(body, url=f"https://n.example/{path}").allowed == max(found, default=(0, True))[1]
