"""Addresses as text: their host, origin and site, and the canonical form that tells two of them are one. Pure."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import ada_url
from publicsuffixlist import PublicSuffixList

from scraper.tracking import is_tracking

#: Halves of characters, which have no place in an address.
_LONE = re.compile("[\ud800-\udfff]")
#: What the standard takes off both ends.
_BLANK = "".join(map(chr, range(0x21)))
#: What ends a host in an address, or is taken out of it or decoded there.
_NOT_IN_NAME = re.compile(r"[/?#@\\\[\]%\s]")
#: Characters of a host name.
_LONGEST_NAME = 253


def host_of(url: str) -> str:
    """Return the host that an address leads to, in the one form that tells hosts apart; empty if it has none.

    As browsers ask for it (the URL Standard: lower case, IDNA, addresses in numbers written out), without port, final
    dot and the brackets of IPv6. What no browser would ask for keeps its spelling, in lower case.
    """
    found = standard_address(url)
    try:
        host = found.hostname.strip("[]") if found else urlsplit(_LONE.sub("\ufffd", url)).hostname or ""
    except ValueError:
        return ""
    return host.lower().rstrip(".")


def standard_host(name: str) -> str:
    """Return a host's bare name (`Paper.Example.`, `bücher.example`, `::1`) in the form of `host_of`.

    What cannot be a name, as it has a character of the other parts of an address, keeps its spelling in lower case.
    """
    if ":" in name:
        return host_of(f"http://[{name}]/") or name.lower()
    is_name = _NOT_IN_NAME.search(name) is None
    return host_of(f"http://{name}/") if is_name else name.lower().rstrip(".")


def path_of(url: str) -> str:
    """Return the path of an address; empty if there is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def domains_of(host: str) -> Iterator[str]:
    """Yield a host name and the domains above it, the nearest first; none for a name longer than any is (RFC 1035)."""
    labels = host.split(".") if len(host) <= _LONGEST_NAME else []
    return (".".join(labels[at:]) for at in range(len(labels)))


def registrable_domain(host: str) -> str:
    """Return the domain that one owner registered, by the Public Suffix List: `a.b.example.co.uk` -> `example.co.uk`.

    A customer of a platform in the list owns his name (`paper.github.io`). An address in numbers is its own.
    """
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        name = host.rstrip(".").lower()
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def without_credentials(url: str) -> str:
    """Return the address without `user:password@`, for messages, logs and pages."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def credentials_of(url: str) -> tuple[str, str] | None:
    """Return `(user, password)` of an address that carries them, percent-encoding undone; None if it does not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address (RFC 6454): `https://n.example`, `http://n.example:8080`."""
    found = standard_address(url)
    if found is not None:
        scheme, port = found.protocol.removesuffix(":"), found.port  # empty if it is the scheme's own
    else:
        try:
            parts = urlsplit(url)
            scheme, port = parts.scheme, str(parts.port or "")
        except ValueError:
            return ""
    host = host_of(url)
    shown = f"[{host}]" if ":" in host else host
    return f"{scheme}://{shown}" + (f":{port}" if port else "")


def standard_address(text: str, base: str | None = None) -> ada_url.URL | None:
    """Return an address as browsers read it (the URL Standard), resolved against `base`; None if it is none.

    Lone surrogates count as U+FFFD, as the standard has it.
    """
    try:
        found = ada_url.URL(_LONE.sub("\ufffd", text), base and _LONE.sub("\ufffd", base))
    except ValueError:
        return None
    return found if "xn--" not in found.hostname or _is_coded(found.hostname) else None


def _is_coded(host: str) -> bool:
    """Say whether each part of a host in punycode (RFC 3492) stands for a name in the form that mapping leaves it in.

    Unicode Technical Standard 46, 4.1; ada lets some through that do not.
    """
    coded = [label[4:] for label in host.split(".") if label.startswith("xn--")]
    try:
        names = [label.encode("ascii").decode("punycode") for label in coded]
    except UnicodeError:
        return False
    return all(name and unicodedata.normalize("NFKC", name).lower() == name for name in names)


def absolute_address(value: object, base: str) -> str | None:
    """Return `value` as an absolute http(s) address, resolved against `base`; None if it is none.

    As it was spelled where that means the same as the standard's reading of it, and has no blanks.
    """
    if not isinstance(value, str) or not value.strip():
        return None
    found = standard_address(value, base) or standard_address(value)
    if found is None or found.protocol not in ("http:", "https:"):
        return None
    if found.href == value:
        return value
    try:
        spelled = urljoin(base, value.strip(_BLANK))
    except ValueError:
        return found.href
    again = standard_address(spelled) if "\\" not in spelled and len(spelled.split()) == 1 else None
    return spelled if again and again.href == found.href else found.href


#: RFC 3986, 2.3: these mean the same coded or plain.
_UNRESERVED = re.compile(r"%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])")
#: What needs no coding and has none.
_PLAIN = re.compile(r"[\w/:@!$&'()*+,;=~?.-]*", re.ASCII)


def canonical_url(url: str) -> str:
    """Return the one form of an address: what its spellings share, without fragment and tracking parameters.

    Read as the URL Standard says; beyond it, percent-encoding is in one form (RFC 3986, 6.2.2), a dot at the host's end
    and slashes doubled before the path are dropped, as is a login. Order and case of everything else are kept.
    Idempotent. What is no http(s) address comes back as it is.
    """
    parsed = standard_address(url)
    if parsed is None or parsed.protocol not in ("http:", "https:"):
        return url.strip()
    host = parsed.hostname.rstrip(".")
    if not host:
        return url.strip()
    netloc = f"{host}:{parsed.port}" if parsed.port else host
    path = "/" + _percent(parsed.pathname).lstrip("/")
    query = _query(parsed.search.removeprefix("?"), host)
    return f"{parsed.protocol}//{netloc}{path}" + (f"?{query}" if query else "")


def article_key(url: str) -> str:
    """Return the key under which an address leads to an article: canonical, http like https, www like bare."""
    return re.sub(r"^https?://(www\d?\.)?", "//", canonical_url(url))


def _percent(text: str) -> str:
    """Code what must be coded, decode what need not be, write the rest in upper case."""
    if _PLAIN.fullmatch(text):
        return text
    coded = quote(text, safe="%/:@!$&'()*+,;=~-._?", errors="replace")
    coded = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", coded)
    plain = _UNRESERVED.sub(lambda match: chr(int(match[1], 16)), coded)
    return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), plain, flags=re.IGNORECASE)


def _query(query: str, host: str) -> str:
    own = f"ref={host}"  # the site names itself as where the reader came from
    kept = [pair for pair in query.split("&") if pair and pair != own and not is_tracking(pair.partition("=")[0])]
    return _percent("&".join(kept))


def is_front_page(url: str) -> bool:
    """Say whether an address is that of a site's home page: no path of its own and no query."""
    parts = urlsplit(url)
    return parts.path.strip("/").lower() in ("", "index.html", "index.php", "home") and not parts.query


def is_above(url: str, other: str) -> bool:
    """Say whether an address is that of a directory above another one of its site: /politics/ of /politics/2026/x."""
    path, below = (urlsplit(address).path.strip("/").lower().split("/") for address in (url, other))
    return same_site(url, other) and len(path) < len(below) and below[: len(path)] == path


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one site: their hosts have one registrable domain."""
    a, b = host_of(one), host_of(other)
    return bool(a and b) and (a == b or registrable_domain(a) == registrable_domain(b))
