"""Every deliberate error of Wireroom.

WireroomError
├── ConfigError            feeds.yaml cannot be used; carries every problem at once
├── AddressError           about what is at an address
│   ├── NotAnAddress       the text is no address that can be asked
│   ├── FetchError         an exchange brought no answer to work with
│   │   ├── AddressRefused policy forbids the address (scheme, private network)
│   │   ├── ConnectFailed  no server reached: look-up, connection or TLS failed or hung
│   │   │   ├── LookUpFailed   the host's name led to no address
│   │   │   └── TlsFailed      the certificate or the handshake
│   │   ├── DeadlineExceeded   a server was reached, but did not answer in time
│   │   ├── BodyTooLarge       more bytes than the limit, after decoding
│   │   ├── AnswerBroken       cut short, malformed, or not decodable as declared
│   │   ├── TooManyRedirects   a loop, or more hops than allowed
│   │   └── PauseAsked     the site wants to be left alone for a time: nothing was asked
│   └── ParseError         a document is not what it should be
│       ├── NotAFeed       no feed format was recognised (`html`: it is a web page)
│       └── NotHtml        the page is another kind of file (PDF, image ...)
├── WorkerFailed           a parsing worker did not return a result
│   ├── WorkerTimeout      it ran into its time limit and was stopped
│   └── WorkerDied         it crashed or hit its memory limit
├── WorkersStopped         Wireroom is ending; the work is dropped and will be repeated
├── WorkersUnavailable     no process to fetch or parse in can be started; likewise
├── StoreError             the archive cannot do what was asked
│   ├── StoreUnusable      the file cannot be opened, read or written
│   ├── StoreTooNew        a later Wireroom wrote it
│   ├── StoreBusy          another process holds it
│   └── LeaseLost          the claim was taken over; the unit of work was rolled back
├── PluginUnusable         an extension of another installed package cannot be loaded
├── NotFound               no such feed, entry or article
└── BadQuery               a search or filter names what there is not
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal


class WireroomError(Exception):
    """Base of all errors that Wireroom raises on purpose; `str()` is fit for a user."""


class ConfigError(WireroomError):
    """A configuration cannot be used.

    `problems` are complete lines (`feeds.yaml:12:5: ...`), in file order.
    """

    def __init__(self, problems: tuple[str, ...], *, path: Path | None = None) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.path = path


class AddressError(WireroomError):
    """Something is wrong with what is at an address; `url` is the address, without credentials."""

    def __init__(self, message: str, *, url: str) -> None:
        super().__init__(message)
        self.url = url

    def __reduce__(self) -> tuple[object, ...]:
        """Fetching and parsing are done in other processes: keep `url` across the pipe."""
        return (_rebuild, (type(self), str(self), dict(self.__dict__)))


class NotAnAddress(AddressError):
    """The text is no address of http or https, or has what no address has."""


class FetchError(AddressError):
    """An exchange brought no answer."""


class AddressRefused(FetchError):
    """Policy forbids the address: its scheme, or a network that is not public."""


class ConnectFailed(FetchError):
    """No server was reached: name look-up, connection or TLS failed, or took too long."""


class LookUpFailed(ConnectFailed):
    """The host's name led to no address: there is none of this name, or nobody could be asked."""


class TlsFailed(ConnectFailed):
    """The certificate or the handshake was not acceptable; the message says what is wrong with it."""


class DeadlineExceeded(FetchError):
    """A server was reached, but its answer was not complete within the deadline."""


class BodyTooLarge(FetchError):
    """The body passed its size limit, counted after decoding."""


class AnswerBroken(FetchError):
    """The server's answer was cut short, malformed, not decodable as declared, or leads to an address that is none."""


class TooManyRedirects(FetchError):
    """A redirect loop, or more hops than allowed."""


class PauseAsked(FetchError):
    """The site asked to be left alone until `until`: it is asked nothing before."""

    def __init__(self, message: str, *, url: str, until: datetime) -> None:
        super().__init__(message, url=url)
        self.until = until


class ParseError(AddressError):
    """A document is not what it should be."""


class NotAFeed(ParseError):
    """No feed format was recognised; `is_html` says that it is a web page instead."""

    def __init__(self, message: str, *, url: str, is_html: bool = False) -> None:
        super().__init__(message, url=url)
        self.is_html = is_html


class NotHtml(ParseError):
    """The page is another kind of file."""


def _rebuild(kind: type[AddressError], message: str, state: dict[str, object]) -> AddressError:
    error = kind.__new__(kind)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class WorkerFailed(WireroomError):
    """A parsing worker did not return a result."""


class WorkerTimeout(WorkerFailed):
    """A parsing worker ran into its time limit and was stopped."""


class WorkerDied(WorkerFailed):
    """A parsing worker crashed or hit its memory limit."""


class WorkersStopped(WireroomError):
    """The workers were closed before the result was there: nothing is known of the document."""


class WorkersUnavailable(WireroomError):
    """No process to fetch or parse in could be started: nothing is known of the document."""


class StoreError(WireroomError):
    """The archive cannot do what was asked."""


class StoreUnusable(StoreError):
    """The database file cannot be opened, read or written; `path` names it."""

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


class StoreDamaged(StoreUnusable):
    """The file is damaged, or no database at all."""


class StoreTooNew(StoreUnusable):
    """A later version of Wireroom wrote the database."""


class StoreBusy(StoreUnusable):
    """Another process holds the database."""


class LeaseLost(StoreError):
    """A claim was taken over by somebody else; the unit of work was rolled back."""


class PluginUnusable(WireroomError):
    """An extension that another installed package adds under `name` cannot be used."""

    def __init__(self, message: str, *, name: str) -> None:
        super().__init__(message)
        self.name = name


class BadQuery(WireroomError):
    """A search or a filter names what there is not: a field, a date, a tag, a feed, a saved search.

    `part` says which part of a filter that is; None = its query.
    """

    def __init__(self, message: str, *, query: str, part: Literal["feed", "tag"] | None = None) -> None:
        super().__init__(message)
        self.query = query
        self.part = part


class NotFound(WireroomError):
    """There is no feed, entry or article that `what` names."""

    def __init__(self, message: str, *, what: str) -> None:
        super().__init__(message)
        self.what = what
