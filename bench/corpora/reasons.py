"""Cases whose truth does not hold for us, each with the reason; they are listed beside the violations."""

from __future__ import annotations

_RFC_9309 = "RFC 9309, 2.2.2: compared decoded where ASCII, encoded where not; the case is of a parser that does not"
_MEANS_MORE = "a word that names content elsewhere: without it, different pages would be one article"

#: Row of the table -> beginning of a violation's text -> reason.
REASONS: dict[str, dict[str, str]] = {
    "robots.txt": {
        "GoogleOnly_AcceptUserAgentUpToFirstSpace: 'Foo Bar'": (
            "a crawler's name with a blank in it is no product token (RFC 9309, 2.2.1); ours has none"
        ),
        "ID_Encoding: 'FooBot' at 'http://foo.bar/foo/bar/ツ'": _RFC_9309,
        "ID_Encoding: 'FooBot' at 'http://foo.bar/foo/bar/baz'": _RFC_9309,
    },
    "encodings of pages": {
        'euc-jp: b\'<html>\\n<head>\\n<meta http-equiv="Content-Type"': (
            "its bytes are UTF-8 with Japanese text, whatever it declares: no text in EUC-JP is valid UTF-8 by chance"
        ),
    },
    "addresses without tracking": {
        "https://example.com/page?ref=feed.com": (
            "only the feed's address says that this is tracking; an article has one key, whichever feed names it"
        ),
    },
    "tracking parameters known": dict.fromkeys(("campid", "toolid", "customid", "si"), _MEANS_MORE),
    "dates of entries": {
        "_parse_date_rfc822 'Thu, 01 Jan 0100": "no news is of the year 99: refused",
        "_parse_date_w3dtf '22013'": "year 22, day 13; the list wants '03335' read in the same way",
    },
}


def explained(what: str, violation: str) -> str | None:
    """Return why a violation of a row is none; None if it is one."""
    return next((why for start, why in REASONS.get(what, {}).items() if violation.startswith(start)), None)
