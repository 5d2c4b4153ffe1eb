"""A real listing page as a website on loopback. The pages lie beside the checkout and belong to their publishers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from tests.support.sites import Reply, Site

LISTINGS = Path(__file__).parents[3] / "shared" / "cases" / "listings"
#: A list that a first scrape reads quickly.
SHORT = 10
_FEED = re.compile(r'<link[^>]+application/rss\+xml[^>]+?href="([^"]+)"')


@dataclass(frozen=True)
class Listing:
    """Where it is on loopback, and how many entries its publisher's feed has."""

    url: str
    entries: int


def published_on(site: Site) -> Listing:
    """The first short list whose page names a feed of its own host, with that feed, and releases of our own writing."""
    folder, expected, page, feed = next(filter(None, map(_fit, sorted(LISTINGS.iterdir()))))
    host = urlsplit(expected["url"]).netloc
    for scheme in ("https", "http"):
        page = page.replace(f"{scheme}://{host}", site.url)
    path = urlsplit(expected["url"]).path or "/"
    site[path] = Reply(body=page.encode())
    for entry in expected["entries"]:
        text = "<p>What a release says, in a sentence of its own.</p>" * 3
        release = f"<main><h1>{escape(entry['title'])}</h1>{text}</main>"
        site[urlsplit(urljoin(expected["url"], entry["link"])).path] = Reply(body=release.encode())
    rss = (folder / "feed.xml").read_bytes()
    site[feed] = Reply(body=rss, headers=(("Content-Type", "application/rss+xml"),))
    return Listing(url=f"{site.url}{path}", entries=len(expected["entries"]))


def _fit(folder: Path) -> tuple[Path, dict[str, Any], str, str] | None:
    """The folder with what is expected, its page and its feed's path, where it is one to take."""
    if not (folder / "page.html").exists():
        return None
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    page = (folder / "page.html").read_text(encoding="utf-8", errors="replace")
    found = _FEED.search(page)
    feed = urlsplit(urljoin(expected["url"], found[1])) if found else None
    if feed is None or feed.netloc != urlsplit(expected["url"]).netloc or len(expected["entries"]) > SHORT:
        return None
    return folder, expected, page, feed.path
