"""URLs in two shapes: absolute, as readers open them, and canonical, as identity needs them.

RFC 3986 sections 5 (resolution) and 6 (normalization); rules C2, C5 and R2 of specs/reliability.md.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

import idna

from feedsvc.lexicon.parameters import names_the_page

#: Longest link in characters (rule C5).
LINK_MAX = 2048
#: Schemes that content may link to (rule C2).
CONTENT_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.\-]*:")
_STRIPPED = "".join(map(chr, range(0x21)))
_PATH_SAFE = "/:@!$&'()*+,;=-._~"
_QUERY_SAFE = "/:@!$'()*+,;=-._~?"
#: An absolute address with nothing in it that resolving or encoding would change, as most are.
_PLAIN_URL = re.compile(
    r"https?://(?:[a-z0-9-]+\.)+[a-z0-9-]+(?:/[a-zA-Z0-9_~-][a-zA-Z0-9_~.-]*)+/?(?:\?[a-zA-Z0-9_~.=&-]+)?"
)
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_TRIPLET = re.compile(r"%([0-9A-Fa-f]{2})")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid|sessionid)=[^/;?]*|/\([A-Z]\([0-9a-z]{20,}\)\)(?=/)", re.I)
_INDEX = re.compile(r"/(?:index\.(?:html?|php|aspx?|jsp|shtml)|default\.(?:html?|aspx?))\Z", re.I)


def absolute(url: str, *, base_url: str) -> str | None:
    """``url`` resolved against ``base_url`` as browsers do, percent-encoded; None where content may not carry it.

    Only http, https, mailto and tel pass, without user or password; relative ones need an http(s) base.
    """
    if _PLAIN_URL.fullmatch(url):
        return url
    url = url.strip(_STRIPPED).translate({9: None, 10: None, 13: None})
    scheme = _SCHEME.match(url)
    if scheme and scheme[0][:-1].lower() not in CONTENT_SCHEMES:
        return None
    if scheme and scheme[0].lower() in ("mailto:", "tel:"):
        return scheme[0].lower() + quote(url[scheme.end() :], safe="%@?&=+,;:/!$'()*-._~#")
    try:
        head, mark, tail = url.partition("?")
        return _encoded(urljoin(base_url, head.replace("\\", "/") + mark + tail))
    except ValueError:
        return None


def _encoded(url: str) -> str | None:
    """An absolute http(s) URL with its host in ASCII and everything else percent-encoded; None where it is none."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    host = _ascii_host(parts.hostname)
    if host is None:
        return None
    port = f":{parts.port}" if parts.port is not None else ""
    return urlunsplit(
        SplitResult(
            parts.scheme,
            host + port,
            _quoted(_without_dots(parts.path) or "/", _PATH_SAFE),
            _quoted(parts.query, _QUERY_SAFE + "&"),
            _quoted(parts.fragment, _QUERY_SAFE + "&#"),
        )
    )


def is_safe_link(url: str) -> bool:
    """Whether a link, id or enclosure may be published: http(s), no credentials, ASCII, at most 2048 characters."""
    if len(url) > LINK_MAX or not url.isascii() or re.search(r"[\x00-\x20\x7f\"<>\\^`{|}]", url):
        return False
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:
        return False


@lru_cache(maxsize=16)  # a release asks for its own and its source's again and again
def canonicalize(url: str) -> str:
    """The normal form under which a story is known; the same for spellings that servers do not tell apart.

    Scheme, default port, case of the host, dot segments, doubled and trailing slashes, directory index, fragment
    (unless it is a route, ``#!/...`` or ``#/...``), order of the query, percent-encoding, sessions, tracking and cache
    busters do not matter. Host aliases do: they are learned, not guessed. Idempotent. What is no http(s) URL comes
    back stripped.
    """
    try:
        parts = urlsplit(url.strip(_STRIPPED))
        host = _ascii_host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return url.strip(_STRIPPED)
    if parts.scheme not in ("http", "https") or not host:
        return url.strip(_STRIPPED)
    route = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    return urlunsplit(
        SplitResult(
            "https",
            host if port in (None, 80, 443) else f"{host}:{port}",
            _canonical_path(parts.path),
            _canonical_query(parts.query),
            _quoted(route, _QUERY_SAFE + "&"),
        )
    )


def _canonical_path(path: str) -> str:
    path = _quoted(path, _PATH_SAFE)
    while True:  # each step can uncover work for another
        before = path
        path = re.sub(r"/{2,}", "/", _without_dots(_PATH_SESSION.sub("", path)))
        path = _INDEX.sub("", path.rstrip("/"))
        if path == before:
            return path or "/"


def _canonical_query(query: str) -> str:
    pairs = (_quoted(pair, _QUERY_SAFE) for pair in query.split("&"))
    return "&".join(sorted(pair for pair in pairs if pair.strip("=") and names_the_page(pair)))


def _ascii_host(host: str) -> str | None:
    """The host in lower-case ASCII (UTS 46), None where it cannot be a host."""
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host if re.fullmatch(r"[a-z0-9._\-]+", host) else None
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None


def _quoted(part: str, safe: str) -> str:
    """``part`` with every character that needs it percent-encoded once, upper-case, and no other (RFC 3986 6.2.2)."""
    part = _ESCAPE.sub("%25", part)
    part = _TRIPLET.sub(_normal_triplet, part)
    return quote(part, safe=safe + "%", errors="replace")


def _normal_triplet(triplet: re.Match[str]) -> str:
    byte = int(triplet[1], 16)
    return chr(byte) if byte in _UNRESERVED else f"%{triplet[1].upper()}"


def _without_dots(path: str) -> str:
    """RFC 3986 section 5.2.4, for paths that begin with a slash."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments[1:]:
        if segment == "..":
            kept[-1:] = []
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
