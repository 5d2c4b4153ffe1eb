"""A page that stands in for a release is never taken for it: its title or text would be wrong in the feed for good."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.model import FeedRef, ReleaseRules, Rules
from feedsvc.store import Store
from tests.support.centre import NOON, SOURCE, SiteInMemory, scrape

ALL = FeedRef(kind="all")
RULED = replace(
    SOURCE,
    kind="html",
    rules=Rules(
        item="li.release", link="a", published=".date", release=ReleaseRules(title="h1", body="article, ul, main, body")
    ),
)
SOURCES = {"found automatically": SOURCE, "by rules": RULED}


def page(title: str, body: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{body}</body></html>"


def menu(site: SiteInMemory) -> str:
    return "".join(f"<li><a href='/releases/{number}.html'>{title}</a></li>" for number, title in site.releases.items())


def front_page(site: SiteInMemory) -> str:
    sections = "".join(
        f"<section><h2>{name}</h2><p>Read what our {name} do every day for the harbour and its people.</p></section>"
        for name in ("engines", "people", "plans", "numbers")
    )
    return page("Acme", f"<h1>Welcome to Acme</h1>{sections}<h2>Latest</h2><ul>{menu(site)}</ul>")


def another_listing(site: SiteInMemory) -> str:
    teasers = "".join(
        f"<article><h2><a href='/events/{n}.html'>Event {n} of this spring</a></h2>"
        f"<p>What happens at event {n}, who speaks there, and how to come to it by tram.</p></article>"
        for n in range(12)
    )
    return page("Events", f"<main><h1>Events</h1>{teasers}</main>")


def odd_error(site: SiteInMemory) -> str:
    lines = "".join(f"<p>Our team of {n} people looks into it, and thanks you for your patience.</p>" for n in range(9))
    return page("Oh no!", f"<h1>Oh no, a hamster bit through the cable</h1>{lines}")


STAND_INS: dict[str, Callable[[SiteInMemory], str]] = {
    "its own listing": SiteInMemory.listing,
    "the home page": front_page,
    "another listing": another_listing,
    "another release": lambda site: site.release_page("/releases/7.html"),
    "another release, with related ones below": lambda site: site.release_page("/releases/7.html").replace(
        "</article>", f"</article><h2>Related</h2><ul>{menu(site)}</ul>"
    ),
    "an error in words of its own": odd_error,
    "a login wall": lambda _: page("Log in", "<h1>Log in</h1><p>Please log in to continue.</p><input type=password>"),
    "an error with status 200": lambda _: page("Error", "<h1>Error</h1><p>An unexpected error occurred.</p>"),
    "a consent wall": lambda _: page("Acme", "<h1>We value your privacy</h1><p>Accept all cookies?</p>"),
    "an empty shell": lambda _: page("Acme", "<div id=app></div><script src=/app.js></script>"),
    "a shell with a menu": lambda site: page("Acme", f"<div id=app></div><ul>{menu(site)}</ul>"),
    "a page not found, with popular ones": lambda site: page(
        "Page not found", f"<h1>Page not found</h1><p>The page does not exist. Popular pages:</p><ul>{menu(site)}</ul>"
    ),
}


def told(store: Store) -> dict[str, str]:
    """The text of every entry by its title."""
    return {one.entry.title: one.entry.content for one in store.entries.newest(ALL, limit=500)}


def is_right(site: SiteInMemory, entries: dict[str, str]) -> bool:
    """Whether every entry is a release under its own title with its own text, or with none."""
    return all(
        title in site.releases.values() and (not text or (f"{title}: paragraph 3" in text and text.count("<a ") == 0))
        for title, text in entries.items()
    )


@pytest.mark.parametrize("way", SOURCES)
@pytest.mark.parametrize("name", STAND_INS)
def test_what_stands_in_for_a_new_release_is_no_entry_and_the_release_comes_later(
    store: Store, name: str, way: str
) -> None:
    site, source = SiteInMemory(), SOURCES[way]
    site.publish(*range(1, 13))
    assert len(scrape(store, site, source=source).new) == 12
    site.publish(13)
    site.pages["/releases/13.html"] = STAND_INS[name](site)
    outcome = scrape(store, site, source=source, now=NOON + timedelta(hours=1))
    assert is_right(site, told(store))
    assert all(failure.reason for failure in outcome.failures)
    assert len(told(store)) == 13 or outcome.failures
    del site.pages["/releases/13.html"]
    for hours in (3, 8, 30, 60, 120, 200):
        scrape(store, site, source=source, now=NOON + timedelta(hours=hours), recheck=hours == 200)
    assert sorted(told(store)) == sorted(site.releases.values())
    assert all(told(store).values())
    assert is_right(site, told(store))


@pytest.mark.parametrize("way", SOURCES)
def test_a_release_beside_links_to_all_others_is_one_whatever_heading_it_bears(store: Store, way: str) -> None:
    site = SiteInMemory()
    site.publish(*range(1, 13))
    for number, title in site.releases.items():
        story = f"<p>{title}, says the town, and says so at length, as it does with each of its releases.</p>" * 4
        site.pages[f"/releases/{number}.html"] = (
            f"<html><head><title>{title} - Town</title></head><body><h1>Gazette since 1901</h1>"
            f"<article>{story}</article><aside><ul>{menu(site)}</ul></aside></body></html>"
        )
    assert len(scrape(store, site, source=SOURCES[way]).new) == 12


@pytest.mark.slow
@pytest.mark.parametrize("way", SOURCES)
@pytest.mark.parametrize("name", STAND_INS)
def test_what_stands_in_for_releases_at_the_first_scrape_is_no_entry(store: Store, name: str, way: str) -> None:
    site, source = SiteInMemory(), SOURCES[way]
    site.publish(*range(1, 13))
    for number in (3, 9):
        site.pages[f"/releases/{number}.html"] = STAND_INS[name](site)
    scrape(store, site, source=source)
    assert len(told(store)) >= 10
    assert is_right(site, told(store))


@pytest.mark.slow
@pytest.mark.parametrize("way", SOURCES)
@pytest.mark.parametrize("name", STAND_INS)
def test_what_stands_in_for_a_known_release_changes_nothing(store: Store, name: str, way: str) -> None:
    site, source = SiteInMemory(), SOURCES[way]
    site.publish(*range(1, 13))
    scrape(store, site, source=source)
    before = told(store)
    site.pages["/releases/5.html"] = STAND_INS[name](site)
    scrape(store, site, source=source, now=NOON + timedelta(hours=2), recheck=True)
    assert told(store) == before
