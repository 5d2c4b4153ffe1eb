"""Bytes to Page: charset decoding as browsers do it, and more forgiving where a page lies (rule F10).

Order: byte order mark, the HTTP charset, the page's own declaration (the WHATWG prescan's first 1024 bytes; we are
generous and look at 4096), detection, UTF-8 with replacement. A declaration that leaves much of the page undecodable
loses to an encoding that reads it cleanly.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import datetime

from feedsvc.fetch.detection import detect, is_mostly_utf8
from feedsvc.fetch.encodings import LABELS, UTF_8, WINDOWS_1252, Encoding, decode, encoding_for, is_valid
from feedsvc.fetch.media import content_type as parse_content_type
from feedsvc.fetch.media import page_type
from feedsvc.model import Page, Validators

_PRESCAN, _GENEROUS = 1024, 4096

_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", UTF_8),
    (b"\xfe\xff", LABELS["utf-16be"]),
    (b"\xff\xfe", LABELS["utf-16le"]),
)
ISO_2022_JP = LABELS["iso-2022-jp"]
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/]([^>]*)>?", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9_:.+-]+)""")

#: A declaration has failed when more than one in this many characters beyond ASCII could not be decoded.
_FAILED_ONE_IN = 50
#: So many characters beyond ASCII may look like UTF-8 by chance.
_BY_CHANCE = 8


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, and the encoding that gave it."""

    text: str
    encoding: Encoding


def page_from_bytes(
    body: bytes,
    *,
    url: str,
    content_type: str | None,
    fetched_at: datetime,
    requested_url: str | None = None,
    status: int = 200,
    content_language: str | None = None,
    validators: Validators = Validators(),  # noqa: B008 - a frozen value
    fresh_until: datetime | None = None,
    moved_to: str | None = None,
) -> Page:
    """The Page that ``body`` is, read under its Content-Type; raises NotAPage where it is no page (rule F9).

    Used for what came off the wire, for kept snapshots and for saved pages alike: equal arguments, equal Page.
    """
    declared_type, charset = parse_content_type(content_type)
    media_type = page_type(declared_type, body, url=url)
    decoded = decode_body(body, charset=charset, media_type=media_type)
    return Page(
        url=url,
        requested_url=requested_url if requested_url is not None else url,
        status=status,
        media_type=media_type,
        body=body,
        text=decoded.text,
        encoding=decoded.encoding.name,
        declared_charset=charset,
        content_language=content_language,
        validators=validators,
        fresh_until=fresh_until,
        fetched_at=fetched_at,
        moved_to=moved_to,
    )


def decode_body(body: bytes, *, charset: str | None, media_type: str = "text/html") -> Decoded:
    """``body`` as text; ``charset`` is the HTTP parameter, verbatim. Never fails; never empty for something."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding)
    in_page = declared_in_page(body)
    for declared in (encoding_for(charset), in_page):
        if declared is not None and _holds(body, declared):
            return _decoded(body, declared)
    if media_type.endswith("json") and is_valid(body, UTF_8):
        return _decoded(body, UTF_8)
    return _decoded(body, detect(body) or encoding_for(charset) or in_page or UTF_8)


def declared_in_page(body: bytes) -> Encoding | None:
    """The encoding that a page declares in its first bytes: an XML declaration, or the first meta that names one."""
    head = body[:_GENEROUS]
    xml = _XML_DECLARATION.match(head)
    if xml is not None:
        found = encoding_for(xml[1].decode("ascii"))
        if found is not None:
            return UTF_8 if found.codec.startswith("utf-16") else found
    for match in _META.finditer(_COMMENT.sub(b"", head)):
        label = _CHARSET.search(match[1])
        found = encoding_for(label[1].decode("ascii")) if label else None
        if found is not None:
            return _as_declared_inside(found)
    return None


def _as_declared_inside(encoding: Encoding) -> Encoding:
    """What a meta can mean: it was read as ASCII, so UTF-16 it is not (WHATWG prescan, last steps)."""
    if encoding.codec.startswith("utf-16"):
        return UTF_8
    return WINDOWS_1252 if encoding.codec == "x-user-defined" else encoding


def _holds(body: bytes, declared: Encoding) -> bool:
    """Whether a declaration is to be believed: it decodes the page, or all but a few of its characters."""
    if declared.codec.startswith("utf-16"):
        return b"\0" in body[:512]
    if declared not in (UTF_8, ISO_2022_JP) and is_mostly_utf8(body):
        # Old servers put their default on UTF-8 pages. Text in another encoding is not valid UTF-8 by chance, unless
        # it is very short: windows-1252 hardly ever ("Ã©" is no word), the others now and then.
        sequences = sum(1 for byte in body if byte >= 0xC2)
        return sequences < (1 if declared == WINDOWS_1252 else _BY_CHANCE)
    if is_valid(body, declared):
        return True
    text = decode(body, declared)
    beyond = sum(1 for character in text if character > "\x7f")
    return text.count("\ufffd") * _FAILED_ONE_IN <= beyond


def _decoded(body: bytes, encoding: Encoding) -> Decoded:
    # Zero characters end the page for parsers written in C; browsers read them as U+FFFD.
    return Decoded(decode(body, encoding).replace("\0", "\ufffd"), encoding)


def _c1(error: UnicodeError) -> tuple[str, int]:
    """Bytes that an encoding leaves undefined: C1 controls stay (WHATWG index files), others are replaced."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(chr(byte) if 0x80 <= byte < 0xA0 else "\ufffd" for byte in bad), error.end


codecs.register_error("whatwg", _c1)
