"""A site's own feed is read whole, whatever its format, and never obeyed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.extract.listing import as_far_as_read, kind_of, read_page
from feedsvc.model import Found, Listing, Page, Rules

URL = "https://news.example/feed.xml"
NOON = datetime(2026, 5, 9, 12, tzinfo=UTC)
RSS = """<?xml version="1.0" encoding="gb2312"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:media="http://search.yahoo.com/mrss/"><channel><title>News</title>
<item><title>Harbour &amp; ferry</title><link>https://news.example/1</link>
<pubDate>Tue, 05 May 2026 10:00:00 GMT</pubDate>
<description>Short&nbsp;words</description><content:encoded><![CDATA[<p>All of it.</p>]]></content:encoded>
<dc:creator>Ann Lee</dc:creator><category>Port</category><media:thumbnail url="/1.jpg"/></item>
<item><title>Second</title><guid>https://news.example/2</guid></item><item><title>No link</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/a/"><link rel="next" href="?page=2"/>
<entry><title>Harbour &amp; ferry</title><link rel="edit" href="e"/><link href="1"/>
<updated>2026-05-06T10:00:00Z</updated>
<published>2026-05-05T10:00:00Z</published><summary>Short words</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>All of it.</p></div></content>
<author><name>Ann Lee</name></author><category term="port" label="Port"/></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item><title>Harbour &amp; ferry</title>
<link>https://news.example/1</link><dc:date>2026-05-05</dc:date></item></rdf:RDF>"""
JSON = """{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://news.example/1",
"title": "Harbour & ferry", "date_published": "2026-05-05T10:00:00Z", "content_html": "<p>All of it.</p>",
"authors": [{"name": "Ann Lee"}], "tags": ["Port"]}, {"id": "x"}, 7], "next_url": "https://news.example/feed-2.json"}"""


def read(text: str, *, kind: str = "auto") -> Listing:
    now = datetime(2026, 5, 9, tzinfo=UTC)
    return read_page(Page(url=URL, requested_url=URL, text=text, fetched_at=now), kind, Rules())


@pytest.mark.parametrize("text", [RSS, ATOM, RDF, JSON], ids=["rss", "atom", "rdf", "json"])
def test_a_feed_gives_links_titles_and_dates(text: str) -> None:
    listing = read(text)
    assert listing.plan == "feed"
    first = listing.items[0]
    assert first.title is not None
    assert first.title.text == "Harbour & ferry"
    assert first.published[0].text.startswith(("Tue, 05 May 2026", "2026-05-05"))


def test_rss_gives_everything_it_carries() -> None:
    first, second = read(RSS).items
    assert first.body == Found(text="<p>All of it.</p>", where="feed:content")
    assert first.summary == Found(text="Short\u00a0words", where="feed:summary")
    assert [author.text for author in first.authors] == ["Ann Lee"]
    assert first.categories == ("Port",)
    assert first.image is not None
    assert first.image.url == "https://news.example/1.jpg"
    assert second.url == "https://news.example/2"


def test_atom_resolves_by_xml_base_and_prefers_published() -> None:
    listing = read(ATOM)
    first = listing.items[0]
    assert first.url == "https://news.example/a/1"
    assert [one.where for one in first.published] == ["feed:published", "feed:updated"]
    assert first.body is not None
    assert "<p>All of it.</p>" in first.body.text
    assert listing.next_urls == ("https://news.example/a/?page=2",)


def test_a_json_feed_leads_on() -> None:
    listing = read(JSON)
    assert listing.next_urls == ("https://news.example/feed-2.json",)
    assert len(listing.items) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>',  # noqa: E501
        '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss><item/></rss>',
    ],
)
def test_a_feed_with_entities_of_its_own_is_refused(text: str) -> None:
    listing = read(text, kind="feed")
    assert not listing.items
    assert listing.reason


@pytest.mark.parametrize("text", ["", "<html><body>no</body></html>", "<rss/>", "{}", "[", "\ufeff<rss><channel>"])
def test_what_is_no_feed_says_so(text: str) -> None:
    assert read(text, kind="feed").reason.startswith("nothing here, because ")


@given(st.text(max_size=200), st.sampled_from(["feed", "sitemap", "json", "wordpress", "auto", "html"]))
def test_nothing_makes_reading_raise(text: str, kind: str) -> None:
    for whole in (
        text,
        f"<rss><channel><item><link>{text}</link><title>{text}</title></item></channel></rss>",
        f'[{{"url": {text}}}]',
    ):
        read(whole, kind=kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (RSS, "feed"), (ATOM, "feed"), (RDF, "feed"), (JSON, "feed"), ("<urlset/>", "sitemap"), ('[{"a": 1}]', "json"),
        ('[{"link": "x", "title": {"rendered": "T"}}]', "wordpress"), ("<!doctype html><p>", "html"),
        ("<?xml version='1.0'?><!-- c --><html/>", "html"), ("", "html"),
    ],
)  # fmt: skip
def test_kinds_are_told_by_content(text: str, kind: str) -> None:
    assert kind_of(Page(url=URL, requested_url=URL, text=text, fetched_at=datetime(2026, 5, 9, tzinfo=UTC))) == kind


@pytest.mark.parametrize(
    ("head", "form", "tail"),
    [
        ("<rss><channel>", "<item><title>No {n}</title><link>https://n.example/{n}</link></item>", "</channel></rss>"),
        ("<feed>", "<entry><title>No {n}</title><link href='https://n.example/{n}'/></entry>", "</feed>"),
        (
            '{"version": "https://jsonfeed.org/version/1.1", "items": [',
            '{{"id": "{n}", "url": "https://n.example/{n}", "title": "No {n}"}}, ',
            "{}]}",
        ),
    ],
)
def test_an_archive_of_a_hundred_thousand_entries_is_read_as_far_as_feeds_go(head: str, form: str, tail: str) -> None:
    text = head + "".join(form.format(n=n) for n in range(100_000)) + tail
    page = as_far_as_read(Page(url="https://n.example/feed", requested_url="", text=text, fetched_at=NOON))
    assert page.text.startswith("{") or len(page.text) < len(text) / 50, "what comes behind is not even parsed"
    items = read_page(page, "auto", Rules()).items
    assert [item.url for item in items] == [f"https://n.example/{n}" for n in range(1000)]


@pytest.mark.parametrize("end", ["</link>", "</lin", "1</link><pubDate>Tue, 05", ""])
def test_the_item_in_which_a_feed_is_cut_does_not_count(end: str) -> None:
    rows = "".join(f"<item><title>Item {n}</title><link>https://news.example/{n}</link></item>" for n in (45, 44))
    cut = f'<rss version="2.0"><channel>{rows}<item><title>Item 4</title><link>https://news.example/4{end}'
    assert [item.url for item in read(cut).items] == ["https://news.example/45", "https://news.example/44"]


def test_a_feed_without_its_last_tags_is_read_as_far_as_it_goes() -> None:
    rows = "".join(f"<item><title>Item {n}</title><link>https://news.example/{n}</link></item>" for n in (45, 44))
    assert len(read(f'<rss version="2.0"><channel>{rows}').items) == 2
