"""Which addresses may be reached."""

import ipaddress

import pytest

from scraper.fetch.networks import AddressPolicy, is_global, parse_allowed_network
from scraper.urls import (
    absolute_address,
    host_of,
    origin_of,
    registrable_domain,
    standard_address,
    standard_host,
    without_credentials,
)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.0.8", "192.88.99.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "::ffff:0:7f00:1", "64:ff9b::7f00:1", "64:ff9b::5db8:d70e",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:5db8:d70e::1", "2001:0:5ef5:79fb::1", "100::1", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(ip: str) -> None:
    assert not is_global(ipaddress.ip_address(ip))


@pytest.mark.parametrize("ip", ["93.184.215.14", "8.8.8.8", "2606:2800:21f::1", "::ffff:8.8.8.8"])
def test_addresses_that_are(ip: str) -> None:
    assert is_global(ipaddress.ip_address(ip))


def test_exceptions_hold_for_their_network_and_port_only() -> None:
    policy = AddressPolicy.allowing(("127.0.0.1:8080", "192.168.1.0/24", "[::1]:80"))
    assert policy.permits("127.0.0.1", 8080)
    assert policy.permits("::ffff:127.0.0.1", 8080)
    assert not policy.permits("127.0.0.1", 8081)
    assert policy.permits("192.168.1.77", 443)
    assert not policy.permits("192.168.2.1", 443)
    assert policy.permits("::1", 80)
    assert not policy.permits("::1", 81)


@pytest.mark.parametrize("text", ["", "example.org", "10.0.0.0/99", "127.0.0.1:0", "127.0.0.1:x", "[::1]:70000"])
def test_networks_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError):
        parse_allowed_network(text)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Paper.Example./x", "paper.example"),
        ("https://paper.example../x", "paper.example"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://BÜCHER.example.:443/", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example/", "xn--bcher-kva.example"),
        ("https://faß.example/", "xn--fa-hia.example"),  # Python's own codec makes fass.example of it
        ("https://新聞。example/", "xn--efvv70d.example"),
        ("http://0x7f.1/", "127.0.0.1"),
        ("http://paper.example\\@other.example/", "paper.example"),
        ("http://two words.example/", "two words.example"),  # no browser asks for it
        ("http://paper.example\ud800/", "paper.example\ufffd"),
        ("mailto:ann@paper.example", ""),
    ],
)
def test_a_host_has_one_form(address: str, host: str) -> None:
    assert host_of(address) == host
    assert origin_of(address).partition("://")[2] == host


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("Paper.Example.", "paper.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("::1", "::1"),
        ("2001:DB8::0:1", "2001:db8::1"),
        ("a/b.example", "a/b.example"),  # no name: not that of the host a
        ("", ""),
    ],
)
def test_a_bare_name_has_the_same_form(name: str, host: str) -> None:
    assert standard_host(name) == host
    assert standard_host(host) == host


def test_parts_of_addresses() -> None:
    assert host_of("HTTP://User:pw@News.Example.:80/x") == "news.example"
    assert host_of("http://[::1/") == ""
    assert host_of("http://[::1]:8080/x") == "::1"
    assert without_credentials("https://user:p@ss@h.example/x?y#z") == "https://h.example/x?y#z"
    assert absolute_address(" /a b ", "https://h.example/x/") == "https://h.example/a%20b"
    for nothing in ("", "javascript:alert(1)", "http://", None, 7, "http://[x"):
        assert absolute_address(nothing, "data:,") is None


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("n.example", "n.example"),
        ("feeds.www.n.example", "n.example"),
        ("a.b.paper.co.uk", "paper.co.uk"),
        ("paper.com.au", "paper.com.au"),
        ("co.uk", "co.uk"),
        ("A.Paper.com.br.", "paper.com.br"),
        ("www.paper.github.io", "paper.github.io"),
        ("paper.de", "paper.de"),
        ("localhost", "localhost"),
        ("93.184.216.34", "93.184.216.34"),
        ("2606:2800::1", "2606:2800::1"),
    ],
)
def test_the_domain_that_one_owner_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def href(address: str) -> str:
    parsed = standard_address(address)
    assert parsed is not None
    return parsed.href


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("//other.example/a", "https://other.example/a"),
        ("https:/a", "https://n.example/a"),
        ("\\a\\b", "https://n.example/a/b"),
        ("http:\\\\x.example\\a", "http://x.example/a"),
        ("https://x.example\\@n.example/", "https://x.example/@n.example/"),
        ("https://x.ex\tample/a\nb", "https://x.example/ab"),
        ("https://0x7f.1/", "https://127.0.0.1/"),
        ("https://n.example:99999/", None),
        ("https://a b.example/", None),
        ("https://", None),
        ("https://xn--bcher-kva.example/", "https://bücher.example/"),
        ("https://xn--ls8h.example/", "https://xn--ls8h.example/"),
        ("https://a.xn--pokxncvks/", None),  # signs that have another form by mapping
        ("https://a.XN--/", None),
        ("https://a.xn--99999999999/", None),
        ("javascript:alert(1)", None),
        ("/f\u00e4hre", "https://n.example/f\u00e4hre"),
        ("?page=2", "https://n.example/feed?page=2"),
    ],
)
def test_addresses_are_read_as_browsers_read_them(written: str, found: str | None) -> None:
    address = absolute_address(written, "https://n.example/feed")
    assert (address and href(address)) == (found and href(found))
