"""Which addresses a webhook may go to: globally routable unicast addresses, over https.

An address with another address inside (IPv4-mapped, NAT64) is judged by the inner address. 6to4 and Teredo addresses
are refused, because a relay decides where they lead. So are all addresses that the IANA registries of special-purpose
addresses reserve. For development, private addresses, loopback addresses and plain http can be allowed. Link-local
addresses and the addresses of clouds' own services never are: clouds serve their credentials there.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

URL_LENGTH_MAX = 2_000

_PRIVATE = tuple(
    ip_network(text) for text in "10.0.0.0/8 127.0.0.0/8 172.16.0.0/12 192.168.0.0/16 ::1/128 fc00::/7".split()
)
_OF_CLOUDS = tuple(
    ip_network(text)
    for text in (
        "168.63.129.16/32",  # Azure, on an address of the public internet
        "fd00:ec2::/32",  # AWS: metadata at ::254, names at ::253, time at ::123
        "fd20:ce::/64",  # Google Cloud: metadata at ::254
        "fd00:c1::a9fe:a9fe/128",  # Oracle Cloud: metadata
        "fd00:42::42/128",  # Scaleway: metadata
    )
)
"""Services of clouds for their own machines. Others, such as 100.100.100.200 of Alibaba, are reserved in any case."""
_RESERVED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "100.64.0.0/10",  # carrier-grade NAT
        "169.254.0.0/16",  # link-local
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_UNICAST_V6 = IPv6Network("2000::/3")
"""All addresses assigned so far. Link-local, site-local, multicast and embedded addresses are outside."""

_RESERVED_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments: Teredo, benchmarking, ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")


def is_allowed(address: str | Address, *, allow_private: bool) -> bool:
    """Whether a webhook may go to this address. Raises ValueError for a text that is no address."""
    inner = _innermost(ip_address(address))
    if any(inner in network for network in _OF_CLOUDS):
        return False
    if any(inner in network for network in _PRIVATE):
        return allow_private
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _RESERVED_V4)
    return inner in _UNICAST_V6 and not any(inner in network for network in _RESERVED_V6)


def _innermost(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that may be called. `host` is a name in lower case, or an address in its usual spelling without brackets.
    `address` is set when the host is an address. `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if isinstance(self.address, IPv6Address) else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where webhooks may go. Without `ports` every port may be called."""

    allow_private: bool
    ports: frozenset[int] | None = None


def check_url(url: str, *, allow_private: bool, ports: frozenset[int] | None = None) -> str | None:
    """A sentence that says why webhooks cannot go to a URL. None when they can. Names are not looked up."""
    target = read_url(url, allow_private=allow_private, ports=ports)
    return target if isinstance(target, str) else None


_PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"[!-\[\]-~]+")  # printable ASCII without blanks and backslashes, which parsers disagree on
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*")
_NUMBER = r"(?:[0-9]+|0x[0-9a-f]*)"
_ENDS_IN_NUMBER = re.compile(rf"(?:.*\.)?{_NUMBER}")
_NUMBERS = re.compile(rf"{_NUMBER}(?:\.{_NUMBER}){{0,3}}")


@lru_cache(maxsize=1024)
def read_url(url: str, *, allow_private: bool, ports: frozenset[int] | None = None) -> Target | str:
    """The target, or a sentence that says why the URL cannot be called. Without `ports` every port may be called."""
    if not _URL.fullmatch(url) or len(url) > URL_LENGTH_MAX:
        return f"A URL can have {URL_LENGTH_MAX} printable ASCII characters at most, without blanks and backslashes."
    if "#" in url:
        return "The URL must not have a fragment. Remove # and the rest."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "This is not a URL."
    complaint = _wrong_parts(parts, port, allow_private=allow_private) or _wrong_port(parts, port, ports)
    return complaint or _read_host(parts, port or _PORTS[parts.scheme], allow_private=allow_private)


def _wrong_parts(parts: SplitResult, port: int | None, *, allow_private: bool) -> str | None:
    if parts.scheme not in (_PORTS if allow_private else ("https",)):
        return "The URL must begin with https://."
    if "@" in parts.netloc:
        return "The URL must not have a user name or a password. Use a header of your own."
    if port == 0:
        return "The port must be from 1 to 65535."
    return None


def _wrong_port(parts: SplitResult, port: int | None, allowed: frozenset[int] | None) -> str | None:
    if allowed is None or (port or _PORTS[parts.scheme]) in allowed:
        return None
    return f"The port must be one of these: {', '.join(map(str, sorted(allowed)))}."


def _read_host(parts: SplitResult, port: int, *, allow_private: bool) -> Target | str:
    name = (parts.hostname or "").lower().removesuffix(".")
    try:
        address = _address_of(name, bracketed="[" in parts.netloc)
    except ValueError:
        return "The host must be a name or an address."
    if address is not None and not is_allowed(address, allow_private=allow_private):
        return "The address is not on the public internet."
    if address is None and not _NAME.fullmatch(name):
        return "Write the name of the host in its ASCII form."
    if address is None and "." not in name and not allow_private:
        return "The host is not a name on the public internet."
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=str(address or name), port=port, path=path, address=address)


def _address_of(host: str, *, bracketed: bool) -> Address | None:
    """The address of a host that is an address, in any spelling. None for a name. Raises ValueError for neither."""
    if bracketed:
        if "%" in host:
            raise ValueError("a zone means something on one machine only")
        return IPv6Address(host)
    return _ipv4(host) if _ENDS_IN_NUMBER.fullmatch(host) else None


def _ipv4(host: str) -> IPv4Address:
    """One to four numbers, decimal, octal or hexadecimal. The last number fills the remaining bytes. `inet_aton` and
    browsers read addresses in the same way, so no component after this one reads another address."""
    if not _NUMBERS.fullmatch(host):
        raise ValueError("no IPv4 address")
    *first, last = (_number(text) for text in host.split("."))
    if any(number > 255 for number in first) or last >= 256 ** (4 - len(first)):
        raise ValueError("no IPv4 address")
    return IPv4Address(sum(number << 8 * (3 - i) for i, number in enumerate(first)) + last)


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)
