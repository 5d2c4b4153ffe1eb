"""Where everything that is published has its address: absolute, from the configured base URL alone."""

from __future__ import annotations

from urllib.parse import quote

from feedsvc.model import Feed, FeedRef, Format

#: Between a feed's path and the number of an archive; no category may begin with ``_``.
ARCHIVE_SEGMENT = "_archive"

MEDIA_TYPES = {
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.JSON: "application/feed+json",
}


def page_url(base_url: str, ref: FeedRef) -> str:
    """The page of a feed for people."""
    return f"{base_url}/{quote(ref.path)}"


def home_of(feed: Feed) -> str:
    """The page for people that a document names: rel=alternate."""
    return feed.page or page_url(feed.base_url, feed.ref)


def feed_url(base_url: str, ref: FeedRef, format: Format, *, variant: str = "") -> str:
    """The canonical address of a feed's current document."""
    query = f"?{variant}" if variant else ""
    return f"{base_url}/{quote(ref.path)}.{format.value}{query}"


def archive_url(base_url: str, ref: FeedRef, format: Format, number: int) -> str:
    """The permanent address of an archive document (RFC 5005 section 4)."""
    return f"{base_url}/{quote(ref.path)}/{ARCHIVE_SEGMENT}/{number}.{format.value}"


def document_url(feed: Feed, format: Format) -> str:
    """A document's own address: rel=self."""
    if feed.archive is not None:
        return archive_url(feed.base_url, feed.ref, format, feed.archive)
    return feed_url(feed.base_url, feed.ref, format, variant=feed.variant)


def entry_page_url(base_url: str, uuid: str) -> str:
    """The page of an entry for people."""
    return f"{base_url}/entries/{uuid}"


def urn(uuid: str) -> str:
    """A permanent id as documents print it (specs/feeds.md 1.2)."""
    return f"urn:uuid:{uuid}"


def document_links(feed: Feed, format: Format) -> tuple[tuple[str, str], ...]:
    """(rel, absolute URL) of every machine link of a document, rel=self first; the HTML page is not among them."""
    links = [("self", document_url(feed, format))]
    if feed.archive is not None:
        links.append(("current", feed_url(feed.base_url, feed.ref, format)))
    else:
        links += [("hub", hub) for hub in feed.hubs]
    if feed.prev_archive is not None:
        links.append(("prev-archive", archive_url(feed.base_url, feed.ref, format, feed.prev_archive)))
    elif feed.archive is not None:
        # Without a link to a neighbour an archive is cut off (W3C ArchiveIncomplete). Its bytes stay fixed: until the
        # archive after it is closed, that address leads to the current document.
        links.append(("next-archive", archive_url(feed.base_url, feed.ref, format, feed.archive + 1)))
    return tuple(links)
