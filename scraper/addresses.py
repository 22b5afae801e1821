"""Which network addresses may be reached; judged on the address that is connected to, never on the name."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import ada_url
from publicsuffixlist import PublicSuffixList

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: IPv6 prefixes whose last 32 bits are an IPv4 address that a gateway would connect to (RFC 6052, RFC 8215, RFC 4291,
#: RFC 2765): the embedded address decides, and the prefix itself is not global.
_EMBEDDING = tuple(
    ipaddress.IPv6Network(prefix) for prefix in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")
)
#: Reserved or special networks that `is_global` of some supported Python versions lets through.
_REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in ("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4")
) + tuple(ipaddress.ip_network(n) for n in ("100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10"))
#: Halves of characters, which have no place in an address.
_LONE = re.compile("[\ud800-\udfff]")
#: What the standard takes off both ends.
_BLANK = "".join(map(chr, range(0x21)))
#: Characters of a host name.
_LONGEST_NAME = 253
#: Ends of names that mean the user's own network.
_PRIVATE_DOMAINS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def is_global(address: Address) -> bool:
    """Say whether an address belongs to the public Internet, tunnelled and embedded IPv4 addresses included.

    6to4 (2002::/16), Teredo (in 2001::/23) and NAT64 addresses are refused whole: a news site has no reason to use one.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_global(address.ipv4_mapped)
        if any(address in network for network in _EMBEDDING):
            return False
    if any(address.version == network.version and address in network for network in _REFUSED):
        return False
    return address.is_global and not address.is_multicast


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedNetwork:
    """An exception to the rule, as the user wrote it: a network, on one port or on all."""

    network: Network
    port: int | None = None


def parse_allowed_network(text: str) -> AllowedNetwork:
    """Read `192.168.1.0/24`, `127.0.0.1:8080`, `10.0.0.0/8:443`, `[::1]:80` or `fd00::/8`.

    Raises:
        ValueError: it is none of these.
    """
    host, port = text.strip(), None
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        port = rest.removeprefix(":") or None
    elif host.count(":") == 1:
        host, _, port = host.partition(":")
    number = None if port is None else int(port)
    if number is not None and not 0 < number < 65536:
        raise ValueError(f"port {number} is not between 1 and 65535")
    return AllowedNetwork(network=ipaddress.ip_network(host, strict=False), port=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Public addresses, and the private ones the user named."""

    allowed: tuple[AllowedNetwork, ...] = ()

    @classmethod
    def allowing(cls, networks: tuple[str, ...]) -> AddressPolicy:
        """Build the policy from `network.allow_private` as written; raises ValueError as `parse_allowed_network`."""
        return cls(allowed=tuple(parse_allowed_network(network) for network in networks))

    def permits(self, ip: str, port: int) -> bool:
        """Say whether a connection to this address and port may be opened."""
        address = ipaddress.ip_address(ip.partition("%")[0])
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return is_global(address) or any(
            allowed.network.version == address.version and address in allowed.network and allowed.port in (None, port)
            for allowed in self.allowed
        )


def host_of(url: str) -> str:
    """Return the lower-case host name of an address, without port; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def domains_of(host: str) -> Iterator[str]:
    """Yield a host name and the domains above it, the nearest first; none for a name longer than any is (RFC 1035)."""
    labels = host.split(".") if len(host) <= _LONGEST_NAME else []
    return (".".join(labels[at:]) for at in range(len(labels)))


def is_private_host(url: str) -> bool:
    """Say whether the host of an address is one of the user's own by its name.

    A literal private address, a name without a dot, a name under a domain that is set aside for private use (RFC 6761,
    6762, 8375, `.internal`). Says nothing of what a name resolves to.
    """
    host = host_of(url)
    try:
        return not is_global(ipaddress.ip_address(host))
    except ValueError:
        return "." not in host or host.endswith(_PRIVATE_DOMAINS)


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
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = host_of(url)
    shown = f"[{host}]" if ":" in host else host
    is_default = port is None or port == {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{shown}" + ("" if is_default else f":{port}")


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
