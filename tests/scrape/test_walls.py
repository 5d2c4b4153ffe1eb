"""Pages that answer for releases, told from releases under headlines of their own."""

from __future__ import annotations

from datetime import timedelta

from feedsvc.model import FeedRef
from feedsvc.scrape import Result
from feedsvc.store import Store
from tests.support.centre import NOON, SiteInMemory, scrape

ALL = FeedRef(kind="all")
TEXT = "<p>Our gateway has turned your request away, for reasons that it keeps to itself. Please come back later.</p>"


def site_of(first: int, last: int) -> SiteInMemory:
    site = SiteInMemory()
    site.publish(*range(first, last))
    return site


def wall(title: str, text: str = TEXT) -> str:
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}</main></body></html>"


def titles(store: Store) -> set[str]:
    return {one.entry.title for one in store.entries.newest(ALL, limit=500)}


def test_the_number_of_an_incident_makes_no_page_a_release(store: Store) -> None:
    site = site_of(20, 28)
    for number in range(20, 28):
        site.pages[f"/releases/{number}.html"] = wall(f"Incident {number * 7919}")
    assert scrape(store, site).result is Result.FAILED
    assert titles(store) == set()


def test_a_home_page_in_place_of_one_release_is_none_however_much_it_says(store: Store) -> None:
    site = site_of(20, 28)
    welcome = "".join(f"<p>Welcome to the town, where people do {what} all day long.</p>" for what in "abcdefghijklmn")
    box = "".join(f"<li>{title}</li>" for title in list(site.releases.values())[:5])
    site.pages["/releases/27.html"] = wall("The town", f"{welcome}</main><aside><ul>{box}</ul>")
    outcome = scrape(store, site)
    assert len(outcome.new) == 7
    assert outcome.waiting == 1
    assert "The town" not in titles(store)


def test_a_release_that_was_taken_down_is_not_asked_for_for_ever(store: Store) -> None:
    site = site_of(20, 22)
    scrape(store, site)
    site.broken["/releases/20.html"] = 404
    asked = []
    for day in range(1, 20):
        site.asked.clear()
        scrape(store, site, now=NOON + timedelta(days=day))
        asked.append(sum(url.endswith("/20.html") for url in site.asked))
    assert sum(asked) <= 3


def test_a_topic_page_that_stands_for_a_release_before_its_page_comes_is_none(store: Store) -> None:
    site = site_of(10, 20)
    scrape(store, site)
    site.publish(20, 21)
    for number, topic in ((20, "Money and budgets"), (21, "Schools and gardens")):
        text = "".join(
            f"<p>{topic}: what else is to be said of it, in part {part} of the page.</p>" for part in "abcdef"
        )
        day = (NOON - timedelta(days=40 - number)).date()
        site.pages[f"/releases/{number}.html"] = wall(topic, f"<p>Updated {day}</p>{text}")
    assert scrape(store, site, now=NOON + timedelta(hours=1)).waiting == 2, "pages may come after their list"
    scrape(store, site, now=NOON + timedelta(hours=2))
    site.pages.clear()
    for hours in (3, 4, 10, 34):
        scrape(store, site, now=NOON + timedelta(hours=hours))
    assert titles(store) == set(site.releases.values())
