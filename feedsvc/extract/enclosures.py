"""Files that a story carries: documents, audio and video linked or embedded in its body, with type and printed size."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

from feedsvc.extract.document import Document
from feedsvc.lexicon.gate import Gate
from feedsvc.model import FoundMedia

#: Media types by the ending of a file's name; pages link other files too, but as pages.
TYPES = {
    "pdf": "application/pdf", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", "rtf": "application/rtf", "epub": "application/epub+zip",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "zip": "application/zip", "csv": "text/csv",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav",
    "flac": "audio/flac", "aac": "audio/aac",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "mov": "video/quicktime", "ogv": "video/ogg",
}  # fmt: skip
_PLAYERS = ("audio", "video", "source")
#: What every body with a file holds: the ending of its name (behind a dot or a reference to one), its type, a player.
_SIGN = re.compile(rf"[.;](?:{'|'.join(TYPES)})\b|<(?:audio|video|source)\b|\stype=", re.IGNORECASE)
#: The same, but for types, which scripts have on every page.
_FILES = Gate(rf"[.;](?:{'|'.join(TYPES)})\b|<(?:audio|video)\b")
#: "(PDF, 1.2 MB)", "340 KB", "2,5 Mo".
_SIZE = re.compile(r"(?<![\w.,])(\d{1,4}(?:[.,]\d{1,3})?)\s?([KMGkmg])(?:i?[Bb]|o|б|Б)\b")
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


def find_enclosures(document: Document, body: str, *, beside: Iterable[HtmlElement] = ()) -> tuple[FoundMedia, ...]:
    """The files of a body fragment, and of elements beside it, each once, in order."""
    found: dict[str, FoundMedia] = {}
    for media in (*_media(document, _within(body)), *_media(document, beside)):
        found.setdefault(media.url, media)
    return tuple(found.values())


def may_hold_files(text: str) -> bool:
    """Whether a page may link or play files at all: most do not."""
    return bool(_FILES.found(text))


def holds_file(element: HtmlElement) -> bool:
    """Whether an element links, or plays, a file of a kind that is attached."""
    if element.tag == "a":
        return bool(type_of(str(element.get("href") or "")))
    if element.tag not in _PLAYERS or not (element.get("src") or element.get("data-src")):
        return False
    player = element.getparent() if element.tag == "source" else element
    is_scenery = player is not None and {"muted", "loop"} <= set(player.attrib)
    return player is not None and player.tag in ("audio", "video") and not is_scenery


def _within(body: str) -> Iterable[HtmlElement]:
    if not _SIGN.search(body):
        return ()
    try:
        return html.fragment_fromstring(body, create_parent="div").iter("a", *_PLAYERS)
    except (LxmlError, AssertionError, ValueError):
        return ()


def _media(document: Document, elements: Iterable[HtmlElement]) -> Iterator[FoundMedia]:
    for element in elements:
        attribute = "href" if element.tag == "a" else "src"
        url = document.absolute(element.get(attribute) or (element.get("data-src") if element.tag != "a" else None))
        if not url:
            continue
        declared = (element.get("type") or "").partition(";")[0].strip().lower()
        type_ = declared if "/" in declared else type_of(url)
        if element.tag in ("audio", "video") and not type_:
            type_ = "audio/mpeg" if element.tag == "audio" else "video/mp4"
        if element.tag == "source" and not type_.startswith(("audio/", "video/")):
            continue
        if type_ and not type_.startswith(("image/", "text/html")):
            title = " ".join("".join(element.itertext()).split()) or None if element.tag == "a" else None
            yield FoundMedia(
                url=url, where="body:" + str(element.tag), type=type_, length=_printed_size(element), title=title
            )


def type_of(url: str) -> str:
    """The media type that the ending of a URL's path tells, or "" where it tells none that we attach."""
    path = re.sub(r"[?#].*$", "", url)
    return TYPES.get(path.rsplit(".", 1)[-1].lower(), "") if "." in path.rsplit("/", 1)[-1] else ""


def _printed_size(element: HtmlElement) -> int | None:
    """Bytes as printed in the link or right after it; None where no size is printed."""
    text = "".join(element.itertext()) + " " + (element.tail or "")[:40]
    if match := _SIZE.search(text):
        return int(float(match[1].replace(",", ".")) * _UNITS[match[2].lower()])
    return None
