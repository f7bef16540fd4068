"""The URLs and addresses to which webhooks may be sent."""

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.webhooks.addresses import URL_LENGTH_MAX, Target, check_url, is_allowed, read_url

PUBLIC = """
    1.1.1.1 8.8.8.8 93.184.216.34 99.255.255.255 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0
    192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255 2606:4700:4700::1111
    2a00:1450:4001:830::200e 2001:4860:4860::8888 2400:cb00::1 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
"""
PRIVATE = """
    10.0.0.1 10.255.255.255 127.0.0.1 127.255.255.254 172.16.0.1 172.31.255.255 192.168.0.1 192.168.255.255
    ::1 fc00::1 fd12:3456::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:c0a8:1 64:ff9b::127.0.0.1
    64:ff9b::10.1.2.3
"""
NEVER = """
    0.0.0.0 0.1.2.3 100.64.0.1 100.127.255.255 169.254.0.1 169.254.169.254 192.0.0.1 192.0.0.170 192.0.2.1
    192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255 :: fe80::1 fe80::1%eth0 fec0::1 ff02::1 ff0e::1 100::1 2001::1 2001:0:53aa:64c::1
    2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe:: 2002:808:808:: 3fff::1 4000::1
    5f00::1 64:ff9b:1::1 ::127.0.0.1 ::8.8.8.8 ::ffff:0:7f00:1 ::ffff:169.254.169.254 ::ffff:0.0.0.0
    64:ff9b::169.254.169.254
    168.63.129.16 ::ffff:168.63.129.16 64:ff9b::168.63.129.16 100.100.100.200 100.100.2.136 169.254.170.2 169.254.0.23
    fd00:ec2::254 fd00:ec2::253 fd00:ec2::123 fd20:ce::254 fd00:c1::a9fe:a9fe fd00:42::42 fe80::a9fe:a9fe
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_the_public_internet_is_allowed(address: str) -> None:
    assert is_allowed(address, allow_private=False)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_private_and_loopback_addresses_are_for_development(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER.split())
def test_everything_else_is_never_allowed(address: str) -> None:
    assert not is_allowed(address, allow_private=False)
    assert not is_allowed(address, allow_private=True)


@given(st.ip_addresses())
def test_what_python_calls_special_is_refused(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Python has another list of the same registries. Ours may refuse more addresses, never fewer."""
    inside = getattr(address, "ipv4_mapped", None) or address
    if not inside.is_global or inside.is_multicast:
        assert not is_allowed(address, allow_private=False) or address in ipaddress.ip_network("64:ff9b::/96")


@given(st.integers(0, 2**32 - 1))
def test_an_address_inside_another_is_judged_like_itself(number: int) -> None:
    plain = ipaddress.IPv4Address(number)
    for allow_private in (False, True):
        verdict = is_allowed(plain, allow_private=allow_private)
        assert is_allowed(f"::ffff:{plain}", allow_private=allow_private) == verdict
        assert is_allowed(f"64:ff9b::{plain}", allow_private=allow_private) == verdict
        assert not is_allowed(f"::{plain}", allow_private=False)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://shop.example", ("shop.example", 443, "/", "shop.example")),
        ("https://Shop.Example.:443/a/b?c=d&e", ("shop.example", 443, "/a/b?c=d&e", "shop.example")),
        ("https://shop.example:8443?x", ("shop.example", 8443, "/?x", "shop.example:8443")),
        ("https://xn--hy1b43d.kr/%EA%B0%80", ("xn--hy1b43d.kr", 443, "/%EA%B0%80", "xn--hy1b43d.kr")),
        ("https://a_b.example/", ("a_b.example", 443, "/", "a_b.example")),
        ("https://8.8.8.8/", ("8.8.8.8", 443, "/", "8.8.8.8")),
        ("https://134744072/", ("8.8.8.8", 443, "/", "8.8.8.8")),
        ("https://[2606:4700:0::1111]:444/", ("2606:4700::1111", 444, "/", "[2606:4700::1111]:444")),
    ],
)
def test_a_url_is_read(url: str, place: tuple[str, int, str, str]) -> None:
    target = read_url(url, allow_private=False)
    assert isinstance(target, Target)
    assert (target.host, target.port, target.path, target.authority) == place
    assert check_url(url, allow_private=False) is None


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://shop.example/", True),
        ("https://shop.example:443/", True),
        ("https://shop.example:8443/", True),
        ("https://shop.example:22/", False),
        ("https://8.8.8.8:6379/", False),
        ("https://[2606:4700::1111]:444/", False),
    ],
)
def test_only_the_allowed_ports_are_called(url: str, allowed: bool) -> None:
    ports = frozenset({443, 8443})
    assert check_url(url, allow_private=False) is None
    complaint = check_url(url, allow_private=False, ports=ports)
    assert complaint == (None if allowed else "The port must be one of these: 443, 8443.")


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "http://127.0.0.1:8000/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://10.1.2.3:443/",
    ],
)
def test_some_urls_are_for_development(url: str) -> None:
    assert check_url(url, allow_private=False)
    assert check_url(url, allow_private=True) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "//shop.example/",
        "https:///path",
        "https://",
        "https:shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "javascript:alert(1)",
        "https://user@shop.example/",
        "https://user:password@shop.example/",
        "https://@shop.example/",
        "https://shop.example/#fragment",
        "https://shop.example/#",
        "https://shop.example:0/",
        "https://shop.example:65536/",
        "https://shop.example:-1/",
        "https://shop.example:http/",
        "https://shop.example\\@10.0.0.1/",
        "https://shop.example/a b",
        "https://shop.example/\r\nx: y",
        "https://shop.exa\tmple/",
        "https://상점.example/",
        "https://１２７.0.0.1/",
        "https://shop..example/",
        "https://.example/",
        "https://-shop.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 127}example/",
        f"https://shop.example/{'a' * URL_LENGTH_MAX}",
        "https://shop.example%2f/",
        "https://1.2.3.4.5/",
        "https://256.1.1.1/",
        "https://08.1.1.1/",
        "https://1_0.1.1.1/",
        "https://shop.1/",
        "https://0x/",
        "https://[::1/",
        "https://[8.8.8.8]/",
        "https://[2606:4700:4700::1111%25eth0]/",
        "https://[v1.a]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::ffff:169.254.169.254]/",
        "https://2852039166/",
        "https://0xa9fea9fe/",
        "https://0251.0376.0251.0376/",
        "https://169.16689662/",
        "https://0/",
    ],
)
def test_webhooks_are_never_sent_to_these_urls(url: str) -> None:
    assert check_url(url, allow_private=False)
    assert check_url(url, allow_private=True)


@pytest.mark.parametrize(
    "host",
    "2130706433 017700000001 0x7f000001 0x7F.0.0.1 0177.0.0.1 0177.1 127.1 127.0.1 127.0.0.1. 0000177.1".split(),
)
def test_an_address_is_recognised_in_every_notation(host: str) -> None:
    refused = check_url("https://127.0.0.1/", allow_private=False)
    assert check_url(f"https://{host}/", allow_private=False) == refused


numbers = st.integers(0, 300) | st.integers(0, 2**33)
spelt = numbers.flatmap(lambda n: st.sampled_from([f"{n}", f"0{n:o}", f"{n:#x}", f"{n:#X}".replace("X", "x")]))


@given(st.lists(spelt, min_size=1, max_size=5).map(".".join))
def test_it_is_read_as_the_system_reads_it(host: str) -> None:
    try:
        theirs = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        theirs = None
    result = read_url(f"https://{host}/", allow_private=True)
    if theirs is None:
        assert isinstance(result, str)
    elif isinstance(result, Target):
        assert result.host == theirs
    else:
        assert not is_allowed(theirs, allow_private=True)


@given(st.text() | st.from_regex(r"https?://[!-~]{0,30}", fullmatch=True))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(read_url(text, allow_private=True), Target | str)
