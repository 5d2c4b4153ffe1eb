"""feedgen's faults, each with the repair that readers need (specs/feeds.md 3, 4, 6)."""

from __future__ import annotations

import locale
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import feedgen.feed  # before feedgen.util, which needs lxml.etree loaded by somebody else
import feedgen.util
import feedparser
import pytest
from feedgen.feed import FeedGenerator
from lxml import etree

from feedsvc.model import Media
from feedsvc.publish.xml import write_atom, write_rss
from tests.support.entries import NOON, feed, rich_entry, stored

SPACES = {
    "a": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
HUB = "https://feeds.example/hub"


def find(document: bytes, path: str) -> Any:
    """What an XPath gives: a list of nodes, a text, a number."""
    return etree.fromstring(document).xpath(path, namespaces=SPACES)


def raw_feedgen(**entry_links: str) -> FeedGenerator:
    generator = FeedGenerator()
    generator.id("urn:x")
    generator.title("T")
    generator.description("D")
    generator.link(href="https://x.example/")
    item = generator.add_entry()
    item.id("urn:y")
    item.title("E")
    item.link(href="https://x.example/1")
    if entry_links:
        item.link(**entry_links)
    return generator


def test_the_channel_link_is_the_page_and_every_machine_link_is_written() -> None:
    document = write_rss(feed(archives=2, fact_changes={"hubs": (HUB,)}))
    assert find(document, "string(channel/link)") == "https://feeds.example/feeds/company/releases"
    links = {link.get("rel"): link.get("href") for link in find(document, "channel/a:link")}
    assert links == {
        "self": "https://feeds.example/feeds/company/releases.rss",
        "hub": HUB,
        "prev-archive": "https://feeds.example/feeds/company/releases/_archive/2.rss",
    }


def test_feedgen_alone_loses_the_hub_in_rss() -> None:
    generator = raw_feedgen()
    generator.link(href=HUB, rel="hub")
    assert find(generator.rss_str(), "channel/a:link") == []


def test_an_atom_enclosure_keeps_rel_type_and_length() -> None:
    document = write_atom(feed([rich_entry()]))
    assert find(document, "count(a:entry/a:link[@rel='alternate'])") == 1
    enclosures = [dict(link.attrib) for link in find(document, "a:entry/a:link[@rel='enclosure']")]
    assert enclosures == [
        {
            "rel": "enclosure",
            "href": "https://news.example/report.pdf",
            "type": "application/pdf",
            "length": "2048",
        },
        {"rel": "enclosure", "href": "https://news.example/talk.mp3", "type": "audio/mpeg"},
    ]


def test_every_author_is_named_though_none_has_an_address() -> None:
    document = write_rss(feed([rich_entry()]))
    assert find(document, "channel/item/dc:creator/text()") == ["Ada Writer", "Bo Editor"]
    assert find(document, "channel/item/author") == []


def test_the_credited_organisation_stands_in_for_a_missing_byline() -> None:
    document = write_rss(feed([stored(entry_changes={"authors": ()})]))
    assert find(document, "channel/item/dc:creator/text()") == ["Example Bureau"]


def test_an_atom_source_has_id_title_and_updated() -> None:
    source = find(write_atom(feed([stored()])), "a:entry/a:source")
    assert [child.tag.rpartition("}")[2] for child in source[0]] == ["id", "title", "updated", "link"]


def test_an_rss_item_names_its_source_and_links_the_page() -> None:
    (source,) = find(write_rss(feed([stored()])), "channel/item/source")
    assert (source.get("url"), source.text) == ("https://news.example/releases/", "Acme newsroom")


def test_an_unknown_length_is_zero_and_never_the_word_none() -> None:
    media = Media(url="https://news.example/a.mp3")
    (enclosure,) = find(write_rss(feed([stored(entry_changes={"enclosures": (media,)})])), "channel/item/enclosure")
    assert dict(enclosure.attrib) == {"url": media.url, "length": "0", "type": "audio/mpeg"}


def test_rss_has_one_enclosure_and_the_rest_as_media() -> None:
    document = write_rss(feed([rich_entry()]))
    assert find(document, "count(channel/item/enclosure)") == 1
    assert find(document, "channel/item/media:content/@url") == [
        "https://news.example/lead.jpg",
        "https://news.example/talk.mp3",
    ]
    assert find(document, "channel/item/media:thumbnail/@url") == ["https://news.example/lead.jpg"]


def test_content_is_escaped_html_of_type_html() -> None:
    (content,) = find(write_atom(feed([stored()])), "a:entry/a:content")
    assert content.get("type") == "html"
    assert content.text == "<p>The text of release 1.</p>"
    assert b"CDATA" not in write_atom(feed([stored()])) + write_rss(feed([stored()]))


def test_dates_are_utc_whatever_zone_they_come_in() -> None:
    shanghai = NOON.astimezone(timezone(timedelta(hours=8)))
    one = stored(at=shanghai)
    assert find(write_rss(feed([one])), "string(channel/item/pubDate)") == "Wed, 04 Mar 2026 12:00:00 GMT"
    assert find(write_atom(feed([one])), "string(a:entry/a:published)") == "2026-03-04T12:00:00Z"
    assert find(write_atom(feed([one])), "string(a:updated)") == "2026-03-04T12:00:00Z"


def test_no_date_of_a_feed_is_the_moment_of_rendering() -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H")
    for document in (write_rss(feed()), write_atom(feed()), write_rss(feed([])), write_atom(feed([]))):
        assert now.encode() not in document
        assert find(document, "//lastBuildDate | //a:updated")


def test_feedgen_alone_stamps_now() -> None:
    assert str(datetime.now(UTC).year).encode() in raw_feedgen().atom_str()


@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x0c", "\x1f", "\ufffe", "\uffff", "\ud800"])
@pytest.mark.parametrize("field", ["title", "summary", "content", "publisher"])
def test_a_forbidden_character_is_dropped_and_breaks_nothing(bad: str, field: str) -> None:
    one = stored(entry_changes={field: f"be{bad}fore", "authors": (f"na{bad}me",), "tags": (f"ta{bad}g",)})
    for document in (write_rss(feed([one, stored(2)])), write_atom(feed([one, stored(2)]))):
        assert len(feedparser.parse(document).entries) == 2
        assert bad.encode("utf-8", "surrogatepass") not in document


def test_feedgen_alone_raises_for_a_forbidden_character() -> None:
    generator = raw_feedgen()
    generator.title("a\x0bb")
    with pytest.raises(ValueError, match="XML compatible"):
        generator.rss_str()


def test_entries_stand_newest_first() -> None:
    for document in (write_rss(feed()), write_atom(feed())):
        assert [one.title for one in feedparser.parse(document).entries] == [f"Release number {n}" for n in (3, 2, 1)]


def test_rendering_in_many_threads_leaves_the_locale_alone() -> None:
    before = locale.setlocale(locale.LC_ALL)
    threads = [threading.Thread(target=lambda: [write_rss(feed()) for _ in range(5)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert locale.setlocale(locale.LC_ALL) == before
    assert feedgen.feed.formatRFC2822 is not feedgen.util.formatRFC2822


def test_the_channel_names_its_software_manual_and_pace() -> None:
    (channel,) = find(write_rss(feed(fact_changes={"ttl_minutes": 30})), "channel")
    assert [channel.findtext(name) for name in ("generator", "docs", "ttl", "language")] == [
        "feedsvc",
        "https://www.rssboard.org/rss-specification",
        "30",
        "en",
    ]


def test_the_image_says_the_same_as_the_channel() -> None:
    (channel,) = find(write_rss(feed(fact_changes={"image": "https://news.example/logo.png"})), "channel")
    assert channel.findtext("image/title") == channel.findtext("title")
    assert channel.findtext("image/link") == channel.findtext("link")


def test_an_archive_says_that_it_is_one_and_where_the_present_is() -> None:
    for document in (write_rss(feed(archive=2, archives=3)), write_atom(feed(archive=2, archives=3))):
        assert find(document, "count(//fh:archive)") == 1
        assert find(document, "count(//fh:complete)") == 0
        links = {
            link.get("rel"): link.get("href") for link in find(document, "//a:link[@type][not(ancestor::a:entry)]")
        }
        assert links["self"].startswith("https://feeds.example/feeds/company/releases/_archive/2.")
        assert links["prev-archive"].startswith("https://feeds.example/feeds/company/releases/_archive/1.")
        assert links["current"].startswith("https://feeds.example/feeds/company/releases.")
        assert "next-archive" not in links


def test_the_oldest_archive_names_the_one_after_it_and_no_archive_stands_alone() -> None:
    for document in (write_rss(feed(archive=1, archives=3)), write_atom(feed(archive=1, archives=3))):
        links = {link.get("rel"): link.get("href") for link in find(document, "//a:link[not(ancestor::a:entry)]")}
        assert links["next-archive"].startswith("https://feeds.example/feeds/company/releases/_archive/2.")
        assert "prev-archive" not in links


def test_a_feed_that_shows_all_says_so() -> None:
    assert find(write_atom(feed()), "count(/a:feed/fh:complete)") == 1
    assert find(write_atom(feed(archives=1)), "count(/a:feed/fh:complete)") == 0


def test_a_withdrawn_entry_leaves_a_tombstone_in_atom_alone() -> None:
    gone = (stored(1).uuid, NOON + timedelta(days=2))
    (tombstone,) = find(write_atom(feed([stored(2)], tombstones=[gone])), "at:deleted-entry")
    assert dict(tombstone.attrib) == {"ref": f"urn:uuid:{gone[0]}", "when": "2026-03-06T12:00:00Z"}
    assert gone[0].encode() not in write_rss(feed([stored(2)], tombstones=[gone]))


def test_a_changed_item_says_when_in_rss() -> None:
    changed = stored(1, updated=NOON + timedelta(days=1))
    assert find(write_rss(feed([changed, stored(2)])), "//item/a:updated/text()") == ["2026-03-05T12:00:00Z"]


def test_an_entry_that_cannot_be_written_costs_itself_alone() -> None:
    broken = stored(2, published=None)
    whole = feed()
    document = write_rss(replace(whole, entries=(whole.entries[0], broken, whole.entries[2])))
    assert [one.title for one in feedparser.parse(document).entries] == ["Release number 3", "Release number 1"]


def test_no_syndication_extension_is_used() -> None:
    assert b'syndication/"' not in write_rss(feed())
    assert b"updatePeriod" not in write_rss(feed())


def test_an_entry_in_another_language_says_so() -> None:
    one = stored(entry_changes={"language": "zh-CN"})
    assert find(write_atom(feed([one])), "a:entry/@xml:lang") == ["zh-CN"]


def test_an_entry_without_text_says_its_headline() -> None:
    link_only = stored(1, entry_changes={"content": "", "summary": ""})
    assert find(write_atom(feed([link_only])), "string(a:entry/a:summary)") == "Release number 1"
    assert find(write_rss(feed([link_only])), "string(channel/item/description)") == "Release number 1"


@pytest.mark.parametrize(
    ("found", "printed"),
    [("cmn-Hans", "zh-Hans"), ("yue", "zh-yue"), ("fil", "fil"), ("qqx", ""), ("iw", "he"), ("xy", "")],
)
def test_a_language_is_printed_as_readers_and_checkers_know_it(found: str, printed: str) -> None:
    document = write_atom(feed([stored(entry_changes={"language": found})]))
    assert find(document, "string(a:entry/a:link[@rel='alternate']/@hreflang)") == printed
    assert find(document, "string(a:entry/@xml:lang)") == printed
    assert find(write_rss(feed(fact_changes={"language": found})), "string(channel/language)") == printed


def test_the_title_of_a_picture_is_no_markup_either() -> None:
    media = Media(url="https://news.example/a.jpg", title="a <b> &amp; c")
    for write in (write_rss, write_atom):
        document = write(feed([stored(entry_changes={"image": media})]))
        assert find(document, "string(//media:content/media:title)") == "a <\u200bb> &\u200bamp; c"


def test_moments_of_one_second_stay_apart_in_every_format() -> None:
    noon = stored(1, at=NOON)
    after = stored(2, at=NOON, updated=NOON + timedelta(milliseconds=1))
    both = feed([noon, after])
    moments = ["2026-03-04T12:00:00Z", "2026-03-04T12:00:00.001Z"]
    assert sorted(find(write_atom(both), "a:entry/a:updated/text()"), key=len) == moments
    assert find(write_atom(both), "a:updated/text()") == moments[1:]
    assert find(write_atom(both), "a:entry/a:published/text()") == [moments[0]] * 2
    assert find(write_rss(both), "channel/item/a:updated") == []
