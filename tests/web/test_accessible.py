"""WCAG 2.2 AA on every page, by axe, narrow and wide, light and dark; and no page is wider than its window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.browsing import Desk, chromium, desk, signed_in, violations

pytestmark = pytest.mark.system("chromium")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("demo")) as made:
        yield made


@pytest.fixture(scope="module")
def window(demo: Desk) -> Iterator[BrowserContext]:
    with chromium() as browser:
        yield signed_in(browser, demo)


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    page = window.new_page()
    yield page
    page.close()


def concrete(path: str, demo: Desk) -> str:
    """The path with an entry and a kept page of the demo's in it."""
    store = demo.service.store
    kept = store.snapshots.listed("research", limit=1)[0]
    return path.replace("UUID", store.entries.of_source("research", limit=1)[0].uuid).replace("KEPT", str(kept.id))


PAGES = (
    "/",
    "/feeds/observatory",
    "/feeds/observatory/zhongwen",
    "/sources/research",
    "/entries/UUID",
    "/search?q=comet",
    "/search?q=nothing+like+this",
    "/status",
    "/subscribe",
    "/admin/",
    "/admin/add",
    "/admin/sources/research",
    "/admin/sources/research/rules",
    "/admin/sources/research/schedule",
    "/admin/sources/research/pages",
    "/admin/sources/research/pages/KEPT",
    "/admin/sources/research/repair",
    "/admin/entries",
    "/admin/entries/UUID",
    "/admin/categories",
    "/admin/categories/observatory/research",
    "/admin/saved",
    "/admin/saved/new",
    "/admin/feeds",
    "/admin/health",
    "/admin/health/hosts",
    "/admin/health/errors",
    "/admin/settings",
    "/admin/tokens",
)


def looks_fit(page: Page) -> None:
    """No fault in axe's eyes, narrow and wide, light and dark, and nothing beyond the window's edge."""
    for scheme, width in (("light", 1400), ("dark", 400)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], (scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (scheme, width)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_fit_for_everyone(page: Page, demo: Desk, path: str) -> None:
    answer = page.goto(concrete(path, demo))
    assert answer is not None
    assert answer.status == 200
    looks_fit(page)


def test_what_was_found_at_an_address_is_fit_for_everyone_and_so_is_a_refused_save(page: Page, demo: Desk) -> None:
    page.goto("/admin/add")
    page.fill("#url", f"{demo.site}news/")
    page.keyboard.press("Enter")
    page.get_by_text("The list: 8 items").wait_for()
    page.locator("summary").click()
    looks_fit(page)
    page.fill("#key", "<b>")
    page.fill("#value", "often")
    page.get_by_role("textbox", name="Item").fill("ul >> li")
    page.get_by_role("button", name="Save and watch").click()
    page.get_by_text("is not a source key").wait_for()
    looks_fit(page)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/admin/sources/research/schedule", {"#of-every": "often", "#active": "at night", "#jitter": "2d"}),
        ("/admin/categories/observatory", {"#f-language": "<b>", "#f-image": "ftp://x"}),
    ],
)
def test_a_form_with_faults_is_fit_for_everyone(page: Page, path: str, fields: dict[str, str]) -> None:
    page.goto(path)
    for field, text in fields.items():
        page.fill(field, text)
    page.get_by_role("button", name="Save").first.click()
    page.locator(".wrong").first.wait_for()
    looks_fit(page)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/unknown", 404),
        ("/admin/sources/nobody", 404),
        ("/admin/health/hosts", 500),
    ],
)
def test_a_page_that_cannot_be_given_is_fit_for_everyone(
    page: Page, demo: Desk, path: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo.lookup.desk, "hosts", lambda: 1 // 0)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    looks_fit(page)


def test_a_form_that_is_not_ours_is_refused_in_a_page_fit_for_everyone(page: Page) -> None:
    page.goto("/admin/tokens")
    page.evaluate("document.querySelectorAll('input[name=token]').forEach(one => one.value = 'strange')")
    page.fill("#name", "robot")
    with page.expect_response(lambda answer: answer.request.method == "POST") as refused:
        page.keyboard.press("Enter")
    assert refused.value.status == 403
    page.get_by_text("Nothing was changed").wait_for()
    looks_fit(page)


def test_the_door_is_fit_for_everyone(demo: Desk, window: BrowserContext) -> None:
    assert window.browser is not None
    stranger = window.browser.new_context(base_url=demo.url)
    page = stranger.new_page()
    page.goto("/admin/")
    assert violations(page) == []
    stranger.close()
