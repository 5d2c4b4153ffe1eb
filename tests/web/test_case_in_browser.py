"""A real website, from a pasted address to a served feed in Chromium, in fewer than ten clicks.

The pages lie beside the checkout and belong to their publishers; where they are absent, this test skips.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.support.browsing import PATIENCE, Desk, chromium, desk, signed_in
from tests.support.sites import Reply, Site

CASES = Path(__file__).parents[3] / "shared" / "cases" / "listings"

pytestmark = [
    pytest.mark.system("chromium"),
    pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not beside this checkout"),
]

expect.set_options(timeout=PATIENCE)
_FEED = re.compile(r'<link[^>]+application/rss\+xml[^>]+?href="([^"]+)"')


@dataclass(frozen=True)
class Website:
    """A listing page and the feed that it links to, on loopback."""

    site: Site
    url: str
    entries: int


@pytest.fixture(scope="module")
def website() -> Iterator[Website]:
    """The first case whose list is short and whose page names a feed of its own host."""
    for folder in sorted(CASES.iterdir()):
        if not (folder / "page.html").exists():
            continue
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        page = (folder / "page.html").read_text(encoding="utf-8", errors="replace")
        found, host = _FEED.search(page), urlsplit(expected["url"]).netloc
        if found is None or len(expected["entries"]) > 10:
            continue
        feed = urlsplit(urljoin(expected["url"], found[1]))
        if feed.netloc == host:
            break
    else:
        pytest.fail("no case names a feed of its own")
    with Site() as site:
        for scheme in ("https", "http"):
            page = page.replace(f"{scheme}://{host}", site.url)
        path = urlsplit(expected["url"]).path or "/"
        site[path] = Reply(body=page.encode())
        for entry in expected["entries"]:
            written = f"<h1>{escape(entry['title'])}</h1>" + "<p>What a release says, in a sentence of its own.</p>" * 3
            site[urlsplit(urljoin(expected["url"], entry["link"])).path] = Reply(
                body=f"<main>{written}</main>".encode()
            )
        rss = (folder / "feed.xml").read_bytes()
        site[feed.path] = Reply(body=rss, headers=(("Content-Type", "application/rss+xml"),))
        yield Website(site=site, url=f"{site.url}{path}", entries=len(expected["entries"]))


@pytest.fixture(scope="module")
def room(website: Website, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk"), targets=(website.site.pair,), is_scraped=False) as made:
        yield made


@pytest.fixture
def page(room: Desk) -> Iterator[Page]:
    with chromium() as browser:
        yield signed_in(browser, room).new_page()


def test_a_real_listing_becomes_a_feed_in_fewer_than_ten_clicks(page: Page, room: Desk, website: Website) -> None:
    clicks: list[Locator] = []

    def click(place: Locator) -> None:
        clicks.append(place)
        place.click()

    page.goto("/admin/")
    click(page.get_by_role("link", name="Add a website").first)
    page.fill("#url", website.url)
    click(page.get_by_role("button", name="Look at it"))
    ways = page.locator(".way")
    expect(ways.filter(has_text="The page's own list")).to_be_visible()
    expect(ways.filter(has_text="The site's feed").first).to_be_visible()
    click(ways.filter(has_text="The page's own list").get_by_role("radio"))
    expect(page.get_by_role("heading", name=f"The list: {website.entries} items")).to_be_visible()
    page.fill("#key", "real")
    page.fill("#category", "found/websites")
    click(page.get_by_role("button", name="Save and watch"))
    expect(page.get_by_role("status").first).to_contain_text("Added")
    room.service.scrape(["real"])
    room.lookup.feeds.poll()
    click(page.get_by_role("link", name="Page for people"))
    expect(page.get_by_text("What a release says").first).to_be_visible()
    assert len(clicks) < 10
    for path in ("sources/real", "feeds/found/websites"):
        answer = page.request.get(f"/{path}.atom")
        assert (answer.status, answer.text().count("<entry")) == (200, website.entries)
