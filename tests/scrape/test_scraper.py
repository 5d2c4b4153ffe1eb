"""The walk: an unchanged site costs one request, a bad page one entry, a bad day nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NoReturn

import pytest

from feedsvc.errors import BadStatus, NothingFound
from feedsvc.model import FeedRef
from feedsvc.schedule import Planner
from feedsvc.scrape import Progress, Result, Scraper
from feedsvc.scrape.listings import Visitor
from feedsvc.scrape.releases import RETRIES
from feedsvc.scrape.standing import errors_in_a_row
from feedsvc.service.reading import PageReader
from feedsvc.store import ADMITS, DISMISSED, SourceState, Store
from tests.support.centre import NOON, SOURCE, SiteInMemory, scrape

ALL = FeedRef(kind="all")
SECOND = "https://news.example/releases/2.html"


def titles(store: Store) -> set[str]:
    return {stored.entry.title for stored in store.entries.newest(ALL, limit=500)}


def site_of(count: int) -> SiteInMemory:
    site = SiteInMemory()
    site.publish(*range(1, count + 1))
    return site


def test_a_first_scrape_records_every_release(store: Store) -> None:
    site = site_of(12)
    outcome = scrape(store, site)
    assert (outcome.result, len(outcome.new), outcome.failures) == (Result.WELL, 12, ())
    assert titles(store) == set(site.releases.values())


def test_releases_without_dates_stand_as_their_listing_orders_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SiteInMemory, "_day", lambda *_: "")
    site, ticks = site_of(12), itertools.count()
    store.sources.sync([SOURCE], now=NOON)
    scraper = Scraper(store, site, PageReader(), clock=lambda: NOON + timedelta(seconds=next(ticks)))
    scraper.scrape("acme", owner="test:1:a", progress=Progress(cut_after=None))
    shown = [stored.entry.title for stored in store.entries.newest(ALL, limit=500)]
    assert shown == [site.releases[number] for number in range(12, 0, -1)]


def test_an_unchanged_site_costs_one_request(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.asked.clear()
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert (outcome.result, site.asked) == (Result.UNCHANGED, list(SOURCE.urls))


def test_one_new_release_is_one_new_entry(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.publish(13)
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert (len(outcome.new), outcome.requests) == (1, 2)


def test_a_broken_release_page_costs_one_entry_and_is_tried_again(store: Store) -> None:
    site = site_of(12)
    site.broken["/releases/5.html"] = 500
    outcome = scrape(store, site)
    assert (outcome.result, len(outcome.new), len(outcome.failures)) == (Result.WELL, 11, 1)
    site.broken.clear()
    later = scrape(store, site, now=NOON + timedelta(hours=1, minutes=-1))
    assert len(later.new) == 1
    assert titles(store) == set(site.releases.values())


def test_a_listing_whose_pages_all_fail_is_no_good_scrape_until_one_comes(store: Store) -> None:
    site = site_of(4)
    site.broken = {f"/releases/{number}.html": 500 for number in range(1, 5)}
    outcome = scrape(store, site)
    reason = "none of the release pages could be read (4): https://news.example/releases/4.html: answered 500"
    assert (outcome.result, outcome.reason) == (Result.FAILED, reason)
    unchanged = scrape(store, site, now=NOON + timedelta(minutes=5))
    assert (unchanged.result, unchanged.reason) == (Result.FAILED, reason)
    site.broken.clear()
    assert scrape(store, site, now=NOON + timedelta(hours=1)).result is not Result.FAILED
    assert titles(store) == set(site.releases.values())


def test_one_dead_link_is_no_trouble_of_the_source(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.publish(13)
    site.broken["/releases/13.html"] = 404
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert (outcome.result, len(outcome.failures)) == (Result.WELL, 1)


def test_an_unreachable_site_changes_nothing_and_says_why(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.broken["/releases/"] = 503
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert (outcome.result, outcome.reason) == (Result.FAILED, "https://news.example/releases/: answered 503")
    assert len(titles(store)) == 12


def test_an_empty_listing_is_quarantined_and_heals(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.pages["/releases/"] = "<html><body><p>Nothing here.</p></body></html>"
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert outcome.result is Result.QUARANTINED
    assert store.scrapes.open_quarantine("acme") is not None
    site.pages.clear()
    site.publish(13)
    assert len(scrape(store, site, now=NOON + timedelta(hours=1)).new) == 1
    assert store.scrapes.open_quarantine("acme") is None


def test_release_pages_are_looked_at_again_after_an_hour_conditionally(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    site.asked.clear()
    outcome = scrape(store, site, now=NOON + timedelta(hours=1, minutes=1))
    assert (len(site.asked), outcome.changed, outcome.unchanged) == (13, (), 12)
    site.asked.clear()
    scrape(store, site, now=NOON + timedelta(hours=1, minutes=2))
    assert len(site.asked) == 1


def test_an_edited_release_page_is_one_changed_entry(store: Store) -> None:
    site = site_of(12)
    scrape(store, site)
    page = site.release_page("/releases/5.html")
    site.pages["/releases/5.html"] = page.replace("Release 5 on the", "Correction to release 5 about the")
    assert len(scrape(store, site, now=NOON + timedelta(hours=1, minutes=1)).changed) == 1


def test_a_cut_scrape_is_taken_up_where_it_ended(store: Store) -> None:
    site = site_of(12)
    store.sources.sync([SOURCE], now=NOON)
    ticks = iter(range(1000))
    scraper = Scraper(store, site, PageReader(), clock=lambda: NOON)
    progress = Progress(cut_after=6, monotonic=lambda: float(next(ticks)))
    cut = scraper.scrape("acme", owner="test:1:a", progress=progress)
    assert cut.result is Result.CUT
    assert 0 < len(cut.new) < 12
    rest = scrape(store, site, now=NOON + timedelta(seconds=30))
    assert rest.result is Result.UNCHANGED, "the listing has not changed: what was left is in the store"
    assert len(rest.new) + len(cut.new) == 12
    assert len(site.asked) == len(set(site.asked)) + 1, "only the listing was asked for twice"


def test_a_claimed_source_is_not_scraped_and_says_by_whom(store: Store) -> None:
    site = site_of(3)
    store.sources.sync([SOURCE], now=NOON)
    store.sources.claim("acme", "elsewhere:77:b")
    outcome = scrape(store, site)
    assert (outcome.result, outcome.reason, site.asked) == (
        Result.BUSY,
        "another process scrapes it now: elsewhere:77:b",
        [],
    )


def declare_feed(site: SiteInMemory, *numbers: int) -> None:
    """The listing declares a feed that shows these releases."""
    items = "".join(
        f"<item><title>{site.releases[number]}</title><link>https://news.example/releases/{number}.html</link></item>"
        for number in sorted(numbers, reverse=True)
    )
    site.pages["/feed.xml"] = f'<rss version="2.0"><channel><title>Releases</title>{items}</channel></rss>'
    site.pages["/releases/"] = site.listing().replace(
        "<head>", '<head><link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    )


def test_a_sites_own_feed_that_shows_as_much_as_its_list_is_followed_from_then_on(store: Store) -> None:
    site = site_of(12)
    declare_feed(site, *range(1, 13))
    assert len(scrape(store, site).new) == 12
    site.asked.clear()
    outcome = scrape(store, site, now=NOON + timedelta(minutes=30))
    assert (outcome.result, site.asked) == (Result.UNCHANGED, ["https://news.example/feed.xml"])


def test_a_feed_that_leaves_items_out_is_not_preferred_to_the_list(store: Store) -> None:
    site = site_of(12)
    declare_feed(site, 11, 12)
    assert len(scrape(store, site).new) == 12
    site.asked.clear()
    scrape(store, site, now=NOON + timedelta(minutes=30))
    assert site.asked == ["https://news.example/releases/"]


def test_where_the_feed_goes_away_the_list_is_read_again(store: Store) -> None:
    site = site_of(12)
    declare_feed(site, *range(1, 13))
    scrape(store, site)
    site.broken["/feed.xml"] = 404
    scrape(store, site, now=NOON + timedelta(minutes=30))
    site.pages.clear()
    site.publish(13)
    assert len(scrape(store, site, now=NOON + timedelta(hours=1)).new) == 1


def second_page(site: SiteInMemory) -> None:
    """Release 2 goes on at a second page."""
    first = site.release_page("/releases/2.html")
    site.pages["/releases/2.html"] = first.replace("</body>", '<p><a href="/releases/2_2.html">2</a></p></body>')
    site.pages["/releases/2_2.html"] = first.replace("paragraph", "second page")


def test_an_article_on_several_pages_is_one_entry(store: Store) -> None:
    site = site_of(3)
    first = site.release_page("/releases/2.html")
    site.pages["/releases/2.html"] = first.replace("</body>", '<p><a href="/releases/2_2.html">2</a></p></body>')
    further = "The second page goes on with a sentence that stands nowhere else in this story of ours. " * 8
    site.pages["/releases/2_2.html"] = first.replace("<p>", f"<p>{further}</p><p>", 1)
    scrape(store, site)
    stored = next(one for one in store.entries.newest(ALL, limit=9) if one.entry.title == site.releases[2])
    assert "stands nowhere else" in stored.entry.content


def test_an_article_whose_second_page_never_comes_is_told_as_far_as_it_goes_in_the_end(store: Store) -> None:
    site = site_of(3)
    first = site.release_page("/releases/2.html")
    site.pages["/releases/2.html"] = first.replace("</body>", '<p><a href="/releases/2_2.html">2</a></p></body>')
    site.broken["/releases/2_2.html"] = 500
    found = [len(scrape(store, site, now=NOON + timedelta(days=day)).new) for day in range(9)]
    assert (found[0], sum(found)) == (2, 3), "it is waited for, but not for ever"
    assert titles(store) == set(site.releases.values())


@pytest.mark.parametrize("status", [404, 403, 500])
def test_an_article_does_not_become_shorter_because_its_second_page_does_not_come_again(
    store: Store, status: int
) -> None:
    site = site_of(3)
    second_page(site)
    scrape(store, site)
    before = {one.uuid: one.entry.content for one in store.entries.newest(ALL, limit=9)}
    site.broken["/releases/2_2.html"] = status
    site.pages["/releases/2.html"] = site.pages["/releases/2.html"].replace("</body>", "<p>7 seen</p></body>")
    assert scrape(store, site, now=NOON + timedelta(days=1)).changed == ()
    assert {one.uuid: one.entry.content for one in store.entries.newest(ALL, limit=9)} == before


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_to_be_left_alone_at_the_last_attempt_costs_no_half_of_an_article(
    store: Store, status: int
) -> None:
    site = site_of(3)
    second_page(site)
    site.broken["/releases/2.html"] = 500
    now = NOON
    while store.visits.pending("acme", now=now, limit=9) == () or site.asked.count(SECOND) < len(RETRIES):
        scrape(store, site, now=now)
        now += timedelta(days=3)
    site.broken = {"/releases/2_2.html": status}
    assert scrape(store, site, now=now).result is Result.CUT
    site.broken.clear()
    assert len(scrape(store, site, now=now + timedelta(hours=1)).new) == 1
    assert any("second page" in one.entry.content for one in store.entries.newest(ALL, limit=9))


class GivesUp(PageReader):
    """A reader for which a listing, or the ways into a website, take too long."""

    def __init__(self, part: str) -> None:
        super().__init__()
        setattr(self, part, self._give_up)

    def _give_up(self, *_: object, **__: object) -> NoReturn:
        raise NothingFound("the page took too long to read", subject=SOURCE.urls[0])


@pytest.mark.parametrize("part", ["listing", "plans"])
def test_a_listing_that_takes_too_long_fails_the_scrape_with_its_reason(store: Store, part: str) -> None:
    site = site_of(12)
    store.sources.sync([SOURCE], now=NOON)
    scraper = Scraper(store, site, GivesUp(part), clock=lambda: NOON)
    outcome = scraper.scrape("acme", owner="test:1:a", progress=Progress(cut_after=None))
    assert outcome.result is Result.FAILED
    assert "took too long" in outcome.reason
    assert "fault of feedsvc" not in outcome.reason
    assert len(scrape(store, site, now=NOON + timedelta(hours=2)).new) == 12


def test_the_error_of_a_page_does_not_keep_the_page_in_memory() -> None:
    site = site_of(1)
    site.broken["/releases/"] = 500
    answer = Visitor(site, Progress(cut_after=None)).visit(SOURCE.urls[0])
    assert isinstance(answer, BadStatus)
    assert answer.__traceback__ is None, "its frames hold what was fetched"


def sitemap(*urls: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>"


def index(**parts: str) -> str:
    inner = "".join(
        f"<sitemap><loc>https://news.example/{name}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in parts.items()
    )
    return f"<sitemapindex>{inner}</sitemapindex>"


def test_an_index_of_sitemaps_leads_to_the_one_that_names_releases(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")
    releases = [f"https://news.example/releases/{number}.html" for number in (1, 2, 3, 4)]
    site.pages["/sitemap.xml"] = index(pages="2026-03-04", posts1="2026-01-01", posts2="2026-03-01")
    site.pages["/posts2.xml"] = sitemap(*releases[:3])
    site.pages["/posts1.xml"] = sitemap()
    outcome = scrape(store, site, source=source)
    assert (outcome.result, len(outcome.new)) == (Result.WELL, 3)
    assert site.asked[:2] == ["https://news.example/sitemap.xml", "https://news.example/posts2.xml"]
    # the index stays as it is while one of its parts changes
    site.publish(4)
    site.pages["/posts2.xml"] = sitemap(*releases)
    assert len(scrape(store, site, source=source, now=NOON + timedelta(minutes=30)).new) == 1


def test_an_unchanged_index_costs_two_questions_that_are_answered_in_a_word(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")
    releases = [f"https://news.example/releases/{number}.html" for number in (1, 2, 3, 4)]
    site.pages["/sitemap.xml"] = index(posts1="2026-03-01")
    site.pages["/posts1.xml"] = sitemap(*releases[:3])
    assert len(scrape(store, site, source=source).new) == 3
    site.asked.clear()
    outcome = scrape(store, site, source=source, now=NOON + timedelta(minutes=10))
    assert outcome.result is Result.UNCHANGED
    assert site.asked == ["https://news.example/sitemap.xml", "https://news.example/posts1.xml"]
    # the part changes, and the index does not
    site.publish(4)
    site.pages["/posts1.xml"] = sitemap(*releases)
    assert len(scrape(store, site, source=source, now=NOON + timedelta(minutes=20)).new) == 1
    assert scrape(store, site, source=source, now=NOON + timedelta(minutes=30)).result is Result.UNCHANGED


def test_an_unchanged_index_whose_part_is_gone_is_asked_for_whole(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")
    releases = [f"https://news.example/releases/{number}.html" for number in (1, 2, 3, 4)]
    site.pages["/sitemap.xml"] = index(posts1="2026-03-02", posts2="2026-03-01")
    site.pages["/posts1.xml"], site.pages["/posts2.xml"] = sitemap(*releases[:3]), sitemap()
    assert len(scrape(store, site, source=source).new) == 3
    site.publish(4)
    site.pages["/posts2.xml"] = sitemap(*releases)
    site.broken["/posts1.xml"] = 404
    assert len(scrape(store, site, source=source, now=NOON + timedelta(minutes=30)).new) == 1


def test_an_index_that_becomes_a_sitemap_is_read_as_one(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")
    releases = [f"https://news.example/releases/{number}.html" for number in (1, 2, 3, 4, 5)]
    site.pages["/sitemap.xml"] = index(posts1="2026-03-02")
    site.pages["/posts1.xml"] = sitemap(*releases[:3])
    assert len(scrape(store, site, source=source).new) == 3
    site.publish(4)
    site.pages["/sitemap.xml"] = sitemap(*releases[:4])
    assert len(scrape(store, site, source=source, now=NOON + timedelta(minutes=30)).new) == 1
    site.asked.clear()
    assert scrape(store, site, source=source, now=NOON + timedelta(minutes=40)).result is Result.UNCHANGED
    assert site.asked == ["https://news.example/sitemap.xml"]


def test_an_index_whose_part_cannot_be_read_is_asked_again(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")
    site.pages["/sitemap.xml"] = index(posts1="2026-03-02")
    site.broken["/posts1.xml"] = 500
    assert scrape(store, site, source=source).new == ()
    del site.broken["/posts1.xml"]
    site.pages["/posts1.xml"] = sitemap("https://news.example/releases/1.html")
    assert len(scrape(store, site, source=source, now=NOON + timedelta(minutes=30)).new) == 1


def test_indexes_that_lead_to_one_another_end(store: Store) -> None:
    site = site_of(3)
    source = replace(SOURCE, urls=("https://news.example/a.xml",), kind="sitemap")
    for name, to in zip("abcdef", "bcdefa", strict=True):
        site.pages[f"/{name}.xml"] = index(**{to: "2026-01-01"})
    outcome = scrape(store, site, source=source)
    assert outcome.new == ()
    assert "further sitemaps" in outcome.reason
    assert outcome.requests <= 4


def test_an_old_part_of_an_index_that_changes_last_brings_nothing_and_passes(store: Store) -> None:
    site = site_of(60)
    source = replace(SOURCE, urls=("https://news.example/sitemap.xml",), kind="sitemap")

    def part(first: int, last: int) -> str:
        return sitemap(*(f"https://news.example/releases/{number}.html" for number in range(first, last + 1)))

    site.pages["/posts1.xml"], site.pages["/posts2.xml"] = part(1, 30), part(31, 55)
    site.pages["/sitemap.xml"] = index(posts1="2026-01-01", posts2="2026-03-01")
    assert len(scrape(store, site, source=source).new) == 25
    site.pages["/sitemap.xml"] = index(posts1="2026-03-02", posts2="2026-03-01")
    outcome = scrape(store, site, source=source, now=NOON + timedelta(hours=1))
    assert (outcome.result, outcome.new) == (Result.QUARANTINED, ())
    site.pages["/posts2.xml"] = part(31, 56)
    site.pages["/sitemap.xml"] = index(posts1="2026-03-02", posts2="2026-03-03")
    assert len(scrape(store, site, source=source, now=NOON + timedelta(hours=2)).new) == 1
    assert site.releases[1] not in titles(store)


def test_a_flood_that_waits_makes_its_source_suspect_and_keeps_no_news_back(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 111))
    scrape(store, site, now=NOON + timedelta(days=70))
    site.publish(*range(1, 31))  # as if from the archive: their dates say nothing of today
    later = NOON + timedelta(days=90)
    scrape(store, site, now=later)
    site.publish(130)
    outcome = scrape(store, site, now=later + timedelta(hours=1))
    assert len(outcome.new) == 1, "what its date explains"
    state, quarantine = store.sources.get("acme"), store.scrapes.open_quarantine("acme")
    assert state is not None
    assert quarantine is not None
    assert (state.state, "wait" in state.reason) == ("suspect", True)
    assert [one["title"] for one in quarantine.evidence["items"]]
    store.sources.leave_word("acme", {ADMITS: True})
    assert len(scrape(store, site, now=later + timedelta(hours=2)).new) == 30
    state = store.sources.get("acme")
    assert state is not None
    assert (state.state, store.scrapes.open_quarantine("acme")) == ("well", None)


def state_of(store: Store) -> SourceState:
    found = store.sources.get("acme")
    assert found is not None
    return found


def test_a_page_that_was_called_wrong_is_not_asked_about_again_before_it_changes(store: Store) -> None:
    site, now = SiteInMemory(), NOON
    site.publish(*range(1, 21))
    scrape(store, site)
    good = site.listing()
    rows = "".join(f'<li><a href="/jobs/{at}.html">Open position {at} in our company</a></li>' for at in range(20))
    site.pages["/releases/"] = f"<html><body><ul>{rows}</ul></body></html>"
    scrape(store, site, now=now + timedelta(hours=1))
    assert store.scrapes.open_quarantine("acme") is not None
    store.sources.leave_word("acme", {DISMISSED: True})
    store.scrapes.close_quarantine("acme", resolution="dismissed", now=now)
    for hours in range(10, 100, 10):
        outcome = scrape(store, site, now=now + timedelta(hours=hours))
        assert outcome.result is Result.QUARANTINED, "nor does it become the new normal"
        assert store.scrapes.open_quarantine("acme") is None
    site.pages["/releases/"] = "<html><body><p>We are redoing our site.</p></body></html>"
    scrape(store, site, now=now + timedelta(hours=101))
    assert store.scrapes.open_quarantine("acme") is not None, "it looks wrong in another way"
    site.pages["/releases/"] = good
    assert scrape(store, site, now=now + timedelta(hours=102)).result.is_good
    assert DISMISSED not in state_of(store).memory


def test_a_flood_that_was_called_wrong_waits_without_a_word_before_there_is_more_of_it(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 111))
    scrape(store, site, now=NOON + timedelta(days=70))
    site.publish(*range(1, 31))
    later = NOON + timedelta(days=90)
    scrape(store, site, now=later)
    store.sources.leave_word("acme", {DISMISSED: True})
    store.scrapes.close_quarantine("acme", resolution="dismissed", now=later)
    scrape(store, site, now=later + timedelta(hours=1))
    assert (state_of(store).state, store.scrapes.open_quarantine("acme")) == ("well", None)
    site.publish(31)
    scrape(store, site, now=later + timedelta(hours=2))
    assert state_of(store).state == "suspect"
    assert store.scrapes.open_quarantine("acme") is not None


@pytest.mark.parametrize(
    ("hours", "states"), [(1, ["failing"] * 9 + ["broken"]), (10, ["failing"] * 2 + ["broken"] * 2)]
)
def test_a_site_that_cannot_be_read_is_broken_after_ten_times_or_a_day(
    store: Store, hours: int, states: list[str]
) -> None:
    site = SiteInMemory()
    site.publish(*range(1, 13))
    scrape(store, site)
    site.broken["/releases/"] = 404
    seen = []
    for number in range(1, len(states) + 1):
        scrape(store, site, now=NOON + timedelta(hours=hours * number))
        seen.append(state_of(store).state)
    assert seen == states


@pytest.mark.parametrize("is_dismissed", [True, False])
def test_a_flood_does_not_come_in_because_part_of_it_went_away(store: Store, is_dismissed: bool) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 111))
    scrape(store, site, now=NOON + timedelta(days=70))
    site.publish(*range(1, 31))
    later = NOON + timedelta(days=90)
    scrape(store, site, now=later)
    if is_dismissed:
        store.sources.leave_word("acme", {DISMISSED: True})
        store.scrapes.close_quarantine("acme", resolution="dismissed", now=later)
    for number in range(1, 8):
        del site.releases[number]
    assert scrape(store, site, now=later + timedelta(hours=1)).new == ()
    assert state_of(store).state == ("well" if is_dismissed else "suspect")
    site.publish(130)
    assert len(scrape(store, site, now=later + timedelta(hours=2)).new) == 1, "news comes in meanwhile"
    assert state_of(store).state == ("well" if is_dismissed else "suspect")
    store.sources.leave_word("acme", {ADMITS: True})
    assert len(scrape(store, site, now=later + timedelta(hours=3)).new) == 23
    assert state_of(store).state == "well"


def dismiss(store: Store, *, now: datetime) -> None:
    store.sources.leave_word("acme", {DISMISSED: True})
    store.scrapes.close_quarantine("acme", resolution="dismissed", now=now)


def test_a_page_that_was_called_wrong_does_not_become_broken(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(1, 21))
    scrape(store, site)
    site.pages["/releases/"] = "<html><body><p>We are redoing our site.</p></body></html>"
    scrape(store, site, now=NOON + timedelta(hours=1))
    dismiss(store, now=NOON + timedelta(hours=1))
    for hours in range(2, 30):
        scrape(store, site, now=NOON + timedelta(hours=hours))
        assert state_of(store).state == "suspect"


def test_old_items_that_were_called_wrong_keep_no_news_out(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 73))
    scrape(store, site, now=NOON + timedelta(days=32))
    site.publish(*range(1, 21))
    later = NOON + timedelta(days=90)
    assert scrape(store, site, now=later).result is Result.QUARANTINED
    dismiss(store, now=later)
    assert scrape(store, site, now=later + timedelta(hours=1)).new == ()
    site.publish(130)
    assert len(scrape(store, site, now=later + timedelta(hours=2)).new) == 1
    assert (state_of(store).state, store.scrapes.open_quarantine("acme")) == ("well", None)
    for number in range(1, 15):
        del site.releases[number]
    assert scrape(store, site, now=later + timedelta(hours=3)).new == (), "nor do they because some have gone"
    store.sources.leave_word("acme", {ADMITS: True})
    assert len(scrape(store, site, now=later + timedelta(hours=4)).new) == 6


def test_a_dead_site_is_told_so_after_old_items_were_dismissed(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 73))
    scrape(store, site, now=NOON + timedelta(days=32))
    site.publish(*range(1, 21))
    later = NOON + timedelta(days=90)
    scrape(store, site, now=later)
    dismiss(store, now=later)
    for hours in range(1, 12):
        assert scrape(store, site, now=later + timedelta(hours=hours)).result is Result.WELL
    site.broken["/releases/"] = 500
    states = []
    for hours in range(12, 24):
        scrape(store, site, now=later + timedelta(hours=hours))
        states.append(state_of(store).state)
    assert (states[0], states[-1]) == ("failing", "broken")
    assert errors_in_a_row(state_of(store)) == 12


def test_a_held_flood_that_goes_away_ends_its_quarantine_also_where_the_site_says_304(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(61, 111))
    before = NOON + timedelta(days=70)
    scrape(store, site, now=before)
    scrape(store, site, now=before + timedelta(hours=1))
    site.publish(*range(1, 31))
    scrape(store, site, now=before + timedelta(hours=2))
    assert store.scrapes.open_quarantine("acme") is not None
    for number in range(1, 31):
        del site.releases[number]
    assert scrape(store, site, now=before + timedelta(hours=3)).result is Result.UNCHANGED
    assert (state_of(store).state, store.scrapes.open_quarantine("acme")) == ("well", None)


def test_an_error_after_wrong_pages_is_the_first_error(store: Store) -> None:
    site = SiteInMemory()
    site.publish(*range(1, 21))
    scrape(store, site)
    planner = Planner(clock=lambda: NOON, dice=lambda: 0.5)

    def plan(now: datetime) -> timedelta:
        state = state_of(store)
        outcome = scrape(store, site, now=now)
        return planner.after(state, outcome).due_at - now

    site.broken["/releases/"] = 500
    first = plan(NOON + timedelta(hours=1))
    del site.broken["/releases/"]
    scrape(store, site, now=NOON + timedelta(hours=2))
    site.pages["/releases/"] = "<html><body><p>We are redoing our site.</p></body></html>"
    for hours in range(3, 9):
        scrape(store, site, now=NOON + timedelta(hours=hours))
    site.broken["/releases/"] = 500
    assert plan(NOON + timedelta(hours=9)) == first
    assert plan(NOON + timedelta(hours=10)) > first
