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


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_fit_for_everyone(page: Page, demo: Desk, path: str) -> None:
    answer = page.goto(concrete(path, demo))
    assert answer is not None
    assert answer.status == 200
    for scheme, width in (("light", 1400), ("dark", 400)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert violations(page) == [], (scheme, width)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (scheme, width)


def test_the_door_is_fit_for_everyone(demo: Desk, window: BrowserContext) -> None:
    assert window.browser is not None
    stranger = window.browser.new_context(base_url=demo.url)
    page = stranger.new_page()
    page.goto("/admin/")
    assert violations(page) == []
    stranger.close()
