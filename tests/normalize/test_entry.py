"""From what a page prints to an entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.errors import NothingFound
from feedsvc.model import Draft, Entry, Found, FoundMedia, ListingItem, Precision, Provenance, Source, When
from feedsvc.normalize.entry import entry_from_item, normalize
from feedsvc.normalize.urls import canonicalize

NOW = datetime(2023, 6, 1, 8, 0, tzinfo=UTC)
SOURCE = Source(
    key="n",
    urls=("https://n.example/news/",),
    title="N",
    time_zone="Asia/Shanghai",
    publisher="N Bureau",
    language="en",
)
URL = "https://n.example/news/20230517/4711.html"


def said(text: str, where: str = "text") -> Found:
    return Found(text=text, where=where)


DRAFT = Draft(
    url=URL,
    canonical=said("http://n.example/news/20230517/4711.html"),
    title=said(" The fair\n opens ", "h1"),
    published=(said("2023-05-17", "label"),),
    authors=(said("By Zhao Guangmei"), said("zhao guangmei")),
    category_path=(said("News  Center"), said("Specials")),
    tags=(said("Fair"), said("fair"), said("Trade")),
    body=said('<p onclick="x">The fair <a href="/more">opened</a>.</p><script>1</script>', "article"),
    image=FoundMedia(url="https://n.example/i.jpg", where="og"),
    language=said("en_us"),
)


def entry(draft: Draft = DRAFT, item: ListingItem | None = None) -> Entry:
    return normalize(draft, item=item, source=SOURCE, now=NOW)


def test_a_release_becomes_an_entry_whole() -> None:
    made = entry()
    assert (made.link, made.canonical_url, made.aliases) == (URL, URL, ())
    assert made.title == "The fair opens"
    assert made.published == When(at=datetime(2023, 5, 17, 4, 0, tzinfo=UTC), precision=Precision.DAY, day="2023-05-17")
    assert made.authors == ("Zhao Guangmei",)
    assert made.publisher == "N Bureau"
    assert made.category_path == ("News Center", "Specials")
    assert made.tags == ("Fair", "Trade")
    assert made.content == '<p>The fair <a href="https://n.example/more" rel="noopener noreferrer">opened</a>.</p>'
    assert made.raw_content.endswith("<script>1</script>")
    assert made.summary == "The fair opened."
    assert made.image is not None
    assert made.image.url == "https://n.example/i.jpg"
    assert made.language == "en-US"
    assert made.provenance["title"] == Provenance(where="h1", confidence=1.0)
    assert made.flags == ()


def test_the_listing_fills_what_the_page_leaves_open() -> None:
    item = ListingItem(
        url="https://n.example/go?story=4711",
        title=said("Listed title"),
        published=(said("2023-05-16"),),
        summary=said("What the listing says of this story, at some length."),
        image=FoundMedia(url="https://n.example/t.jpg", where="img"),
    )
    made = entry(Draft(url=URL, body=said("<p>Text</p>")), item)
    assert (made.title, made.summary) == ("Listed title", "What the listing says of this story, at some length.")
    assert made.published is not None
    assert made.published.day == "2023-05-16"
    assert made.image is not None
    assert made.aliases == (canonicalize(item.url),)
    assert made.language == "en"


@pytest.mark.parametrize(
    ("where", "printed", "title"),
    [
        ("h1", "AT&amp;T <b>up</b>", "AT&amp;T <b>up</b>"),
        ("jsonld:headline", "AT&amp;T <b>up</b>", "AT&T up"),
        ("feed:title", "Use &lt;b&gt;", "Use <b>"),
    ],
)
def test_entities_are_decoded_exactly_once_whatever_the_voice(where: str, printed: str, title: str) -> None:
    assert entry(replace(DRAFT, title=said(printed, where))).title == title


@pytest.mark.parametrize("printed", ["2031-01-01", "1970-01-01", "soon"])
def test_an_impossible_date_is_unknown_and_flagged(printed: str) -> None:
    made = entry(replace(DRAFT, published=(said(printed),)))
    assert made.published is None
    assert any(flag.startswith("published:") for flag in made.flags)


def test_an_update_before_the_publication_is_none() -> None:
    assert entry(replace(DRAFT, updated=(said("2023-05-01"),))).updated is None
    assert entry(replace(DRAFT, updated=(said("2023-05-20"),))).updated is not None


def test_a_canonical_link_to_the_home_page_is_flagged() -> None:
    made = entry(replace(DRAFT, canonical=said("https://n.example/")))
    assert made.canonical_url == URL
    assert "home page" in made.flags[0]


@pytest.mark.parametrize("target", ["https://n.example/", "http://n.example/news"])
def test_a_release_link_that_ends_at_a_listing_is_no_entry(target: str) -> None:
    with pytest.raises(NothingFound, match="no release"):
        entry(replace(DRAFT, url=target, canonical=None), ListingItem(url=URL, title=said("The fair opens")))


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("404 - Page not found", "<p>The page you requested does not exist.</p>"),
        ("Sign in", "<p>Please log in to continue.</p>"),
        ("Just a moment...", "<p>Checking your browser</p>"),
        ("N", "<p>Service unavailable, try again later.</p>"),
    ],
)
def test_an_error_page_is_no_entry(title: str, body: str) -> None:
    with pytest.raises(NothingFound, match="instead of the release"):
        entry(Draft(url=URL, title=said(title), body=said(body)), ListingItem(url=URL, title=said("The fair opens")))


def test_a_consent_wall_is_no_release_even_under_the_promised_title() -> None:
    item = ListingItem(url=URL, title=said("The fair opens"))
    wall = "<p>We and our partners store information on your device.</p><p>Accept all cookies</p>"
    with pytest.raises(NothingFound, match="consent wall"):
        entry(replace(DRAFT, body=said(wall)), item)
    story = f"<p>{'The fair opened with many guests from all over the world. ' * 30}</p><p>Accept all cookies</p>"
    assert "guests" in entry(replace(DRAFT, body=said(story)), item).content


def test_a_release_about_maintenance_is_an_entry() -> None:
    item = ListingItem(url=URL, title=said("Maintenance of the bridge begins"))
    assert (
        entry(Draft(url=URL, title=item.title, body=said("<p>Soon.</p>")), item).title
        == "Maintenance of the bridge begins"
    )


def test_a_page_without_title_or_text_is_no_entry() -> None:
    assert entry(Draft(url=URL, body=said("<p>Only text.</p>"))).title == "Only text."
    with pytest.raises(NothingFound):
        entry(Draft(url=URL))


def test_a_feeds_item_with_its_text_is_an_entry() -> None:
    item = ListingItem(
        url=URL,
        title=said("Fish &amp; chips", "feed:title"),
        body=said("<p>Text</p>", "feed:content"),
        categories=("Food",),
    )
    made = entry_from_item(item, source=SOURCE, now=NOW)
    assert (made.title, made.content, made.tags, made.canonical_url) == ("Fish & chips", "<p>Text</p>", ("Food",), URL)


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_normalizing_twice_gives_the_same_entry_whatever_the_page_prints(title: str, published: str, body: str) -> None:
    draft = Draft(url=URL, title=said("T" + title), published=(said(published),), body=said(body), summary=said(title))
    assert entry(draft) == entry(draft)


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Scheduled maintenance of the API gateway on Sunday", "i/1"),
        ("Scheduled maintenance", "scheduled-maintenance"),
        ("Version 5.2 released", "i/4"),
        ("Coming soon: dark mode", "i/7"),
    ],
)
def test_a_release_about_logins_and_maintenance_is_one_where_its_list_has_no_titles(title: str, path: str) -> None:
    body = "<p>Adds single sign-on, fixes an exception in the parser, and ends the maintenance mode of the service.</p>"
    url = f"https://press.example/{path}"
    draft = Draft(url=url, title=Found(text=title, where="h1"), body=Found(text=body, where="main"))
    entry = normalize(draft, item=ListingItem(url=url), source=SOURCE, now=NOW)
    assert entry.title == title


def test_a_wall_is_none_where_its_list_has_no_titles() -> None:
    url = "https://press.example/new-harbour"
    body = Found(text="<p>We are down for scheduled maintenance.</p>", where="main")
    draft = Draft(url=url, title=Found(text="Maintenance", where="h1"), body=body)
    with pytest.raises(NothingFound, match="maintenance"):
        normalize(draft, item=ListingItem(url=url), source=SOURCE, now=NOW)
