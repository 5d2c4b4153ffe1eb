"""May this URL be fetched? Tables of URLs, and properties that no URL may break (rules F1, F2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import ConfigError, FetchError, Refused, Unreachable
from feedsvc.fetch import Client, Target, allowed_pair, check_addresses, check_url
from feedsvc.fetch.addresses import METADATA, Address, why_forbidden
from tests.support.sites import Canary, Reply, Site

Clients = Callable[..., Client]

#: Addresses that nobody may reach, and the ways in which somebody may try to write each of them.
PRIVATE = ("127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192")
DOTS = ("。", "．", "｡")


def _spellings(address: str) -> Iterator[str]:
    """One IPv4 address as every parser that somebody may have will take it."""
    number = int(ip_address(address))
    first, second, *_ = octets = [int(octet) for octet in address.split(".")]
    high, low = f"{number >> 16:x}", f"{number & 0xFFFF:x}"
    yield from (address, f"{address}.", str(number), hex(number), f"0X{number:X}", f"0{number:o}", f"0x{number:030x}")
    yield ".".join(map(hex, octets))
    yield ".".join(f"0{octet:o}" for octet in octets)
    yield ".".join(f"{octet:04d}" for octet in octets)
    yield from (f"{first}.{number & 0xFFFFFF}", f"{first}.{second}.{number & 0xFFFF}", f"{first:#x}.{second}.0x{low}")
    yield from (str(number + 2**32), f"{first + 256}.{address.partition('.')[2]}")
    yield from (address.replace(".", dot) for dot in DOTS)
    for zero in (0xFF10, 0x0660, 0x1D7CE, 0x1D7F6):
        yield "".join(chr(zero + int(sign)) if sign.isdigit() else sign for sign in address)
    yield "".join("⓪①②③④⑤⑥⑦⑧⑨"[int(sign)] if sign.isdigit() else sign for sign in address)
    yield "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(sign)] if sign.isdigit() else sign for sign in address)
    yield "".join(f"%{ord(sign):02x}" for sign in address)
    yield from (address.replace(".", "%2e"), f"{address}%00", f"{address}%2f.example.com", f"{address}\u200b")
    yield from (f"{address[:2]}\xad{address[2:]}", f"{address[0]}\t{address[1:]}", f"{address}\\@example.com")
    yield from (f"example.com@{address}", f"@{address}", f"{address}@example.com", f"{address}:80:80", f"[{address}]")
    for prefix in ("::", "::ffff:", "0:0:0:0:0:FFFF:", "::ffff:0:", "64:ff9b::", "64:ff9b:1::", "fe80::5efe:"):
        yield from (f"[{prefix}{address}]", f"[{prefix}{high}:{low}]", f"[{prefix}{high}:{low}%25eth0]")
    yield from (f"[2606:4700::5efe:{address}]", f"[2606:4700::200:5efe:{high}:{low}]")
    yield from (f"[2002:{high}:{low}::]", f"[2002:{high}:{low}::1]", f"[2001:0:{high}:{low}::1]")
    yield f"[2001:0:4136:e378:8000:63bf:{number >> 16 ^ 0xFFFF:x}:{number & 0xFFFF ^ 0xFFFF:x}]"


REFUSED = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127.000.000.001/",
    "http://１２７.0.0.1/",
    "http://①②⑦.0.0.1/",
    "http://127。0。0。1/",
    "http://127%2e0%2e0%2e1/",
    "http://%31%32%37.0.0.1/",
    "http://localhost/",
    "http://LOCALHOST/",
    "http://localhost./",
    "http://foo.localhost/",
    "http://ⓛocalhost/",
    "http://printer/",
    "http://x.local/",
    "http://x.internal/",
    "http://metadata.google.internal/",
    "http://router.lan/",
    "http://x.mail/",
    "http://localhost6.localdomain6/",
    "http://kubernetes.default.svc/",
    "http://192.80.8.124/",
    "http://x.home.arpa/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b:1::a00:1]/",
    "http://[64:ff9b:1::808:808]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:a00:1::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[2606:4700::5efe:10.0.0.1]/",
    "http://[2606:4700::200:5efe:7f00:1]/",
    "http://[5f00::1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://192.0.2.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://0.0.0.0/",
    "http://0/",
    "http://192.88.99.1/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.com/",
    "/path",
    "example.com",
    "http:example.com",
    "http:/example.com",
    "http:///example.com",
    "http://",
    "http://?x",
    "http://#x",
    "http://user@example.com/",
    "http://user:pw@example.com/",
    "http://:@example.com/",
    "http://example.com@127.0.0.1/",
    "http://example.com\\@127.0.0.1/",
    "http:\\\\example.com\\",
    "http://exa mple.com/",
    " http://example.com/",
    "http://example.com/ ",
    "http://example.com/a b",
    "http://example.com:0/",
    "http://example.com:22/",
    "http://example.com:25/",
    "http://example.com:6667/",
    "http://example.com:65536/",
    "http://example.com:99999999/",
    "http://example.com:-1/",
    "http://example.com:+80/",
    "http://example.com:8_0/",
    "http://example.com:0x50/",
    "http://example.com:８０/",
    "http://example.com:80:80/",
    "http://example.com:a/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[1.2.3.4]/",
    "http://example..com/",
    "http://.example.com/",
    "http://example.com../",
    "http://-/",
    "http://a,b.com/",
    "http://a_b/",
    "http://example.com!/",
    "http://<x>.com/",
    "http://xn--/",
    "http://exa\xadmple/",
    "http://1.2.3/",
    "http://1.2.3.4.5/",
    "http://256.1.1.1/",
    "http://1.2.3.0x4/",
    "http://example.0x7f/",
    "http://abc.123/",
    "https://foo.onion/",
    "http://example.com/\r\nX: y",
    "http://example.com/\t",
    "http://exam\nple.com/",
    "http://example.com/\x00",
    "http://example.com/\x7f",
    "http://example.com/\u2028",
    "http://" + "a" * 300 + ".com/",
    "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.com/",
    "http://example.com/" + "a" * 9000,
    "",
    "http://\u200blocalhost/",
    "http://ex\xadample/",
    "http://example.com/\ud800",
)
FETCHED = (
    "http://example.com",
    "http://example.com/",
    "https://example.com/",
    "HTTP://EXAMPLE.COM/",
    "HTTPS://Example.Com:443/",
    "http://example.com:80/",
    "http://example.com:/",
    "http://example.com:8080/",
    "https://example.com:8443/",
    "http://example.com:8000/",
    "http://example.com:3000/",
    "https://example.com:65535/",
    "http://8.8.8.8/",
    "http://1.1.1.1:8080/",
    "https://93.184.216.34/",
    "http://[2606:4700:4700::1111]/",
    "http://[2001:4860:4860::8888]:8080/",
    "http://[2001:4860:4860:0000:0000:0000:0000:8888]/",
    "http://[2A00:1450:4001:81B::200E]/",
    "http://[64:ff9b::808:808]/",
    "http://[::ffff:8.8.8.8]/",
    "https://bücher.de/",
    "https://例え.テスト/",
    "https://例え。テスト/",
    "https://россия.рф/новости",
    "https://xn--bcher-kva.de/",
    "https://müller.example.co.uk/ä?ö=ü#ß",
    "https://faß.de/",
    "http://example.com./",
    "http://my_site.example.com/",
    "http://a-b.example.com/",
    "http://1.example.com/",
    "http://0x7f.example.com/",
    "http://127.0.0.1.nip.io/",
    "http://3com.com/",
    "http://163.com/",
    "http://example.com/a//b/../c;d=e,f",
    "http://example.com/%7Euser/%E4%B8%AD",
    "http://example.com/100%",
    'http://example.com/?q=a+b&c[]=d|e{f}^`"<>',
    "http://example.com/?url=http://127.0.0.1/",
    "http://example.com/@user:x",
    "http://example.com?x@y",
    "http://example.com/#http://localhost/",
    "http://example.com/a:b@c",
    "http://172.32.0.1/",
    "http://172.15.0.1/",
    "http://100.63.255.255/",
    "http://100.128.0.1/",
    "http://192.169.0.1/",
    "http://11.0.0.1/",
    "http://169.253.1.1/",
    "http://198.20.0.1/",
    "http://223.255.255.255/",
    "http://126.255.255.255/",
    "http://localhost.example.com/",
    "http://local.example.com/",
    "http://internal.com/",
    "http://home.pl/",
    "http://corp.example.org/",
    "https://xn--n3h.net/",
)

FORBIDDEN = (
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:a00:1::",
    "2002:7f00:1::1",
    "2002:a9fe:a9fe::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd20:ce::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "2606:4700::5efe:a00:1",
    "2606:4700::200:5efe:7f00:1",
)
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.1.1",
    "192.169.0.1",
    "198.17.0.1",
    "198.20.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450::1",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2002:808:808::1",
)


@pytest.mark.parametrize("url", REFUSED)
def test_is_refused_with_a_reason_and_a_remedy(url: str) -> None:
    with pytest.raises(Refused) as caught:
        check_url(url)
    assert caught.value.message
    assert caught.value.remedy
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_refused_in_every_spelling(address: str) -> None:
    """Some sixty hosts an address, with both schemes, a port and a path: far more than a table would list."""
    urls = [
        url
        for host in _spellings(address)
        for url in (f"http://{host}/", f"HTTPS://{host}", f"http://{host}:8080/x", f"http://{host}?http://example.com/")
    ]
    assert len(urls) > 200
    accepted = []
    for url in urls:
        with suppress(Refused):
            accepted.append(check_url(url).url)
    assert accepted == []


@pytest.mark.parametrize("url", FETCHED)
def test_is_fetched(url: str) -> None:
    assert check_url(url).url.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("HTTP://EXAMPLE.com:80", Target(scheme="http", host="example.com", port=80, path="/")),
        ("https://example.com?a=b#c", Target(scheme="https", host="example.com", port=443, path="/?a=b")),
        (
            "https://BÜCHER.example.:8443/ä?ö=%C3%B6",
            Target(scheme="https", host="xn--bcher-kva.example", port=8443, path="/%C3%A4?%C3%B6=%C3%B6"),
        ),
        (
            "http://[2606:4700:0::1111]:81/",
            Target(scheme="http", host="2606:4700::1111", port=81, path="/", literal=IPv6Address("2606:4700::1111")),
        ),
    ],
)
def test_the_target_is_canonical(url: str, target: Target) -> None:
    assert check_url(url) == target


def test_a_password_is_not_repeated_in_the_message() -> None:
    with pytest.raises(Refused) as caught:
        check_url("https://anna:geheim@example.com/")
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("text", FORBIDDEN)
def test_an_address_is_forbidden(text: str) -> None:
    assert why_forbidden(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_an_address_is_public(text: str) -> None:
    assert why_forbidden(ip_address(text)) is None


def test_one_forbidden_answer_among_public_ones_is_enough() -> None:
    target = check_url("https://news.example/")
    public, private = ip_address("8.8.8.8"), ip_address("10.0.0.1")
    assert check_addresses(target, (public,)) == (public,)
    with pytest.raises(Refused, match=r"10\.0\.0\.1, which is not public: private"):
        check_addresses(target, (public, private))
    with pytest.raises(Refused, match="no address"):
        check_addresses(target, ())


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("127.0.0.1:8001", "127.0.0.1:8001"),
        (" LOCALHOST:80 ", "localhost:80"),
        ("[0:0::1]:8001", "[::1]:8001"),
        ("Intranet.Corp:8080", "intranet.corp:8080"),
    ],
)
def test_an_allowed_pair_has_one_spelling(text: str, pair: str) -> None:
    assert allowed_pair(text) == pair


@pytest.mark.parametrize("text", ["", "127.0.0.1", "127.0.0.1:", ":80", "*:80", "127.1:80", "a:0", "http://a:80"])
def test_what_is_no_pair_is_a_fault_of_the_configuration(text: str) -> None:
    with pytest.raises(ConfigError):
        allowed_pair(text)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8002/",
        "http://127.0.0.2:8001/",
        "http://localhost:8001/",
        "http://[::ffff:127.0.0.1]:8001/",
        "http://127.1:8001/",
        "http://127.0.0.1/",
        "http://0.0.0.0:8001/",
    ],
)
def test_an_allowance_is_for_that_pair_only(url: str) -> None:
    allowed = {"127.0.0.1:8001"}
    assert check_url("http://127.0.0.1:8001/x", allow_targets=allowed).is_allowed
    with pytest.raises(Refused):
        check_url(url, allow_targets=allowed)


def test_an_allowed_name_may_be_private_but_never_a_metadata_service() -> None:
    target = check_url("http://intranet:8080/", allow_targets={"intranet:8080"})
    assert check_addresses(target, (ip_address("10.0.0.5"),))
    for address in (*METADATA, ip_address("0.0.0.0"), ip_address("224.0.0.1")):
        with pytest.raises(Refused):
            check_addresses(target, (address,))


@given(st.text())
def test_any_text_is_a_target_or_refused(text: str) -> None:
    try:
        target = check_url(text)
    except Refused:
        return
    assert check_url(target.url) == target


@given(st.from_regex(r"https?://[^/]{1,30}(:[0-9]{1,5})?/.{0,20}"))
def test_what_was_checked_is_what_is_asked_for(text: str) -> None:
    try:
        target = check_url(text)
    except Refused:
        return
    assert target.url.isascii()
    assert check_url(target.url) == target
    assert not set(target.url) & set(" \r\n\t\\@#") - set("@" if "@" in target.path else "")


@given(st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16"]), st.integers(0, 2**16 - 1))
def test_no_embedding_makes_a_private_address_public(network: str, offset: int) -> None:
    inner = int(ip_network(network)[offset])
    for outer in (
        0xFFFF << 32,
        0x64FF9B << 96,
        0x2002 << 112,
        0,
        0x2606470000000000_00005EFE00000000,
        0x64FF9B0001 << 80,
    ):
        shift = 80 if outer == 0x2002 << 112 else 0
        assert why_forbidden(IPv6Address(outer | inner << shift))


def _resolver(*answers: tuple[str, ...]) -> Callable[[str, float], tuple[Address, ...]]:
    """Gives one answer after the other, the last one for ever."""
    left = list(answers)

    def resolve(host: str, seconds: float) -> tuple[Address, ...]:
        return tuple(ip_address(text) for text in (left.pop(0) if len(left) > 1 else left[0]))

    return resolve


@pytest.mark.parametrize("answers", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1",), ("::ffff:127.0.0.1",)])
def test_a_name_that_leads_here_is_never_dialled(canary: Canary, client_for: Clients, answers: tuple[str, ...]) -> None:
    client = client_for(resolver=_resolver(answers))
    for path in ("", "robots.txt"):
        with pytest.raises(Refused, match="not public"):
            client.fetch(f"http://rebind.example:{canary.port}/{path}")
    with pytest.raises(Refused, match="not public"):
        client.request("POST", f"http://rebind.example:{canary.port}/", body=b"x")


def test_a_name_that_moves_between_two_requests_is_checked_again(
    site: Site, canary: Canary, client_for: Clients
) -> None:
    site["/"] = Reply(status=302, headers=(("Location", f"http://moves.example:{canary.port}/"),))
    with pytest.raises(FetchError):
        client_for(site, resolver=_resolver(("127.0.0.1",))).fetch(site.url)


def test_an_allowed_name_is_dialled_at_the_address_that_was_checked(site: Site, client_for: Clients) -> None:
    site["/"] = Reply()
    pair = f"news.site:{site.port}"
    client = client_for(resolver=_resolver(("127.0.0.1",), ("127.0.0.1",), ("169.254.169.254",)), allow_targets=(pair,))
    client.fetch(f"http://{pair}/")
    assert {visit.headers["host"] for visit in site.visits} == {pair}
    # The connection is still open, but the name has moved: it is not used on trust.
    with pytest.raises(Refused, match="metadata"):
        client.fetch(f"http://{pair}/")


def test_a_kept_connection_is_not_used_for_another_address(site: Site, client_for: Clients) -> None:
    site["/"] = Reply()
    pair = f"news.site:{site.port}"
    client = client_for(
        resolver=_resolver(("127.0.0.1",), ("127.0.0.1",), ("127.0.0.9",)), allow_targets=(pair,), robots=True
    )
    client.fetch(f"http://{pair}/")
    with pytest.raises(Unreachable, match=r"no connection to 127\.0\.0\.9"):
        client.fetch(f"http://{pair}/")
    assert len(site.pages) == 1
