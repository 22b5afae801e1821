"""Which network addresses may be reached; judged on the address that is connected to, never on the name."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from scraper.urls import host_of

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
