"""HTTP status codes in words for a person."""

from __future__ import annotations

from scraper.fetch.bot_challenge import is_challenge
from scraper.model import Response, Validators
from scraper.urls import without_credentials


def is_conditional(validators: Validators | None) -> bool:
    """Say whether a request with these asks if anything has changed."""
    return validators is not None and bool(validators.etag or validators.last_modified)


def is_complete(response: Response) -> bool:
    """Say whether an answer has the document; a part (206) that nobody asked for is none."""
    return 200 <= response.status < 300 and response.status != 206


def status_text(response: Response) -> str:
    """Say what an HTTP status means for the user, and a check for robots whatever its status."""
    if is_challenge(response):
        checked = "blocked by the site: it asks for proof that a person is there"
        return (
            f"{without_credentials(response.url)}: {checked} (HTTP {response.status}); ask its owner to let feeds pass"
        )
    meaning = {
        206: "the site sent a part of it only",
        304: "the site says that nothing has changed, without having been asked",
        401: "the site asks for a login",
        402: "the site asks for payment",
        403: "blocked by the site",
        404: "there is nothing at this address",
        410: "it is gone for good",
        429: "the site asks us to slow down",
        451: "withheld for legal reasons",
        503: "the site is out of service at present",
    }.get(response.status, "the site has an error" if response.status >= 500 else "no usable answer")
    return f"{without_credentials(response.url)}: {meaning} (HTTP {response.status})"
