"""May this URL be fetched? One pure decision over the string, and one over the addresses that its name resolves to.

The string is parsed once, here; requests are built from the parsed parts, so that what was checked is what is dialled
(rules F1 and F2). Grammar: RFC 3986 as far as the WHATWG URL Standard agrees with it; where the two disagree, parsers
in the wild disagree too, and the URL is refused. Hosts beyond ASCII go through IDNA (UTS 46) and are checked again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote

import idna

from feedsvc.errors import ConfigError, Refused
from feedsvc.fetch.addresses import METADATA, Address, why_forbidden

#: Longest URL that is fetched, in characters; RFC 9110 section 4.1 expects servers to take 8000.
URL_MAX = 4096

#: Names that never leave the machine or the site: RFC 6761, 6762 appendix G, 7686, 8375, 9476, what ICANN reserved
#: for colliding with such names (home, corp, mail), and common practice.
LOCAL_SUFFIXES = (
    "localhost",
    "localdomain",
    "localdomain6",
    "local",
    "internal",
    "intranet",
    "private",
    "corp",
    "mail",
    "home",
    "lan",
    "home.arpa",
    "fritz.box",
    "workgroup",
    "svc",
    "onion",
    "i2p",
    "alt",
)

#: Ports that browsers refuse, as another protocol listens there (WHATWG Fetch, 'bad port').
BAD_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109}
    | {110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530}
    | {531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190}
    | {5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)

DEFAULT_PORTS = {"http": 80, "https": 443}

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<rest>[^#]*)(?:#.*)?", re.DOTALL)
_UNWANTED = re.compile(
    r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb\ud800-\udfff\\]"
)
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9a-fA-F]*")
#: What a request line may carry as it stands: RFC 3986's characters, and those which browsers also send raw.
_TARGET_SAFE = "/?:@!$&'()*+,;=%[]|~"

_SPELL_PLAINLY = "write the host as a plain name or address, as in https://news.example/path"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL that passed the guard, in parts; the request and the connection are built from these and nothing else."""

    scheme: str
    #: Lower-case ASCII name without a trailing dot, or the canonical text of an address (IPv6 without brackets).
    host: str
    port: int
    #: Path and query as they go into the request line.
    path: str
    #: The host as an address, where it is one.
    literal: Address | None = None
    #: The operator allowed exactly this host:port, though it is private.
    is_allowed: bool = False

    @property
    def authority(self) -> str:
        """The Host header: the default port is left out."""
        return self._host if self.port == DEFAULT_PORTS[self.scheme] else self.pair

    @property
    def pair(self) -> str:
        """``host:port``, always with the port: what politeness calls a host, and what an operator allows."""
        return f"{self._host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port (RFC 6454): credentials never leave it."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        """The canonical URL, without a fragment."""
        return f"{self.origin}{self.path}"

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def check_url(url: str, *, allow_targets: Collection[str] = ()) -> Target:
    """The parsed, canonical target of ``url``; raises Refused, with reason and remedy, where it may not be fetched.

    ``allow_targets`` are ``host:port`` pairs in the form that ``allowed_pair`` gives; a pair overrides the checks of
    the host and the port for exactly that pair. Nothing is resolved and nothing is sent.
    """
    if len(url) > URL_MAX:
        raise _refused(url[:80] + "…", f"the URL is longer than {URL_MAX} characters", "use a shorter address")
    unwanted = _UNWANTED.search(url)
    if unwanted is not None:
        what = f"U+{ord(unwanted[0]):04X} (white space, a control character or a backslash)"
        raise _refused(url, f"the URL contains {what}", "percent-encode it or take it out")
    match = _URL.fullmatch(url)
    if match is None:
        raise _refused(url, "this is not an absolute URL", "write it as https://host/path")
    scheme = match["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise _refused(url, f"the scheme '{scheme}' is not fetched", "only http and https are")
    host, port, literal = _authority(url, match["authority"], DEFAULT_PORTS[scheme])
    path = _request_target(match["rest"])
    target = Target(scheme=scheme, host=host, port=port, path=path, literal=literal)
    if target.pair in allow_targets:
        return Target(scheme=scheme, host=host, port=port, path=path, literal=literal, is_allowed=True)
    _check_port(url, port)
    if literal is None:
        _check_name(url, host)
    else:
        check_addresses(target, (literal,))
    return target


def check_addresses(target: Target, addresses: Iterable[Address]) -> tuple[Address, ...]:
    """The addresses of ``target``'s host, if every one of them may be dialled; raises Refused otherwise.

    An allowed pair may be private or loopback, but where it is given by name its answers still never reach a cloud's
    metadata service, link-local or multicast addresses: the operator vouched for a name, not for whoever answers it.
    """
    checked = tuple(addresses)
    if not checked:
        raise Refused("the name has no address", subject=target.url, remedy="check the spelling of the host")
    for address in checked:
        reason = why_forbidden(address)
        if reason is None or (target.is_allowed and _may_be_allowed(target, address)):
            continue
        remedy = f"if this is meant, allow exactly {target.pair} in fetch.allow_targets"
        if target.is_allowed:
            remedy = f"allow {target.pair} by its address instead of its name, if this is meant"
        raise _refused(target.url, f"{target.host} leads to {address}, which is not public: {reason}", remedy)
    return checked


def allowed_pair(text: str) -> str:
    """The canonical form of one ``host:port`` that an operator allows; raises ConfigError where it is not one."""
    remedy = "write host:port, for example 127.0.0.1:8001 or [::1]:8001"
    host, colon, port = text.strip().rpartition(":")
    if not colon or not host or not port or "/" in text:
        raise ConfigError(f"'{text}' is not a host and a port", subject="fetch.allow_targets", remedy=remedy)
    try:
        name, number, _ = _authority(text, f"{host}:{port}", 0)
    except Refused as error:
        raise ConfigError(error.message, subject=f"fetch.allow_targets: {text}", remedy=remedy) from error
    if number == 0:
        raise ConfigError("port 0 is no port", subject=f"fetch.allow_targets: {text}", remedy=remedy)
    return f"[{name}]:{number}" if ":" in name else f"{name}:{number}"


def _may_be_allowed(target: Target, address: Address) -> bool:
    if target.literal is not None:
        return address == target.literal
    return not (address in METADATA or address.is_link_local or address.is_multicast or address.is_unspecified)


def _authority(url: str, authority: str, default_port: int) -> tuple[str, int, Address | None]:
    """Host, port and literal address of ``authority``."""
    if "@" in authority:
        raise _refused(url, "the URL carries a user name or password", "take out everything before the '@'")
    if authority.startswith("["):
        host, bracket, tail = authority[1:].partition("]")
        if not bracket or (tail and not tail.startswith(":")):
            raise _refused(url, "the IPv6 address is not closed by ']'", "write it as http://[2001:db8::1]/")
        literal = _ipv6(url, host)
        return str(literal), _port(url, tail[1:], default_port), literal
    host, _, port = authority.partition(":")
    name = _name(url, host)
    return name, _port(url, port, default_port), _ipv4(url, name, spelled=host)


def _port(url: str, text: str, default: int) -> int:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
        raise _refused(url, f"'{text}' is not a port", "use a decimal number from 1 to 65535, or leave it out")
    return int(text)


def _ipv6(url: str, text: str) -> IPv6Address:
    if "%" in text:
        raise _refused(url, "the IPv6 address names a zone of this machine", "use a global address or a name")
    try:
        return IPv6Address(text)
    except AddressValueError as error:
        raise _refused(url, f"'[{text}]' is not an IPv6 address", _SPELL_PLAINLY) from error


def _name(url: str, host: str) -> str:
    """The host in lower-case ASCII, without the dot that may end an absolute name."""
    if not host:
        raise _refused(url, "the URL names no host", "write it as https://host/path")
    if "%" in host:
        raise _refused(url, f"the host '{host}' is percent-encoded", _SPELL_PLAINLY)
    name = host
    if not host.isascii():
        try:
            name = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise _refused(url, f"'{host}' is not a valid international name: {error}", _SPELL_PLAINLY) from error
    name = name.lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(url, f"'{host}' is not a host name", _SPELL_PLAINLY)
    for label in labels:
        if label.startswith("xn--"):
            _check_punycode(url, label)
    return name


def _check_punycode(url: str, label: str) -> None:
    """A label that claims to be punycode must be, and must stand for something that plain ASCII cannot say."""
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError) as error:
        raise _refused(url, f"'{label}' is not valid punycode", _SPELL_PLAINLY) from error
    if decoded.isascii():
        raise _refused(url, f"'{label}' hides the plain name '{decoded}'", _SPELL_PLAINLY)


def _ipv4(url: str, name: str, *, spelled: str) -> IPv4Address | None:
    """The IPv4 address where the name ends in a number (WHATWG 'ends in a number'); only a.b.c.d is accepted."""
    if not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return None
    try:
        address = IPv4Address(name)
    except AddressValueError as error:
        raise _refused(url, f"'{spelled}' is an IPv4 address in an unusual spelling", _SPELL_PLAINLY) from error
    if str(address) != spelled:
        raise _refused(url, f"'{spelled}' is an unusual spelling of {address}", _SPELL_PLAINLY)
    return address


def _check_port(url: str, port: int) -> None:
    if port in BAD_PORTS:
        raise _refused(url, f"port {port} belongs to another protocol", "use the port on which the website answers")


def _check_name(url: str, host: str) -> None:
    if "." not in host:
        raise _refused(url, f"'{host}' is a name without a dot: it is local", "use the full name of a public website")
    for suffix in LOCAL_SUFFIXES:
        if host == suffix or host.endswith(f".{suffix}"):
            raise _refused(url, f"names in '.{suffix}' are local", "use the full name of a public website")


def _request_target(rest: str) -> str:
    path = rest if rest.startswith("/") else f"/{rest}"
    return quote(path, safe=_TARGET_SAFE)


def _refused(url: str, message: str, remedy: str) -> Refused:
    return Refused(message, subject=_printable(url), remedy=remedy)


def _printable(url: str) -> str:
    """The URL for a message: one line, without a password, not endless."""
    hidden = re.sub(r"(?<=//)[^/?#]*@", "…@", url)
    return "".join(character if character.isprintable() else "�" for character in hidden)[:200]
