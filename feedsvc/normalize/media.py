"""Images and attached files: safe addresses, a type for each, no counters, none twice (rule C5)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from feedsvc.model import FoundMedia, Media
from feedsvc.normalize.pixels import is_tracking_pixel
from feedsvc.normalize.text import line
from feedsvc.normalize.urls import absolute, is_safe_link

#: Attachments that one entry carries.
ENCLOSURES_MAX = 20

#: Media types by the ending of a file's name; the machine's own table differs from host to host.
TYPES = {
    "jpg": "image/jpeg", "jpeg": "image/jpeg", "jfif": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp", "tif": "image/tiff", "tiff": "image/tiff",
    "heic": "image/heic",
    "mp3": "audio/mpeg", "m4a": "audio/mp4", "aac": "audio/aac", "ogg": "audio/ogg", "oga": "audio/ogg",
    "opus": "audio/ogg", "wav": "audio/wav", "flac": "audio/flac",
    "mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/quicktime",
    "avi": "video/x-msvideo", "mpg": "video/mpeg", "mpeg": "video/mpeg", "m3u8": "application/vnd.apple.mpegurl",
    "pdf": "application/pdf", "epub": "application/epub+zip", "zip": "application/zip", "rtf": "application/rtf",
    "doc": "application/msword", "xls": "application/vnd.ms-excel", "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation", "csv": "text/csv", "txt": "text/plain",
    "ics": "text/calendar", "xml": "application/xml", "json": "application/json", "7z": "application/x-7z-compressed",
}  # fmt: skip


def media_type(url: str) -> str:
    """The media type that the ending of a URL's path tells, or ""."""
    ending = PurePosixPath(unquote(urlsplit(url).path)).suffix.lstrip(".").lower()
    return TYPES.get(ending, "")


def image_of(found: FoundMedia | None, *, base_url: str) -> Media | None:
    """An entry's lead image, or None where the page has none that can be shown: unsafe, a counter, no picture."""
    media = _media(found, base_url=base_url) if found else None
    if media is None or (media.type and not media.type.startswith("image/")) or media.type == "image/svg+xml":
        return None
    sides = {"width": str(media.width or ""), "height": str(media.height or "")}
    return None if is_tracking_pixel(media.url, sides) else media


def enclosures_of(found: Iterable[FoundMedia], *, base_url: str) -> tuple[Media, ...]:
    """An entry's attachments in order; one file under differently signed addresses is one attachment."""
    kept: dict[str, Media] = {}
    for one in found:
        media = _media(one, base_url=base_url)
        if media:
            kept.setdefault(media.url.partition("?")[0] if media_type(media.url) else media.url, media)
    return tuple(kept.values())[:ENCLOSURES_MAX]


def _media(found: FoundMedia, *, base_url: str) -> Media | None:
    url = absolute(found.url, base_url=base_url) if found.url.strip() else None
    if url is None or not is_safe_link(url):
        return None
    declared = found.type.partition(";")[0].strip().lower()
    return Media(
        url=url,
        type=declared if "/" in declared and declared != "application/octet-stream" else media_type(url),
        length=found.length if found.length and found.length > 0 else None,
        title=line(found.title) or None if found.title else None,
        width=found.width if found.width and found.width > 0 else None,
        height=found.height if found.height and found.height > 0 else None,
    )
