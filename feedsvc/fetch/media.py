"""Which answers are pages: media types as declared, and a conservative look at the first bytes (rule F9)."""

from __future__ import annotations

import re
from email.message import Message

from feedsvc.errors import NotAPage

#: What we read; besides these, every "+xml" and "+json" type but images.
_READABLE = frozenset(
    {
        "text/html",
        "text/plain",
        "text/xml",
        "text/json",
        "text/javascript",
        "application/xhtml+xml",
        "application/xml",
        "application/json",
        "application/rss",
        "application/atom",
        "application/x-rss+xml",
        "application/x-json",
        "application/javascript",
    }
)

#: First bytes of what is no page, whatever the header says (WHATWG MIME Sniffing section 6, and archives).
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file (image, sound or film)"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\xfd7zXZ", "an xz file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\x00", "a program"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x1a\x45\xdf\xa3", "a Matroska film"),
    (b"fLaC", "a FLAC file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\x00asm", "a program"),
    (b"SQLite format 3\x00", "a database"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
)
#: Byte order marks, under which a zero byte is an ordinary half of a character.
_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: The same without the mark, for pages that begin with a tag.
_WIDE = (*_MARKS, b"<\0", b"\0<")
#: Control characters that no text holds (WHATWG 'binary data byte'), but for ESC of ISO-2022-JP.
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_HTML = re.compile(
    rb"(?is)\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta|div|table|a|p|h1|br)\b"
)
_XML = re.compile(rb"\s*<(?:\?xml|rss|feed|rdf:RDF|urlset|sitemapindex|opml)[\s>]")
_JSON = re.compile(rb'\s*[\[{]\s*(?:["\[{\]}]|-?\d|true|false|null)')


def content_type(header: str | None) -> tuple[str, str | None]:
    """(media type in lower case, charset verbatim) of a Content-Type field; ("", None) where it says nothing."""
    if not header:
        return "", None
    message = Message()
    message["content-type"] = header[:500].replace("\r", " ").replace("\n", " ")
    essence = header[:500].partition(";")[0].partition(",")[0].strip().lower()
    if not re.fullmatch(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+", essence):
        essence = ""
    try:
        charset = message.get_param("charset")
    except (ValueError, UnicodeError):
        charset = None
    if not isinstance(charset, str):
        return essence, None
    return essence, charset.strip().strip("'\"") or None


def is_readable(media_type: str) -> bool:
    """Whether we read bodies of this declared type; "" (none declared) is for ``page_type`` to judge."""
    if media_type.startswith(("image/", "audio/", "video/", "font/", "model/")):
        return False
    return not media_type or media_type in _READABLE or media_type.endswith(("+xml", "+json"))


def page_type(media_type: str, body: bytes, *, url: str) -> str:
    """The media type under which ``body`` is read: the declared one, or a sniffed one where none was declared.

    Raises NotAPage for a type that we do not read, and for a body that contradicts a readable type.
    """
    if not is_readable(media_type):
        raise not_a_page(url, f"the answer is {media_type}")
    for magic, what in _MAGIC:
        if body.startswith(magic):
            raise not_a_page(url, f"the answer is {what}, though the header says {media_type or 'nothing'}")
    head = body[:1024]
    is_binary = head.count(b"\0") * 4 > len(head) or (not media_type and _BINARY.search(head))
    if is_binary and not body.startswith(_WIDE):
        raise not_a_page(url, "the answer is binary data")
    return media_type or _sniffed(head)


def _sniffed(head: bytes) -> str:
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(_WIDE):
        head = head.removeprefix(_MARKS[0]).removeprefix(_MARKS[1]).replace(b"\0", b"")
    if _XML.match(head):
        return "application/xml"
    if _JSON.match(head):
        return "application/json"
    return "text/html" if _HTML.match(head) or b"<" in head else "text/plain"


def not_a_page(url: str, message: str) -> NotAPage:
    """The error for an answer at ``url`` that is no page."""
    return NotAPage(message, subject=url, remedy="pages are HTML, XML, JSON or plain text; watch another address")
