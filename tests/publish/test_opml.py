"""The list of all feeds, as readers import it."""

from __future__ import annotations

from lxml import etree

from feedsvc.model import FeedRef
from feedsvc.publish.opml import Outline, write_opml
from tests.support.entries import BASE_URL, NOON


def test_feeds_are_grouped_by_category_with_absolute_addresses() -> None:
    outlines = [
        Outline(ref=FeedRef(kind="all"), title="Everything"),
        Outline(ref=FeedRef(kind="category", key="company"), title="Company"),
        Outline(ref=FeedRef(kind="category", key="company/进博"), title="进博 & Co", language="zh"),
    ]
    body = write_opml(outlines, title="Feeds", base_url=BASE_URL, created_at=NOON, changed_at=NOON)
    root = etree.fromstring(body)
    assert root.get("version") == "2.0"
    assert root.findtext("head/dateModified") == "Wed, 04 Mar 2026 12:00:00 GMT"
    (child,) = root.xpath("body/outline/outline")
    assert dict(child.attrib) == {
        "type": "rss",
        "text": "进博 & Co",
        "title": "进博 & Co",
        "xmlUrl": "https://feeds.example/feeds/company/%E8%BF%9B%E5%8D%9A.atom",
        "htmlUrl": "https://feeds.example/feeds/company/%E8%BF%9B%E5%8D%9A",
        "language": "zh",
    }


def test_a_title_is_no_markup() -> None:
    outline = Outline(ref=FeedRef(kind="all"), title="<b>All</b> & &amp;", description="a <i>b</i>")
    body = write_opml([outline], title="<b>", base_url=BASE_URL, created_at=NOON, changed_at=NOON)
    (element,) = etree.fromstring(body).xpath("body/outline")
    assert element.get("title") == element.get("text") == "<\u200bb>All<\u200b/b> & &\u200bamp;"
    assert element.get("description") == "a <\u200bi>b<\u200b/i>"
