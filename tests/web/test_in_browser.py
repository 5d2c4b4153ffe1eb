"""The desk in a real browser, as an admin uses it: with scripts following what is typed, and without any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browsing import PATIENCE, Desk, chromium, desk, signed_in
from tests.support.listings import LISTINGS, published_on
from tests.support.sites import Site

pytestmark = pytest.mark.system("chromium")

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Site]:
    """Another website that may be looked at."""
    with Site() as site:
        yield site


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, elsewhere: Site) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("demo"), targets=(elsewhere.pair,)) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def either(request: pytest.FixtureRequest, browser: Browser, demo: Desk) -> Iterator[Page]:
    """A page of an admin whose browser runs scripts, and of one whose browser does not."""
    window = signed_in(browser, demo, scripts=request.param)
    yield window.new_page()
    window.close()


@pytest.fixture
def page(browser: Browser, demo: Desk) -> Iterator[Page]:
    window = signed_in(browser, demo)
    yield window.new_page()
    window.close()


def test_nobody_comes_in_without_a_password(browser: Browser, demo: Desk) -> None:
    window = browser.new_context(base_url=demo.url)
    page = window.new_page()
    page.goto("/admin/settings")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.fill("#name", "ada")
    page.fill("#password", "wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    window.close()


def test_the_overview_finds_and_changes_many(either: Page, demo: Desk) -> None:
    either.goto("/admin/?sort=title")
    either.fill("#q", "island")
    either.keyboard.press("Enter")
    expect(either.locator("tbody tr")).to_have_count(4)
    either.check("tbody input[value=island]")
    either.get_by_role("button", name="Pause", exact=True).click()
    expect(either.get_by_role("status")).to_contain_text("1 paused")
    either.check("tbody input[value=island]")
    either.get_by_role("button", name="Resume").click()
    expect(either.get_by_role("status")).to_contain_text("1 resumed")


def test_the_overview_finds_while_one_types(page: Page) -> None:
    page.goto("/admin/")
    page.locator("#q").press_sequentially("visit")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_url("**q=visit**")


def test_a_website_is_added_in_three_clicks_and_its_feed_is_served(either: Page, demo: Desk) -> None:
    number = len(demo.service.store.sources.keys())
    address = f"{demo.site}news/research/?{number}"
    either.goto("/admin/add")
    either.fill("#url", address)
    either.keyboard.press("Enter")
    expect(either.get_by_role("heading", name="A release, as readers will see it")).to_be_visible()
    expect(either.locator("#preview")).to_contain_text("Where it stood")
    key = f"added-{number}"
    either.fill("#key", key)
    either.fill("#category", "observatory/added")
    either.get_by_role("button", name="Save and watch").click()
    expect(either.get_by_role("status").first).to_contain_text("Added")
    demo.service.scrape([key])
    demo.lookup.feeds.poll()
    answer = either.request.get(f"/sources/{key}.atom")
    assert answer.status == 200
    assert "<entry" in answer.text()


@pytest.mark.skipif(not LISTINGS.is_dir(), reason="the cases are not beside this checkout")
def test_a_real_listing_becomes_a_feed_in_fewer_than_ten_clicks(page: Page, demo: Desk, elsewhere: Site) -> None:
    listing, clicks = published_on(elsewhere), []

    def click(place: Locator) -> None:
        clicks.append(place)
        place.click()

    page.goto("/admin/")
    click(page.get_by_role("link", name="Add a website").first)
    page.fill("#url", listing.url)
    click(page.get_by_role("button", name="Look at it"))
    ways = page.locator(".way")
    expect(ways.filter(has_text="The site's feed").first).to_be_visible()
    click(ways.filter(has_text="The page's own list").get_by_role("radio"))
    expect(page.get_by_role("heading", name=f"The list: {listing.entries} items")).to_be_visible()
    page.fill("#key", "real")
    page.fill("#category", "found/websites")
    click(page.get_by_role("button", name="Save and watch"))
    expect(page.get_by_role("status").first).to_contain_text("Added")
    demo.service.scrape(["real"])
    demo.lookup.feeds.poll()
    click(page.get_by_role("link", name="Page for people"))
    expect(page.get_by_text("What a release says").first).to_be_visible()
    assert len(clicks) < 10
    for path in ("sources/real", "feeds/found/websites"):
        answer = page.request.get(f"/{path}.atom")
        assert (answer.status, answer.text().count("<entry")) == (200, listing.entries)


def test_the_preview_follows_the_rules_that_are_typed(page: Page, demo: Desk) -> None:
    page.goto("/admin/add")
    page.fill("#url", f"{demo.site}news/island/?rules")
    page.keyboard.press("Enter")
    page.locator("summary").click()
    item = page.get_by_role("textbox", name="Item")
    item.fill(".list > .item:first-child")
    expect(page.get_by_role("heading", name="The list: 1 item")).to_be_visible()
    item.fill("ul >> li")
    expect(page.locator(".fault:visible")).to_contain_text("is not a CSS selector")
    expect(item).to_have_value("ul >> li")
    expect(item).to_be_focused()


def test_a_schedule_is_seen_before_it_is_saved(either: Page, demo: Desk) -> None:
    either.goto("/admin/sources/visitors/schedule")
    either.get_by_label("Crontab line").nth(1).fill("0 9 * * mon-frj")
    either.locator("#kind-cron").check()
    either.get_by_role("button", name="Show what it comes to").click()
    expect(either.locator("#w-cron")).to_contain_text("did you mean fri?")
    either.get_by_label("Crontab line").nth(1).fill("0 9 * * mon-fri")
    either.get_by_role("button", name="Show what it comes to").click()
    expect(either.locator("#outcome")).to_contain_text("not saved yet")
    expect(either.locator(".dots circle")).to_have_count(5)
    either.get_by_role("button", name="Save").click()
    expect(either.get_by_role("status")).to_contain_text("Saved")
    state = demo.service.state("visitors")
    assert state.source.cadence.cron == "0 9 * * mon-fri"
    demo.lookup.desk.tuning.reset("visitors")


def test_the_outcome_of_a_schedule_follows_while_one_types(page: Page) -> None:
    page.goto("/admin/sources/visitors/schedule")
    page.locator("#kind-every").check()
    page.locator("input[name=every]").fill("12h")
    expect(page.locator(".dots circle")).not_to_have_count(0)
    expect(page.locator("#outcome")).to_contain_text("not saved yet")
    page.locator("input[name=every]").fill("often")
    expect(page.locator("#w-every")).to_contain_text("is not a duration")


def test_a_slider_moves_the_budget_and_the_number_moves_the_slider(page: Page) -> None:
    page.goto("/admin/sources/visitors/schedule")
    slider, number = page.get_by_label("Scrapes a day"), page.locator("#of-budget")
    slider.fill("96")
    expect(number).to_have_value("96/day")
    expect(page.locator("#kind-budget")).to_be_checked()
    expect(page.locator("#lag ~ .scroll")).to_contain_text("672")
    expect(page.locator("#slid")).to_contain_text("on average")
    number.fill("28/week")
    expect(page.get_by_label("Scrapes a day")).to_have_value("4")


def test_a_scrape_is_watched_to_its_end(page: Page, demo: Desk) -> None:
    page.goto("/admin/sources/research")
    demo.release()
    page.get_by_role("button", name="Run now").click()
    expect(page.locator("#standing")).to_contain_text("Waiting for its turn")
    demo.service.scrape(["research"])
    demo.service.store.sources.plan({"research": (demo.service.clock().replace(year=2100), "later")})
    expect(page.locator("#standing")).not_to_contain_text("Waiting for its turn")
    expect(page.locator("#standing")).to_contain_text("1 new")


def test_rules_are_tried_on_kept_pages_before_they_hold(either: Page, demo: Desk) -> None:
    either.goto("/admin/sources/research/rules")
    either.get_by_label("Item").fill(".list > .item:first-child")
    either.get_by_role("button", name="Try on kept pages").click()
    expect(either.locator("#outcome")).to_contain_text("would be read otherwise")
    assert demo.service.state("research").source.rules.item is None


def test_a_kept_page_is_shown_and_nothing_of_it_runs(page: Page, demo: Desk) -> None:
    page.goto("/admin/sources/research/pages")
    page.locator("tbody a").first.click()
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("Tern Island")
    assert page.locator("iframe").get_attribute("sandbox") == ""


def test_a_quarantine_is_settled(page: Page, demo: Desk) -> None:
    evidence = {"comparison": ["now: 3 items"], "items": [{"url": "https://x.example/", "title": "<b>Log in</b>"}]}
    demo.service.store.scrapes.quarantine(
        "island", reason="everything is new", evidence=evidence, now=demo.service.clock()
    )
    page.goto("/admin/sources/island")
    expect(page.locator(".alarm")).to_contain_text("<b>Log in</b>")
    page.get_by_role("button", name="Dismiss: the page is wrong").click()
    expect(page.get_by_role("status").first).to_contain_text("Dismissed")


def test_an_entry_is_hidden_and_a_category_moved(either: Page, demo: Desk) -> None:
    either.goto("/admin/entries?feed=sources/zhongwen")
    either.locator("tbody input").first.check()
    either.get_by_role("button", name="Hide", exact=True).click()
    expect(either.get_by_role("status")).to_contain_text("1 hidden")
    either.goto("/admin/entries?state=hidden")
    either.locator("tbody input").first.check()
    either.get_by_role("button", name="Show again").click()
    expect(either.get_by_role("status")).to_contain_text("1 shown again")
    here = demo.service.state("zhongwen").source.category or ""
    there = "observatory/chinese" if here.endswith("zhongwen") else "observatory/zhongwen"
    either.goto(f"/admin/categories/{here}")
    either.get_by_label("New path").fill(there)
    either.get_by_role("button", name="Move", exact=True).click()
    expect(either.get_by_role("status")).to_contain_text("Moved")
    demo.lookup.feeds.poll()
    answer = either.request.get(f"/feeds/{here}.atom", max_redirects=0)
    assert (answer.status, answer.headers["location"]) == (301, f"{demo.url}/feeds/{there}.atom")


def test_a_backup_is_downloaded_and_a_token_shown_once(page: Page) -> None:
    page.goto("/admin/settings")
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Download a backup").click()
    assert downloaded.value.path().read_bytes().startswith(b"SQLite format 3")
    page.goto("/admin/tokens")
    page.fill("#name", "robot")
    page.keyboard.press("Enter")
    expect(page.locator(".secret")).to_contain_text("feedsvc_")
    page.goto("/admin/tokens")
    expect(page.locator(".secret")).to_have_count(0)


def test_no_page_asks_anybody_else_for_anything(page: Page, demo: Desk) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/feeds/observatory", "/subscribe", "/status", "/admin/", "/admin/health", "/admin/feeds"):
        page.goto(path)
    assert [url for url in asked if not url.startswith(demo.url)] == []
