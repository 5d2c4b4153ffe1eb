"""Media types of enclosures and images, the same on every machine."""

from __future__ import annotations

from mimetypes import MimeTypes
from urllib.parse import urlsplit

from feedsvc.model import Media

#: Python's own table, never the machine's /etc/mime.types: equal Feeds must give equal bytes everywhere.
_KNOWN = MimeTypes()
_KNOWN.add_type("image/webp", ".webp")
_KNOWN.add_type("image/avif", ".avif")


def media_type(media: Media, *, default: str = "application/octet-stream") -> str:
    """The type as the page gives it, else as the ending of its path tells, else ``default``."""
    return media.type or _KNOWN.guess_type(urlsplit(media.url).path)[0] or default


def medium(media: Media) -> str:
    """The Media RSS medium: image, audio, video or document."""
    kind = media_type(media).split("/", 1)[0]
    return kind if kind in ("image", "audio", "video") else "document"
