"""Which IP addresses may be dialled: globally routable unicast and nothing else (rule F1).

Sources: the IANA special-purpose address registries (RFC 6890 and successors), and the embeddings of IPv4 in IPv6:
RFC 4291 (mapped, compatible), RFC 3056 (6to4), RFC 4380 (Teredo), RFC 6052 and RFC 8215 (NAT64), RFC 5214 (ISATAP).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

#: Where clouds answer questions about the machine itself, some of them on addresses that look public.
METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.169.253",
        "169.254.169.123",
        "169.254.170.2",
        "169.254.170.23",
        "169.254.0.23",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "192.80.8.124",
        "fd00:ec2::254",
        "fd00:ec2::253",
        "fd00:ec2::23",
        "fd00:ec2::123",
        "fd20:ce::254",
        "fe80::a9fe:a9fe",
    )
)

#: (network, what it is for). The narrower one stands before the wider one.
_FORBIDDEN_4 = tuple(
    (IPv4Network(network), what)
    for network, what in (
        ("0.0.0.0/8", "unspecified ('this network')"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared by carriers (CGNAT)"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved (6to4 relays)"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_FORBIDDEN_6 = tuple(
    (IPv6Network(network), what)
    for network, what in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "local-use NAT64"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001:10::/28", "reserved (ORCHID)"),
        ("2001:20::/28", "reserved (ORCHIDv2)"),
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
        ("3ffe::/16", "reserved (6bone)"),
        ("fc00::/7", "private (unique local)"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private (site-local)"),
        ("ff00::/8", "multicast"),
    )
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
#: Interface identifiers that ISATAP puts before an IPv4 address, with and without the 'universal' bit.
_ISATAP = (0x00005EFE, 0x02005EFE)


def why_forbidden(address: Address) -> str | None:
    """What makes ``address`` unfit to be dialled, in words ("private", "loopback, as NAT64"), or None."""
    if address in METADATA:
        return "a cloud's metadata service"
    if isinstance(address, IPv4Address):
        return next((what for network, what in _FORBIDDEN_4 if address in network), None)
    if address.scope_id is not None:
        return "bound to a zone of this machine"
    embedded = _embedded(address)
    if embedded is not None:
        inner, how = embedded
        inside = why_forbidden(inner)
        if inside is not None:
            return f"{inside}, as {how}"
    for network, what in _FORBIDDEN_6:
        if address in network:
            return what
    if address in _GLOBAL_UNICAST or address in _NAT64 or address.ipv4_mapped is not None:
        return None
    return "reserved"


def _embedded(address: IPv6Address) -> tuple[IPv4Address, str] | None:
    """The IPv4 address that a packet to ``address`` would end at, and how it is written into it."""
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped, "IPv4-mapped"
    if address.sixtofour is not None:
        return address.sixtofour, "6to4"
    if address in _NAT64:
        return low, "NAT64"
    if address in _COMPATIBLE and int(address) > 1:
        return low, "IPv4-compatible"
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return low, "ISATAP"
    return None
