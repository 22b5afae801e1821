"""The values of feeds.yaml: text in, value out, and a ValueError that tells the user what to write instead.

No message repeats an address, which may hold a password.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import zoneinfo
from datetime import timedelta
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from scraper.urls import standard_host

MIN_INTERVAL = timedelta(minutes=1)
MAX_INTERVAL = timedelta(days=366)
MAX_ADDRESS_LENGTH = 2000

_SPAN = re.compile(r"(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?", re.ASCII)
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.ASCII)
_CONTACT = re.compile(r"(https?://|mailto:)[!-~]+|[!-?A-~]+@[!-,\-/-~]+\.[!-~]+", re.ASCII)
#: What people call the time of a place, and a place that has it.
_ABBREVIATIONS = {
    "CEST": "Europe/Berlin", "MEZ": "Europe/Berlin", "MESZ": "Europe/Berlin", "WEST": "Europe/Lisbon",
    "BST": "Europe/London", "EEST": "Europe/Helsinki", "MSK": "Europe/Moscow", "EDT": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MDT": "America/Denver", "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "AKST": "America/Anchorage", "AKDT": "America/Anchorage", "BRT": "America/Sao_Paulo",
    "IST": "Asia/Kolkata", "PKT": "Asia/Karachi", "ICT": "Asia/Bangkok", "WIB": "Asia/Jakarta", "SGT": "Asia/Singapore",
    "HKT": "Asia/Hong_Kong", "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney", "ACST": "Australia/Adelaide", "AWST": "Australia/Perth", "NZST": "Pacific/Auckland",
    "NZDT": "Pacific/Auckland", "SAST": "Africa/Johannesburg", "WAT": "Africa/Lagos", "EAT": "Africa/Nairobi",
}  # fmt: skip
_DEFAULT_PORTS = {"http": 80, "https": 443}


def shown(value: object, limit: int = 60) -> str:
    """Return `value` in quotes for a message: cut, control characters escaped."""
    text = str(value)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    return '"' + "".join(c if c.isprintable() else repr(c)[1:-1] for c in text) + '"'


def without_credentials(text: str) -> str:
    """Return `text` with `user:password@` of any address in it replaced by `***@`."""
    return re.sub(r"""//[^/\s"'?#]*@""", "//***@", text)


# --------------------------------------------------------------------------- times


def parse_interval(text: str) -> timedelta | None:
    """Return the time between polls that `30m`, `2h`, `1d`, `1h30m` mean; None for `auto`."""
    if text == "auto":
        return None
    match = _SPAN.fullmatch(text)
    if not match or not text:
        hint = f'; write "{text}m" for minutes' if re.fullmatch(r"\d{1,6}", text, re.ASCII) else ""
        raise ValueError(f"{shown(text)} is not a time span{hint or ': write 30m, 2h, 1d or auto'}")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span < MIN_INTERVAL:
        raise ValueError(f"{shown(text)} is too short: one minute (1m) is the least")
    if span > MAX_INTERVAL:
        raise ValueError(f"{shown(text)} is too long: 366 days (366d) is the most")
    return span


def parse_keeping(text: str) -> timedelta | None:
    """Return for how long `90d`, `26w`, `never` mean that something is kept; None for `forever`."""
    if text == "never":
        return timedelta(0)
    if text == "forever":
        return None
    try:
        span = parse_interval(text)
    except ValueError as exc:
        raise ValueError(str(exc).replace("or auto", "forever or never")) from None
    if span is None:
        raise ValueError(f"{shown(text)} is not a time span: write 90d, forever or never")
    return span


def format_interval(span: timedelta) -> str:
    """Return the shortest way to write `span` that `parse_interval` reads."""
    seconds = int(span.total_seconds())
    parts = []
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)


def parse_time_zone(name: str) -> str:
    """Return `name` if it is a time zone of the IANA database."""
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError; a folder's name is an OSError
        pass
    except KeyError:
        pass
    else:
        return name
    # A place, not an abbreviation: CET has no summer time in some systems, and CST is three zones.
    places = {zone for zone in zoneinfo.available_timezones() if "/" in zone and not zone.startswith("Etc/")}
    near = _ABBREVIATIONS.get(name.strip().upper()) or next(iter(difflib.get_close_matches(name, places, n=1)), None)
    hint = f'did you mean "{near}"?' if near else 'write one like "Europe/Berlin" or "UTC"'
    raise ValueError(f"there is no time zone {shown(name)}; {hint}")


def machine_zone_fault() -> str | None:
    """Return what is wrong with the time zone of this machine; None = nothing."""
    from tzlocal import get_localzone

    try:
        get_localzone()
    except (KeyError, ValueError, OSError):  # ZoneInfoNotFoundError is a KeyError
        said = f"TZ={shown(os.environ['TZ'])} names none" if "TZ" in os.environ else "/etc/localtime cannot be read"
        return f'the time zone of this machine is not known: {said}; set TZ to one like "Europe/Berlin"'
    return None


# --------------------------------------------------------------------------- addresses


def parse_address(text: str) -> str:
    """Return `text` if it is the http(s) address of something."""
    if len(text) > MAX_ADDRESS_LENGTH:
        raise ValueError(f"the address is longer than {MAX_ADDRESS_LENGTH} characters")
    if " " in text or not text.isprintable():  # of all space, " " alone is printable
        raise ValueError("the address has a space or a control character in it")
    if not re.match(r"https?://", text, re.IGNORECASE):
        raise ValueError(_scheme_fault(text))
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as exc:
        raise ValueError("the address is not well formed: look at its host and port") from exc
    if not parts.hostname or port == 0 or not _is_host(parts.hostname):
        raise ValueError("the address is not well formed: look at its host and port")
    return text


def feed_address(text: str, *, scheme: str = "http") -> str:
    """Return an address that other programs write as web addresses are written: `feed://a` and `feed:https://a`, too.

    Where `feed:` stands for the scheme, that is `scheme`. Anything else stays as it is.
    """
    address = text.strip()
    if address[:5].lower() == "feed:":
        address = address[5:].lstrip("/")
        address = address if "://" in address else f"{scheme}://{address}"
    name, colon, rest = address.partition("://")
    return f"{name.lower()}://{rest}" if colon and name.lower() in ("http", "https") else address


def _scheme_fault(text: str) -> str:
    scheme = text.partition(":")[0].lower()
    if scheme == "feed":
        return 'write "https://" in place of "feed:"'
    if scheme in ("file", "ftp", "gopher", "data", "javascript"):
        return f'"{scheme}:" addresses are not read: it takes http:// or https://'
    return "an address begins with https:// or http://"


def same_address(text: str) -> str:
    """Return `text` in the form in which two ways of writing one address are equal.

    Scheme in lower case, the host as `scraper.urls.host_of` has it, no default port, no fragment, `/` for an empty
    path. Nothing that could be two feeds becomes one.
    """
    try:
        parts = urlsplit(text.strip())
        scheme, host, port = parts.scheme.lower(), standard_host(parts.hostname or ""), parts.port
    except ValueError:
        return text
    user = parts.netloc.rpartition("@")[0]
    netloc = (user + "@" if user else "") + (f"[{host}]" if ":" in host else host)
    if port is not None and port != _DEFAULT_PORTS.get(scheme):
        netloc += f":{port}"
    query = "?" + parts.query if parts.query else ""
    return f"{scheme}://{netloc}{parts.path or '/'}{query}"


def _is_host(name: str) -> bool:
    if ":" in name:
        return _ip_network(name) is not None
    host = standard_host(name)
    return len(host) < 254 and _HOST.fullmatch(host.replace("_", "-")) is not None


def parse_site(text: str) -> str:
    """Return the host name that `text` is, in the form in which hosts of addresses are compared."""
    if "/" in text or text.startswith(("http:", "https:")):
        raise ValueError('a site is named by its host alone, like "example.com"')
    if not _is_host(text):
        raise ValueError(f"{shown(text)} is not a host name; write one like example.com")
    return standard_host(text)


def parse_contact(text: str) -> str:
    """Return `text` if it can stand in a User-Agent and leads to somebody."""
    if len(text) > 200 or not _CONTACT.fullmatch(text) or any(c in '()<>"\\;' for c in text):
        raise ValueError("write a web address (https://example.org/about) or an e-mail address, in ASCII")
    if text != without_credentials(text):
        raise ValueError("the contact is sent to every site: no user name or password in it")
    return text


# --------------------------------------------------------------------------- networks and ports


def parse_network(text: str) -> str:
    """Return `text` if it is a network with an optional port: `192.168.1.0/24`, `127.0.0.1:8080`, `[::1]:80`."""
    network, port = _split_port(text)
    if port is not None and not 0 < port < 65_536:
        raise ValueError(f"{shown(text)}: a port is a number from 1 to 65535")
    if _ip_network(network) is not None:
        return text
    try:
        wider = ipaddress.ip_network(network, strict=False)
    except ValueError:
        raise ValueError(
            f"{shown(text)} is not a network: write 192.168.1.0/24, 127.0.0.1:8080 or [::1]:80; "
            "names are not accepted, the address connected to is what counts"
        ) from None
    raise ValueError(f'{shown(text)} is an address inside a network; did you mean "{wider}"?')


def parse_listen(text: str) -> tuple[str, int]:
    """Return the host (no brackets) and port of `127.0.0.1:8460`; port 0 is any free one."""
    host, port = _split_port(text)
    if port is None:
        raise ValueError(f"{shown(text)} has no port; write it like 127.0.0.1:8460 or [::1]:8460")
    if port > 65_535:
        raise ValueError(f"{shown(text)}: a port is a number from 0 to 65535")
    if not host or not _is_host(host):
        raise ValueError(f"{shown(text)} does not begin with an address of this machine; write 127.0.0.1:8460")
    return host.lower(), port


def _split_port(text: str) -> tuple[str, int | None]:
    """Return `host, port` of `host:port` or `[host]:port`; a bare IPv6 address has no port."""
    bracketed = re.fullmatch(r"\[([0-9a-fA-F:.]+(?:/\d{1,3})?)\](/\d{1,3})?(?::(\d{1,5}))?", text, re.ASCII)
    if bracketed:
        host, length, port = bracketed.groups()
        return host + (length or ""), int(port) if port else None
    plain = re.fullmatch(r"([^:\[\]]*):(\d{1,5})", text, re.ASCII)
    return (plain[1], int(plain[2])) if plain else (text, None)


def _ip_network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        return None


def parse_concurrency(value: object) -> int | None:
    """Return a number from 1 to 256; None for `auto`."""
    if value == "auto":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 256:
        return value
    raise ValueError("wants auto or a number from 1 to 256")


# --------------------------------------------------------------------------- words and files


def parse_word(text: str) -> str:
    """Return `text` without outer white space if something is left."""
    word = text.strip()
    if not word:
        raise ValueError("is empty")
    if len(word) > 200:
        raise ValueError("is longer than 200 characters")
    if not word.isprintable():
        raise ValueError("has a line break or a control character in it")
    return word


def parse_database(text: str) -> Path:
    """Return the path that `text` names, `~` expanded; may be relative."""
    name = parse_word(text)
    if name == ":memory:" or name.endswith("/"):
        raise ValueError(f"{shown(text)} is not the name of a file")
    try:
        return Path(name).expanduser()
    except RuntimeError as exc:
        raise ValueError(f"{shown(text)}: there is no such home directory") from exc


def is_address_pattern(text: str) -> bool:
    """Say whether `text` is meant as an address with something to be put in, rather than as a CSS selector."""
    return "{" in text or re.match(r"\s*https?:", text) is not None


def parse_address_pattern(text: str) -> str:
    """Return `text` if it gives a web address with an article's in place of `{url}`, or of `{path}` its path."""
    pattern, article = text.strip(), "https://example.com/a"
    filled = pattern.replace("{url}", article).replace("{path}", "/a")
    if filled == pattern or "{" in filled:
        raise ValueError(f"{shown(text)}: write {{url}} where the article's address goes, like {{url}}?print=1")
    parse_address(urljoin(article, filled))
    return pattern


def parse_selector(text: str) -> str:
    """Return `text` if it can be a CSS selector: not empty, one line, of bounded length."""
    selector = text.strip()
    if not selector:
        raise ValueError("is empty")
    if len(selector) > 500:
        raise ValueError("is longer than 500 characters")
    if not selector.isprintable():
        raise ValueError("has a line break or a control character in it")
    return selector
