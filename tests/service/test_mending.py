"""What is kept is read again: replayed, checked, repaired, sanitized anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, Settings
from feedsvc.errors import ServiceError
from feedsvc.model import ReleaseRules, Rules
from feedsvc.scrape import Result
from feedsvc.service import Service
from feedsvc.service.mending import Mending
from feedsvc.service.repairing import propose
from feedsvc.store import Store
from tests.support.centre import NOON, SOURCE, SiteInMemory, scrape
from tests.support.stores import record, release

RULED = replace(
    SOURCE,
    rules=Rules(item="li.release", title="a", published=".date", release=ReleaseRules(title="h1", body="article")),
)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    config = Config(directory=tmp_path, data=tmp_path, settings=Settings(), categories=(), sources=(RULED,))
    with Service.open(config, clock=lambda: NOON) as opened:
        yield opened


@pytest.fixture
def store(service: Service) -> Store:
    return service.store


@pytest.fixture
def site(store: Store) -> SiteInMemory:
    made = SiteInMemory()
    made.publish(*range(1, 13))
    assert len(scrape(store, made, source=RULED).new) == 12
    return made


def redesigned(site: SiteInMemory) -> str:
    """The same releases under other class names and elements."""
    rows = "".join(
        f'<article class="teaser"><div class="meta">{site._day(number)}</div>'
        f'<h3><a href="/releases/{number}.html">{title}</a></h3></article>'
        for number, title in sorted(site.releases.items(), reverse=True)
    )
    return f"<html><body><h1>Newsroom</h1><main class='stream'>{rows}</main></body></html>"


@pytest.mark.usefixtures("site")
def test_a_replay_by_the_same_rules_changes_nothing(service: Service) -> None:
    found = service.replay("acme")
    assert found.is_same
    assert (len(found.listings), len(found.releases)) == (1, 12)
    assert (found.listings[0].items, found.listings[0].known) == (12, 12)


@pytest.mark.usefixtures("site")
def test_a_replay_by_other_rules_shows_what_would_differ(service: Service) -> None:
    rules = Rules(item="li.release:first-child", release=ReleaseRules(title=".date", body="article"))
    found = service.replay("acme", rules)
    assert (found.listings[0].items, len(found.listings[0].lost)) == (1, 11)
    changed = {change.field for one in found.releases for change in one.changes}
    assert "title" in changed


def test_a_source_without_kept_pages_is_said_so(service: Service) -> None:
    with pytest.raises(ServiceError, match="no pages of this source are kept"):
        service.replay("acme")


@pytest.mark.usefixtures("site")
def test_rules_that_fit_pass_and_those_that_do_not_are_named(service: Service, store: Store) -> None:
    (checked,) = service.check_rules()
    assert checked.faults == ()
    store.sources.override("acme", {"rules": {"published": ".when", "release": {"author": ".byline"}}})
    (checked,) = service.check_rules()
    assert any("published = '.when' matches in no item" in fault for fault in checked.faults)
    assert any("release.author = '.byline' matches on none of 12" in fault for fault in checked.faults)


def test_a_redesigned_page_is_read_again_by_induced_rules(service: Service, store: Store, site: SiteInMemory) -> None:
    site.pages["/releases/"] = redesigned(site)
    broken = scrape(store, site, source=RULED, now=NOON + timedelta(hours=1))
    assert not broken.result.is_good
    found = propose(service.state("acme"), store, site)
    assert found.new is not None, found.reason
    assert found.after is not None
    assert (found.before.recognized, found.after.recognized, found.after.same_title) == (0, 12, 12)
    assert found.new.item != "li.release"
    assert service.adopt(found)
    assert "now, as an admin asked" in service.state("acme").due_why
    site.publish(13)
    site.pages["/releases/"] = redesigned(site)
    in_force = service.state("acme").source
    assert in_force.rules == found.new
    healed = scrape(store, site, source=RULED, now=NOON + timedelta(hours=2))
    assert (healed.result.is_good, len(healed.new)) == (True, 1)


def test_a_page_of_something_else_is_not_repaired(service: Service, store: Store, site: SiteInMemory) -> None:
    links = "".join(f'<li><a href="/jobs/{at}.html">Open position {at} in our company</a></li>' for at in range(12))
    site.pages["/releases/"] = f"<html><body><ul class='jobs'>{links}</ul></body></html>"
    found = propose(service.state("acme"), store, site)
    assert found.new is None
    assert "no rules were found" in found.reason


def test_rules_that_work_need_no_repair(service: Service, store: Store, site: SiteInMemory) -> None:
    found = propose(service.state("acme"), store, site)
    assert (found.new, found.reason) == (None, "the rules in force read the page: nothing to repair")


def test_a_release_rule_that_matches_nowhere_is_dropped(service: Service, store: Store, site: SiteInMemory) -> None:
    store.sources.override("acme", {"rules": {"release": {"author": ".byline"}}})
    found = propose(service.state("acme"), store, site)
    assert found.new is not None
    assert (found.new.release.author, found.new.release.body) == (None, "article")


def test_originals_are_sanitized_again_under_the_same_id_and_date(service: Service, store: Store) -> None:
    dirty = release(1, content="<p onclick=x>Old sanitizer</p>", raw_content="<p onclick=x>Old sanitizer</p>")
    uuid = record(store, dirty).uuid
    before = store.entry(uuid)
    done = service.resanitize()
    after = store.entry(uuid)
    assert (done.entries, done.changed) == (1, (uuid,))
    assert before is not None
    assert after is not None
    assert after.entry.content == "<p>Old sanitizer</p>"
    assert (after.published, after.updated) == (before.published, before.updated)
    assert service.resanitize().changed == ()


@pytest.mark.parametrize("is_adopted", [True, False])
def test_a_broken_source_is_repaired_by_itself_where_the_settings_allow_it(
    service: Service, store: Store, site: SiteInMemory, is_adopted: bool
) -> None:
    scraping = service.config.settings.scrape.model_copy(update={"adopt_repairs": is_adopted})
    settings = service.config.settings.model_copy(update={"scrape": scraping})
    mending = Mending(store, lambda: replace(service.config, settings=settings), lambda: site, clock=lambda: NOON)
    site.pages["/releases/"] = redesigned(site)
    for hours in range(1, 4):
        outcome = scrape(store, site, now=NOON + timedelta(hours=hours), source=RULED)
        assert outcome.result is Result.QUARANTINED
        mending.after(outcome)
    site.publish(13)
    site.pages["/releases/"] = redesigned(site)
    last = scrape(store, site, now=NOON + timedelta(hours=4), source=RULED)
    assert last.result is (Result.WELL if is_adopted else Result.QUARANTINED)
    assert len(last.new) == is_adopted
