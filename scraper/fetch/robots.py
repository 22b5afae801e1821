"""What a host's robots.txt allows (RFC 9309), read by protego. Pure.

A file is read once (`read_rules`, in a worker: it may be made to cost time) and addresses are judged by what it says of
us. Both take time in proportion to the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from scraper.model import RobotsRecord
from scraper.urls import origin_of

KEPT_FOR = timedelta(hours=24)
#: A host that could not say is asked again sooner.
KEPT_WHEN_UNREACHABLE = timedelta(minutes=30)
#: Clocks are set back by so much without anybody meaning it.
_SKEW = timedelta(minutes=1)
#: RFC 9309, 2.5: at least 500 KiB must be read; more is not.
MAX_BYTES = 500 * 1024
LONGEST_CRAWL_DELAY = timedelta(seconds=120)
#: How the line that begins a group of rules is called; a colon or a blank follows.
_AGENT_FIELDS = ("user-agent", "user agent", "useragent")
#: How the lines begin that say something to us; any other is as if it were not there (RFC 9309, 2.2.4).
_RULE_FIELDS = ("allow", "dis", "dias", "crawl")


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsVerdict:
    """May this address be fetched? `wait` = the host could not say, ask again later."""

    allowed: bool
    wait: bool = False
    #: Least time between fetches that the host asks for, capped.
    crawl_delay: timedelta = timedelta(0)


def robots_url(url: str) -> str:
    """Return where the rules for an address are: of its origin, without a login that the address carries."""
    return f"{origin_of(url)}/robots.txt"


def is_fresh(record: RobotsRecord, now: datetime) -> bool:
    """Say whether a record still holds; one from a time to come does not."""
    return -_SKEW <= now - record.fetched_at < (KEPT_FOR if _is_answer(record) else KEPT_WHEN_UNREACHABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRules:
    """What a robots.txt says of us, in the form in which addresses are judged by it."""

    #: Characters of the lines that say something of us.
    size: int
    parsed: Protego
    user_agent: str


def has_rules(record: RobotsRecord) -> bool:
    """Say whether there is a file to be read."""
    return _is_answer(record) and bool(record.body)


def read_rules(body: bytes, user_agent: str) -> RobotsRules:
    """Read a robots.txt for one user agent (a product token)."""
    ours = "\n".join(_ours(body.decode("utf-8-sig", "replace"), user_agent.lower()))
    return RobotsRules(size=len(ours), parsed=Protego.parse(ours), user_agent=user_agent)


def verdict_without_rules(record: RobotsRecord) -> RobotsVerdict:
    """Apply the rules where no file was sent: 4xx and an empty file allow everything, 5xx and no answer mean wait."""
    return RobotsVerdict(allowed=_is_answer(record), wait=not _is_answer(record))


def verdict(rules: RobotsRules, url: str) -> RobotsVerdict:
    """Apply the rules of a file as written."""
    delay = rules.parsed.crawl_delay(rules.user_agent) or 0
    return RobotsVerdict(
        allowed=bool(rules.parsed.can_fetch(url, rules.user_agent)),
        crawl_delay=min(timedelta(seconds=max(0.0, float(delay))), LONGEST_CRAWL_DELAY),
    )


def judge(record: RobotsRecord, url: str, user_agent: str) -> RobotsVerdict:
    """Read a record and apply it, for those who ask once."""
    return verdict(read_rules(record.body, user_agent), url) if has_rules(record) else verdict_without_rules(record)


# --------------------------------------------------------------------------- the lines that hold for us


def _ours(text: str, name: str) -> Iterator[str]:
    """Yield the rules for `name` (in lower case), or those for everybody if it has none, as one group.

    protego multiplies the user agents of a group with its rules; here is one user agent only.
    """
    lines = [line for raw in text.splitlines() if (line := raw.partition("#")[0].strip())]
    ours = _best(filter(None, map(_agent, lines)), name)
    if ours is None:
        return
    yield f"user-agent: {ours}"
    is_ours, is_heading = False, False
    for line in lines:
        agent = _agent(line)
        if agent is not None:
            is_ours, is_heading = agent == ours or (is_heading and is_ours), True
        elif line[:5].lower().startswith(_RULE_FIELDS):
            is_heading = False
            if is_ours:
                yield line


def _best(agents: Iterable[str], name: str) -> str | None:
    """Return the user agent whose rules hold for `name`: the longest that it begins with, or `*`; None = none do."""
    ours = {agent for agent in agents if agent == "*" or name.startswith(agent)}
    return max(ours - {"*"}, key=len, default="*" if ours else None)


def _agent(line: str) -> str | None:
    """Return the user agent that a line names, empty if it names none; None = it is another line.

    A product token ends at the first blank or slash; people write whole names, versions, and `*` at their ends.
    """
    field = next((field for field in _AGENT_FIELDS if line[: len(field)].lower() == field), None)
    if field is None:
        return None
    rest = line[len(field) :]
    if rest and rest[0] != ":" and not rest[0].isspace():
        return None
    words = rest.lstrip().removeprefix(":").split(maxsplit=1)
    token = words[0].partition("/")[0].lower() if words else ""
    return token if token == "*" else token.replace("*", "")


def _is_answer(record: RobotsRecord) -> bool:
    return record.status is not None and record.status < 500
