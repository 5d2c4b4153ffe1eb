"""Bad days on the way: pages that do not come, or say something else, cost no release and make none up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from feedsvc.errors import NoTurn, ScrapeError
from feedsvc.model import FeedRef, NotModified, Page, Source, Validators
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.store import ADMITS, Store
from tests.support.centre import NOON, SOURCE, SiteInMemory, scrape

ALL = FeedRef(kind="all")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MAINTENANCE = "<html><head><title>Maintenance</title></head><body><h1>We are down for maintenance</h1></body></html>"
WALL = (
    "<html><head><title>Oops</title></head><body><main><h1>Our hamsters are tired</h1><p>Something in the cellar of "
    "the town hall has stopped, and our people have gone down with lamps and sandwiches to see what it may be. Do come "
    "back in the evening, when the wheels are likely to turn as they always did, and bring your neighbours.</p></main>"
)


class Town(SiteInMemory):
    """Lists under addresses of their own, ten releases a page; faults by whole address."""

    def __init__(self) -> None:
        super().__init__()
        self.lists: dict[str, Sequence[int]] = {}
        self.faults: dict[str, int | str | ScrapeError] = {}

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """As a client would."""
        fault = self.faults.get(url)
        if isinstance(fault, ScrapeError):
            raise fault
        path, _, number = url.removeprefix("https://news.example").partition("?page=")
        self.broken = {path: fault} if isinstance(fault, int) else {}
        self.pages.pop(path, None)
        if isinstance(fault, str):
            self.pages[path] = fault
        elif path in self.lists:
            self.pages[path] = self._page(path, int(number or 1))
        return SiteInMemory.fetch(self, url, validators=validators)

    def _page(self, path: str, number: int) -> str:
        whole, listed = self.releases, self.lists[path]
        self.releases = {one: whole[one] for one in listed[10 * number - 10 : 10 * number]}
        more = f'<a rel="next" href="{path}?page={number + 1}">Older</a>' if 10 * number < len(listed) else ""
        page = self.listing().replace("</body>", f"{more}</body>")
        self.releases = whole
        return page


def town(*paths: str, releases: int = 60) -> tuple[Town, Source]:
    made = Town()
    made.publish(*range(1, releases + 1))
    return made, replace(SOURCE, urls=tuple(f"https://news.example{path}" for path in paths))


def new_of(outcomes: Sequence[ScrapeOutcome]) -> int:
    return sum(len(one.new) for one in outcomes)


def state_of(store: Store) -> str:
    found = store.sources.get("acme")
    assert found is not None
    return found.state


def titles(store: Store) -> list[str]:
    return [stored.entry.title for stored in store.entries.newest(ALL, limit=500)]


@pytest.mark.parametrize("fault", [503, 404, 403, 401, MAINTENANCE])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_second_page_that_once_does_not_come_costs_nothing(store: Store, fault: int | str, is_first: bool) -> None:
    site, source = town("/a/")
    if not is_first:
        site.lists["/a/"] = range(22, 2, -1)
        scrape(store, site, source=source, now=NOON - 18 * DAY)
    site.lists["/a/"] = range(40, 20, -1) if is_first else range(40, 2, -1)
    site.faults["https://news.example/a/?page=2"] = fault
    outcomes = [scrape(store, site, source=source)]
    site.faults.clear()
    outcomes += [scrape(store, site, source=source, now=NOON + hours * HOUR) for hours in (1, 2)]
    assert new_of(outcomes) == (20 if is_first else 18)
    assert state_of(store) == "well"


def test_second_pages_of_two_lists_are_both_gone_back_to_also_past_another_bad_scrape(store: Store) -> None:
    site, source = town("/a/", "/b/")
    site.lists = {"/a/": range(60, 40, -1), "/b/": range(30, 10, -1)}
    for path in "ab":
        site.faults[f"https://news.example/{path}/?page=2"] = 503
    outcomes = [scrape(store, site, source=source)]
    site.faults = {"https://news.example/b/": 503}
    outcomes.append(scrape(store, site, source=source, now=NOON + HOUR))
    site.faults.clear()
    outcomes += [scrape(store, site, source=source, now=NOON + hours * HOUR) for hours in (2, 3)]
    assert new_of(outcomes) == 40
    assert store.scrapes.open_quarantine("acme") is None


def test_a_list_of_two_that_comes_late_is_no_flood(store: Store) -> None:
    site, source = town("/a/", "/b/")
    site.lists = {"/a/": range(60, 50, -1), "/b/": range(30, 10, -1)}
    site.faults["https://news.example/b/"] = 503
    outcomes = [scrape(store, site, source=source)]
    site.faults.clear()
    outcomes.append(scrape(store, site, source=source, now=NOON + HOUR))
    assert (new_of(outcomes), state_of(store)) == (30, "well")


def test_releases_that_are_listed_before_their_pages_are_there_come_in_when_they_are(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    for number in range(1, 13):
        site.faults[f"https://news.example/releases/{number}.html"] = 404
    for hours in range(6):
        outcome = scrape(store, site, source=source, now=NOON + hours * HOUR)
        assert outcome.result is Result.FAILED, "a source without any entry is not well"
    site.faults.clear()
    assert len(scrape(store, site, source=source, now=NOON + 2 * DAY).new) == 12


def test_pages_that_all_say_the_same_are_no_releases(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    for number in range(1, 13):
        site.faults[f"https://news.example/releases/{number}.html"] = WALL
    assert scrape(store, site, source=source).result is Result.FAILED
    assert titles(store) == []
    site.faults.clear()
    assert len(scrape(store, site, source=source, now=NOON + DAY).new) == 12


def test_one_page_under_another_title_than_its_listing_gives_is_a_release(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(4, 0, -1)
    site.faults["https://news.example/releases/4.html"] = WALL
    assert len(scrape(store, site, source=source).new) == 4


def test_a_wall_met_when_looking_again_replaces_no_short_release(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    for number in range(1, 13):
        site.faults[f"https://news.example/releases/{number}.html"] = site.release_page(f"{number}.html").replace(
            "and more", ""
        )
    scrape(store, site, source=source)
    before = titles(store)
    for number in range(1, 13):
        site.faults[f"https://news.example/releases/{number}.html"] = WALL
    outcome = scrape(store, site, source=source, now=NOON + 8 * DAY)
    assert (outcome.changed, titles(store)) == ((), before)


def test_the_issues_of_a_series_that_share_one_heading_all_come_in(store: Store) -> None:
    site, source = town("/a/", releases=0)
    site.releases = {number: f"Weekly market report: issue {number} on wool" for number in range(1, 9)}
    for number in site.releases:
        page = site.release_page(f"{number}.html")
        site.faults[f"https://news.example/releases/{number}.html"] = page.replace(
            f"<h1>{site.releases[number]}</h1>", "<h1>Weekly market report</h1>"
        ).replace(f"<title>{site.releases[number]}</title>", "<title>Weekly market report</title>")
    site.lists["/a/"] = range(7, 0, -1)
    outcomes = [scrape(store, site, source=source)]
    site.lists["/a/"] = range(8, 0, -1)
    outcomes.append(scrape(store, site, source=source, now=NOON + DAY))
    assert new_of(outcomes) == 8


def sitemap(*numbers: int) -> str:
    rows = "".join(
        f"<url><loc>https://news.example/releases/{number}.html</loc><lastmod>{(NOON - 40 * DAY + number * DAY).date()}"
        "</lastmod></url>"
        for number in numbers
    )
    return f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


def index(**parts: str) -> str:
    rows = "".join(
        f"<sitemap><loc>https://news.example/{name.replace('_', '-')}.xml</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in parts.items()
    )
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    )


def sitemaps() -> tuple[Town, Source]:
    site, source = town("/sitemap.xml")
    site.faults["https://news.example/sitemap.xml"] = index(news_2026_02="2026-02-28")
    site.faults["https://news.example/news-2026-02.xml"] = sitemap(*range(36, 16, -1))
    return site, replace(source, kind="sitemap")


def test_a_month_that_has_just_begun_is_read_with_the_one_before(store: Store) -> None:
    site, source = sitemaps()
    scrape(store, site, source=source)
    site.faults["https://news.example/news-2026-02.xml"] = sitemap(*range(38, 16, -1))
    site.faults["https://news.example/news-2026-03.xml"] = sitemap(39)
    site.faults["https://news.example/sitemap.xml"] = index(news_2026_03="2026-03-04", news_2026_02="2026-02-28")
    outcome = scrape(store, site, source=source, now=NOON + HOUR)
    assert (outcome.result, len(outcome.new)) == (Result.WELL, 3)


@pytest.mark.parametrize(
    ("fault", "result", "state"),
    [(NoTurn("the budget is used up", wait=HOUR), Result.CUT, "well"), (503, Result.FAILED, "failing")],
)
def test_a_sitemap_of_an_index_that_does_not_come_is_no_wrong_page(
    store: Store, fault: int | ScrapeError, result: Result, state: str
) -> None:
    site, source = sitemaps()
    scrape(store, site, source=source)
    site.faults["https://news.example/news-2026-02.xml"] = fault
    site.faults["https://news.example/sitemap.xml"] = index(news_2026_02="2026-03-04")
    for hours in (1, 2, 3, 4):
        outcome = scrape(store, site, source=source, now=NOON + hours * HOUR)
        assert (outcome.result, state_of(store)) == (result, state)
    site.faults["https://news.example/news-2026-02.xml"] = sitemap(*range(37, 16, -1))
    assert len(scrape(store, site, source=source, now=NOON + 5 * HOUR).new) == 1


def test_where_the_sitemap_of_releases_is_gone_one_of_other_pages_is_not_read(store: Store) -> None:
    site, source = sitemaps()
    site.faults["https://news.example/sitemap.xml"] = index(news_2026_02="2026-02-28", pages="2026-03-03")
    site.faults["https://news.example/pages.xml"] = sitemap(51, 52, 53, 54)
    assert len(scrape(store, site, source=source).new) == 20
    site.faults["https://news.example/news-2026-02.xml"] = 404
    site.faults["https://news.example/sitemap.xml"] = index(news_2026_02="2026-03-04", pages="2026-03-03")
    assert scrape(store, site, source=source, now=NOON + HOUR).new == ()


def test_what_an_admin_accepts_is_the_page_that_was_seen_and_no_other(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(22, 10, -1)
    scrape(store, site, source=source, now=NOON - 18 * DAY)
    jobs = "".join(f'<li><a href="/jobs/{at}.html">Open position {at} in our company</a></li>' for at in range(20))
    site.faults["https://news.example/a/"] = f"<html><body><ul>{jobs}</ul></body></html>"
    assert scrape(store, site, source=source, now=NOON).result is Result.QUARANTINED
    store.sources.leave_word("acme", {ADMITS: True})
    events = "".join(f'<p><a href="https://events.example/{at}">Event number {at} of ours</a></p>' for at in range(7))
    site.faults["https://news.example/a/"] = f"<html><body>{events}</body></html>"
    outcome = scrape(store, site, source=source, now=NOON + HOUR)
    assert (outcome.result, outcome.new) == (Result.QUARANTINED, ())


def links(store: Store) -> dict[str, str]:
    return {one.entry.title: one.entry.link for one in store.entries.newest(ALL, limit=500)}


def test_addresses_that_are_shifted_for_a_day_cost_no_later_release_and_leave_no_dead_link(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(30, 18, -1)
    scrape(store, site, source=source)
    before = links(store)
    listed = site._page("/a/", 1)
    for number in range(30, 18, -1):
        listed = listed.replace(f"/releases/{number}.html", f"/releases/{number + 12}.html.")
    site.faults["https://news.example/a/"] = listed.replace(".html.", ".html")
    assert scrape(store, site, source=source, now=NOON + HOUR).new == ()
    site.faults.clear()
    assert scrape(store, site, source=source, now=NOON + 2 * HOUR).new == ()
    assert links(store) == before, "what a bad day led elsewhere leads back"
    for number in (31, 32, 33):
        site.lists["/a/"] = range(number, number - 12, -1)
        assert len(scrape(store, site, source=source, now=NOON + number * HOUR).new) == 1
    assert len(links(store)) == 15


def test_a_wall_under_the_right_headings_replaces_no_text(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    scrape(store, site, source=source)
    before = {one.uuid: one.entry.content for one in store.entries.newest(ALL, limit=50)}
    for number in range(1, 13):
        wall = WALL.replace("Our hamsters are tired", site.releases[number]).replace("Oops", site.releases[number])
        site.faults[f"https://news.example/releases/{number}.html"] = wall
    assert scrape(store, site, source=source, now=NOON + 8 * DAY).changed == ()
    assert {one.uuid: one.entry.content for one in store.entries.newest(ALL, limit=50)} == before


def test_one_release_that_was_written_anew_is_changed(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    scrape(store, site, source=source)
    site.faults["https://news.example/releases/5.html"] = WALL.replace("Our hamsters are tired", site.releases[5])
    assert len(scrape(store, site, source=source, now=NOON + 8 * DAY).changed) == 1


def test_the_one_list_that_comes_is_read_where_the_other_does_not(store: Store) -> None:
    site, source = town("/a/", "/b/")
    site.lists = {"/a/": range(50, 42, -1), "/b/": range(10, 7, -1)}
    scrape(store, site, source=source, now=NOON + 11 * DAY)
    site.faults["https://news.example/a/"] = 503
    site.lists["/b/"] = (60, 10, 9, 8)
    for hours in (1, 2, 3, 4):
        scrape(store, site, source=source, now=NOON + 11 * DAY + hours * HOUR)
    assert store.scrapes.open_quarantine("acme") is None
    assert site.releases[60] in titles(store)


def test_strangers_that_stood_in_the_list_for_a_while_do_not_break_a_source(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    scrape(store, site, source=source)
    site.lists["/a/"] = (40, 39, 38, *range(12, 3, -1))
    for number in (38, 39, 40):
        site.faults[f"https://news.example/releases/{number}.html"] = 500
    for hours in (1, 2, 3):
        assert scrape(store, site, source=source, now=NOON + hours * HOUR).result is Result.FAILED
    site.lists["/a/"] = range(12, 0, -1)
    for hours in (5, 9, 20, 40):
        scrape(store, site, source=source, now=NOON + hours * HOUR)
        assert state_of(store) == "well"


def test_the_menu_of_a_wall_is_no_list_at_the_first_scrape(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    menu = "".join(f'<li><a href="/about/{name}/">All about {name} at our place</a></li>' for name in "abcdefgh")
    site.faults["https://news.example/a/"] = MAINTENANCE.replace("</body>", f"<ul>{menu}</ul></body>")
    site.faults |= {f"https://news.example/about/{name}/": WALL for name in "abcdefgh"}
    assert scrape(store, site, source=source).result is Result.QUARANTINED
    site.faults.clear()
    assert len(scrape(store, site, source=source, now=NOON + HOUR).new) == 12


def test_a_second_page_that_never_was_there_is_given_up_and_the_site_is_asked_conditionally_again(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(40, 20, -1)
    site.faults["https://news.example/a/?page=2"] = 404
    for hours in range(25):
        scrape(store, site, source=source, now=NOON + hours * HOUR)
    site.asked.clear()
    assert scrape(store, site, source=source, now=NOON + 30 * HOUR).result is Result.UNCHANGED
    assert site.asked == ["https://news.example/a/"]
    site.lists["/a/"] = range(60, 40, -1)
    for hours in range(31, 34):
        scrape(store, site, source=source, now=NOON + 20 * DAY + hours * HOUR)
    site.asked.clear()
    scrape(store, site, source=source, now=NOON + 20 * DAY + 34 * HOUR)
    assert site.asked == ["https://news.example/a/"]


@pytest.mark.parametrize("change", ["cut", "site name"])
def test_a_new_look_with_other_addresses_and_titles_makes_nothing_new(store: Store, change: str) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    for number in range(1, 13):
        short = (
            site.release_page(f"{number}.html").partition("<p>Release")[0] + "<p>A word.</p></article></body></html>"
        )
        site.faults[f"https://news.example/releases/{number}.html"] = short
        site.faults[f"https://news.example/press/{number}.html"] = short
    scrape(store, site, source=source)
    listed = site._page("/a/", 1).replace("/releases/", "/press/")
    for title in site.releases.values():
        listed = listed.replace(title, title[:-4] + "…" if change == "cut" else f"{title} | Acme newsroom")
    site.faults["https://news.example/a/"] = listed
    for hours in (1, 7, 13, 19, 26, 30):
        assert scrape(store, site, source=source, now=NOON + hours * HOUR).new == ()
    assert (len(titles(store)), state_of(store)) == (12, "well")


@pytest.mark.parametrize("title", ["Week {}", "通知{}"])
@pytest.mark.parametrize("text", ["The minutes are attached.", WALL.partition("<p>")[2].partition("</p>")[0]])
def test_releases_with_short_titles_and_one_text_all_come_in(store: Store, title: str, text: str) -> None:
    site, source = town("/a/", releases=0)
    site.releases = {number: title.format(number) for number in range(1, 13)}
    for number, told in site.releases.items():
        attached = f"<p>{text}</p><p><a href='/files/{number}.pdf'>Download</a></p>"
        site.faults[f"https://news.example/releases/{number}.html"] = (
            f"<html><head><title>{told}</title></head><body><article><h1>{told}</h1>"
            f"<p class='date'>Release date: {site._day(number)}</p>{attached}</article></body></html>"
        )
    site.lists["/a/"] = range(10, 0, -1)
    assert scrape(store, site, source=source).result is Result.WELL
    site.lists["/a/"] = range(12, 2, -1)
    assert scrape(store, site, source=source, now=NOON + DAY).result is Result.WELL
    assert len(titles(store)) == 12


@pytest.mark.parametrize("mark", ["Corrected: {}", "UPDATED: {}", "{} (corrected)"])
def test_a_title_that_is_marked_as_corrected_is_an_edit(store: Store, mark: str) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 0, -1)
    scrape(store, site, source=source)
    told = site.releases[7]
    edited = site.release_page("7.html").replace(f">{told}<", f">{mark.format(told)}<")
    site.faults["https://news.example/releases/7.html"] = edited
    assert len(scrape(store, site, source=source, now=NOON + 2 * HOUR).changed) == 1
    assert mark.format(told) in titles(store)


def test_a_release_at_two_addresses_of_a_list_without_titles_is_one_entry(store: Store) -> None:
    site, source = town("/sitemap.xml")
    site.faults["https://news.example/sitemap.xml"] = sitemap(*range(12, 0, -1)).replace(
        "</urlset>", "<url><loc>https://news.example/print/7.html</loc><lastmod>2026-01-30</lastmod></url></urlset>"
    )
    site.faults["https://news.example/print/7.html"] = site.release_page("7.html")
    scrape(store, site, source=replace(source, kind="sitemap"))
    assert sorted(titles(store)) == sorted(site.releases[number] for number in range(1, 13))


def test_a_list_that_alternates_between_two_addresses_settles_on_one(store: Store) -> None:
    site, source = town("/a/")
    site.lists["/a/"] = range(12, 2, -1)
    for number in range(1, 13):
        site.faults[f"https://news.example/m/{number}.html"] = site.release_page(f"{number}.html")
    found = []
    for hours in range(8):
        page = site._page("/a/", 1)
        site.faults["https://news.example/a/"] = page.replace("/releases/", "/m/") if hours % 2 else page
        scrape(store, site, source=source, now=NOON + hours * HOUR)
        found.append(links(store))
    assert found[4] == found[5] == found[6] == found[7]
    assert len(found[7]) == 10
