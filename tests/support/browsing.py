"""A real browser at a real desk: the demo's website, scraped once, served with an admin, and Chromium to look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import axe_playwright_python
from argon2 import PasswordHasher
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from feedsvc.config.loading import load
from feedsvc.demo import Site, SiteServer, write_configuration
from feedsvc.service import Service
from feedsvc.service.access import Access
from feedsvc.service.lookup import Lookup
from feedsvc.web import create_app
from tests.support.running import free_port, needed, served

NAME, PASSWORD = "ada", "correct horse battery"
#: What keeps Chromium to the pages that it is sent to.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
#: Milliseconds that a busy machine may take for one step.
PATIENCE = 30_000
#: What WCAG 2.2 AA asks for.
_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Desk:
    """The demo, scraped and served."""

    url: str
    #: The website that is watched, with its last slash.
    site: str
    service: Service
    lookup: Lookup
    #: How far the website's clock is ahead: a release comes out each day.
    ahead: list[timedelta] = field(default_factory=lambda: [timedelta()])

    def release(self) -> None:
        """Let the website publish something new."""
        self.ahead[0] += timedelta(days=1)


@contextmanager
def desk(folder: Path, *, targets: tuple[str, ...] = ()) -> Iterator[Desk]:
    """The demo's website, watched by a service whose web side is served with an admin.

    ``targets``: further websites on loopback that may be looked at.
    """
    opened, port, ahead = datetime.now(UTC).replace(microsecond=0), free_port(), [timedelta()]
    url = f"http://127.0.0.1:{port}"
    site = Site(opened=opened, every=timedelta(days=1))
    with SiteServer(site, clock=lambda: opened + ahead[0]) as server:
        write_configuration(folder / "config", site_url=server.url, base_url=url)
        allowed = (server.url.removeprefix("http://").rstrip("/"), *targets)
        config = load(folder / "config", {"FEEDSVC_ALLOW_TARGETS": ",".join(allowed)}, {"data": str(folder / "data")})
        with Service.open(config) as service, Lookup.open(config) as lookup:
            service.scrape(service.keys(every=True))
            hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
            lookup.desk.__dict__["access"] = Access(service.store, clock=service.clock, hasher=hasher)
            lookup.desk.access.create(NAME, PASSWORD)
            with served(create_app(lookup), port=port):
                yield Desk(url=url, site=server.url, service=service, lookup=lookup, ahead=ahead)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, with an empty profile; the tests are skipped where it is not installed."""
    program = needed("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS), timeout=PATIENCE * 2)
        yield browser
        browser.close()


def signed_in(browser: Browser, desk: Desk, *, scripts: bool = True, width: int = 1400) -> BrowserContext:
    """A window of the admin's; with ``scripts`` off, nothing but links and forms work."""
    context = browser.new_context(
        base_url=desk.url, java_script_enabled=scripts, viewport={"width": width, "height": 900}
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/admin/sign-in")
    page.fill("#name", NAME)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/admin/")
    page.close()
    return context


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is shown, one line a fault."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found = page.evaluate("standards => axe.run({runOnly: {type: 'tag', values: standards}})", STANDARDS)
    return [f"{one['id']}: {one['help']}: {node['html'][:160]}" for one in found["violations"] for node in one["nodes"]]
