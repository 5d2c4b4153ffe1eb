"""Renderings: made once per change, shared by processes, never in the way."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import StoreError
from feedsvc.model import Category, Feed, FeedRef, Filter, Format
from feedsvc.publish.assemble import Variant
from feedsvc.service import renderer as module
from feedsvc.service.document import Document
from feedsvc.service.feeds import FeedService
from feedsvc.store import FeedState
from feedsvc.web.conditional import http_date
from tests.support.serving import CATEGORIES, Serving, serving
from tests.support.stores import ACME, record, release

ALL = FeedRef(kind="all")
RELEASES = FeedRef(kind="category", key="company/releases")
COMPANY = FeedRef(kind="category", key="company")
ATOM = Document(ref=RELEASES, format=Format.ATOM)


@pytest.fixture
def renders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path of every feed that is rendered, as it happens."""
    made: list[str] = []
    plain = module.render

    def noted(feed, format, **options):  # type: ignore[no-untyped-def]
        made.append(feed.ref.path)
        return plain(feed, format, **options)

    monkeypatch.setattr(module, "render", noted)
    return made


def titles(service: FeedService, ref: FeedRef, **options: object) -> list[str]:
    rendering = service.rendering(Document(ref=ref, format=Format.JSON, **options))  # type: ignore[arg-type]
    assert rendering is not None
    return [item["title"].split(" of ")[0] for item in json.loads(rendering.identity)["items"]]


def test_a_feed_is_rendered_once_however_often_it_is_asked_for(service: Serving, renders: list[str]) -> None:
    first = service.feeds.rendering(ATOM)
    assert first is not None
    assert service.feeds.rendering(ATOM) is first
    assert renders == ["feeds/company/releases"]


def test_another_process_takes_the_kept_bytes(service: Serving, renders: list[str]) -> None:
    first = service.feeds.rendering(ATOM)
    other = FeedService(service.store, lambda: service.config, clock=lambda: service.now + timedelta(days=1))
    assert other.rendering(ATOM) == first
    assert len(renders) == 1


def test_many_requests_at_a_time_wait_for_one_rendering(service: Serving, renders: list[str]) -> None:
    threads = [threading.Thread(target=service.feeds.rendering, args=(ATOM,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(renders) == 1


def test_a_change_is_rendered_when_it_is_noticed_and_not_in_a_request(service: Serving, renders: list[str]) -> None:
    service.feeds.rendering(ATOM)
    service.publish(release(4))
    assert len(renders) == 2
    assert titles(service.feeds, RELEASES)[0] == "Release number 4"


def test_a_feed_that_nobody_asked_for_in_seven_days_is_rendered_at_its_next_request_and_once(
    service: Serving, renders: list[str]
) -> None:
    service.feeds.rendering(ATOM)
    service.publish(release(4), after=timedelta(days=7))
    assert len(renders) == 2
    service.publish(release(5), after=timedelta(seconds=1))
    assert len(renders) == 2
    for _ in range(2):
        rendering = service.feeds.rendering(ATOM)
        assert rendering is not None
        assert b"Release number 5 " in rendering.identity
    assert len(renders) == 3


def test_what_was_asked_for_within_seven_days_is_known_after_a_restart(service: Serving, renders: list[str]) -> None:
    service.feeds.rendering(ATOM)
    service.feeds.run_errands()
    for days, is_rendered in ((6, True), (2, False)):
        other = FeedService(service.store, lambda: service.config, clock=lambda: service.now)
        other.poll()
        renders.clear()
        service.now += timedelta(days=days)
        record(service.store, release(10 + days), now=service.now)
        other.poll()
        assert ("feeds/company/releases" in renders) == is_rendered


def test_variants_and_archives_wait_for_their_next_request(service: Serving, renders: list[str]) -> None:
    service.publish(*[release(number) for number in range(4, 154)])
    short = Document(ref=RELEASES, format=Format.ATOM, variant=Variant(limit=10))
    archive = Document(ref=RELEASES, format=Format.ATOM, archive=1)
    for document in (ATOM, short, archive):
        service.feeds.rendering(document)
    renders.clear()
    service.publish(release(200))
    assert len(renders) == 1
    for document, count in ((ATOM, 1), (short, 2), (short, 2), (archive, 2)):
        assert service.feeds.rendering(document) is not None
        assert len(renders) == count


def test_what_changed_while_nobody_looked_is_rendered_by_the_first_look_and_before_no_answer(
    service: Serving, renders: list[str]
) -> None:
    for ref in (RELEASES, COMPANY, ALL):
        titles(service.feeds, ref)
    service.feeds.run_errands()
    service.now += timedelta(hours=1)
    record(service.store, release(4), now=service.now)
    other = FeedService(service.store, lambda: service.config, clock=lambda: service.now)
    renders.clear()
    other.notice()
    assert "Release number 4" in titles(other, COMPANY)
    assert renders == ["feeds/company"]
    other.look()
    assert sorted(renders[1:]) == ["feeds/all", "feeds/company/releases"]


def test_a_reader_is_given_the_last_bytes_while_new_ones_are_made(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, meanwhile = service.feeds.rendering(ATOM), []
    during_the_first_rendering(monkeypatch, lambda: meanwhile.append(service.feeds.rendering(ATOM)))
    service.publish(release(4))
    assert meanwhile == [before]
    assert service.feeds.rendering(ATOM) not in (None, before)


def test_a_change_of_another_process_is_noticed_by_a_look(service: Serving) -> None:
    other = FeedService(service.store, lambda: service.config, clock=lambda: service.now)
    assert len(titles(other, RELEASES)) == 3
    service.publish(release(4))
    assert len(titles(other, RELEASES)) == 3
    assert other.poll()
    assert len(titles(other, RELEASES)) == 4
    assert not other.poll()


def test_a_parent_and_all_and_the_source_show_what_a_category_shows(service: Serving) -> None:
    for ref in (RELEASES, COMPANY, ALL, FeedRef(kind="source", key="acme")):
        assert titles(service.feeds, ref) == [f"Release number {number}" for number in (3, 2, 1)]


def test_last_modified_stays_where_bytes_stay(service: Serving) -> None:
    first = service.feeds.rendering(ATOM)
    service.publish(release(9, title="Elsewhere"))
    service.configure(server={"base_url": "https://feeds.example"}, feeds={"title": "Example feeds", "window_max": 99})
    service.feeds.poll()
    second = service.feeds.rendering(ATOM)
    assert first is not None
    assert second is not None
    assert (second.etag == first.etag) == (second.last_modified == first.last_modified)


def test_last_modified_is_when_the_bytes_changed_not_the_release_date(service: Serving) -> None:
    service.publish(release(5))
    rendering = service.feeds.rendering(ATOM)
    assert rendering is not None
    assert rendering.last_modified == service.now


def test_a_changed_setting_is_taken_up(service: Serving) -> None:
    before = service.feeds.rendering(ATOM)
    service.configure(server={"base_url": "https://other.example/news/"})
    assert service.feeds.poll()
    after = service.feeds.rendering(ATOM)
    assert before is not None
    assert after is not None
    assert b"https://other.example/news/feeds/company/releases.atom" in after.identity


def during_the_first_rendering(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen while the next rendering is being made, after its entries were read."""
    plain, waiting = module.render, [happens]

    def interrupted(feed, format, **options):  # type: ignore[no-untyped-def]
        if waiting:
            waiting.pop()()
        return plain(feed, format, **options)

    monkeypatch.setattr(module, "render", interrupted)


def test_a_setting_changed_while_a_feed_is_rendered_for_the_first_time_is_taken_up(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed() -> None:
        service.configure(server={"base_url": "https://other.example/news/"})
        assert service.feeds.poll()

    during_the_first_rendering(monkeypatch, changed)
    rendering = service.feeds.rendering(ATOM)
    assert rendering is not None
    assert b"https://other.example/news/feeds/company/releases.atom" in rendering.identity
    assert service.feeds.rendering(ATOM) == rendering


def test_a_release_committed_while_a_feed_is_rendered_for_the_first_time_is_shown(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    during_the_first_rendering(monkeypatch, lambda: service.publish(release(4)))
    titles(service.feeds, RELEASES)
    assert titles(service.feeds, RELEASES)[0] == "Release number 4"


def test_a_changed_window_is_taken_up(service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 12)])
    assert len(titles(service.feeds, RELEASES)) == 11
    service.configure(feeds={"window_min": 2, "window_max": 2})
    service.feeds.poll()
    assert len(titles(service.feeds, RELEASES)) == 2


def test_a_changed_saved_feed_is_taken_up(service: Serving) -> None:
    saved, name = FeedRef(kind="filter", key="some"), "some"
    service.config = replace(service.config, filters=(Filter(name=name, title="Some", words=("release 2",)),))
    service.feeds.poll()
    assert titles(service.feeds, saved) == ["Release number 2"]
    service.config = replace(service.config, filters=(Filter(name=name, title="Some", words=("release 3",)),))
    service.feeds.poll()
    assert titles(service.feeds, saved) == ["Release number 3"]


def test_the_list_of_feeds_says_when_it_last_changed(service: Serving) -> None:
    before = service.feeds.opml()
    service.now += timedelta(days=1)
    service.publish(release(4))
    assert service.feeds.opml() == before
    service.config = replace(service.config, categories=(*CATEGORIES, Category(path="later", title="Later")))
    service.feeds.poll()
    after = service.feeds.opml()
    assert after.last_modified == service.now
    assert http_date(service.now).encode() in after.identity


def test_feeds_go_on_while_the_store_cannot_be_read(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    before = service.feeds.rendering(ATOM)

    def broken() -> int:
        raise StoreError("database is locked")

    monkeypatch.setattr(service.store.feeds, "changes", broken)
    assert not service.feeds.poll()
    assert "locked" in service.feeds.trouble
    assert service.feeds.rendering(ATOM) is before


def test_what_leaves_the_window_is_in_an_archive(service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 254)])
    current = titles(service.feeds, RELEASES)
    first, second = (titles(service.feeds, RELEASES, archive=number) for number in (1, 2))
    assert len(first) == len(second) == 100
    assert len({*current, *first, *second}) == 253
    assert service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON, archive=3)) is None
    newest = service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON))
    assert newest is not None
    assert json.loads(newest.identity)["next_url"] == "https://feeds.example/feeds/company/releases/_archive/2.json"


def test_invented_archives_cost_no_query_and_are_not_remembered(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON, archive=7)) is None
    asked: list[object] = []
    monkeypatch.setattr(service.store.feeds, "state", asked.append)
    monkeypatch.setattr(service.store.renderings, "get", lambda *one: asked.append(one))
    for number in range(8, 50):
        assert service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON, archive=number)) is None
        assert not service.feeds.is_next_archive(RELEASES, number)
    monkeypatch.setattr(service.store.renderings, "note_asked", lambda found, now: asked.extend(found))
    service.feeds.run_errands()
    assert not asked


def test_an_archive_is_there_as_soon_as_it_is_closed(service: Serving) -> None:
    assert service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON, archive=1)) is None
    service.publish(*[release(number) for number in range(10, 130)])
    assert service.feeds.rendering(Document(ref=RELEASES, format=Format.JSON, archive=1)) is not None


def test_a_rendering_that_failed_is_tried_again(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    titles(service.feeds, RELEASES)

    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is away for a moment")

    with monkeypatch.context() as away:
        away.setattr(service.feeds.assembler, "feed", broken)
        service.publish(release(4))
        assert len(titles(service.feeds, RELEASES)) == 3
        assert not service.feeds.poll()
    before = service.feeds.generation
    assert service.feeds.poll()
    assert service.feeds.generation > before
    assert len(titles(service.feeds, RELEASES)) == 4
    assert not service.feeds.poll()


def test_a_feed_that_cannot_be_written_does_not_stop_the_others(
    service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    for ref in (RELEASES, COMPANY):
        titles(service.feeds, ref)
    plain = service.feeds.assembler.feed

    def broken(document: Document, state: FeedState) -> Feed:
        if document.ref == RELEASES:
            raise ValueError("of our own making")
        return plain(document, state)

    monkeypatch.setattr(service.feeds.assembler, "feed", broken)
    service.publish(release(4))
    assert len(titles(service.feeds, COMPANY)) == 4
    assert len(titles(service.feeds, RELEASES)) == 3
    assert not service.feeds.poll()


def test_an_archive_stays_byte_for_byte_when_others_come(service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 154)])
    archive = Document(ref=RELEASES, format=Format.ATOM, archive=1)
    before = service.feeds.rendering(archive)
    service.publish(*[release(number) for number in range(154, 304)])
    after = service.feeds.rendering(archive)
    assert before is not None
    assert after is not None
    assert (after.identity, after.last_modified) == (before.identity, before.last_modified)


def test_variants_show_less_or_more(service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 154)])
    assert len(titles(service.feeds, RELEASES, variant=Variant(limit=10))) == 10
    assert len(titles(service.feeds, RELEASES, variant=Variant(limit=200))) == 153
    short = service.feeds.rendering(Document(ref=RELEASES, format=Format.ATOM, variant=Variant(content="none")))
    assert short is not None
    assert b"<content" not in short.identity


def test_max_age_is_a_quarter_of_the_shortest_gap_within_bounds(service: Serving) -> None:
    rendering = service.feeds.rendering(ATOM)
    assert rendering is not None
    assert rendering.max_age == 300


def test_a_withdrawn_entry_disappears_and_leaves_a_tombstone(service: Serving) -> None:
    (uuid,) = service.publish(release(4))
    service.feeds.rendering(ATOM)
    service.now += timedelta(hours=1)
    service.store.entries.withdraw(uuid, now=service.now)
    service.feeds.poll()
    after = service.feeds.rendering(ATOM)
    assert after is not None
    assert f'deleted-entry ref="urn:uuid:{uuid}"'.encode() in after.identity
    assert len(titles(service.feeds, RELEASES)) == 3


def test_a_changed_declaration_is_noticed_by_whoever_read_the_files_first(tmp_path: Path) -> None:
    service = serving(tmp_path)
    service.feeds.poll()
    assert not service.feeds.poll()
    service.store.sources.sync([replace(ACME, title="Acme, renamed")], now=service.now)
    assert service.feeds.poll()
    assert service.feeds.catalogue.title(FeedRef(kind="source", key="acme")) == "Acme, renamed"
    service.store.categories_kept.declare([replace(CATEGORIES[0], title="The company"), *CATEGORIES[1:]])
    assert service.feeds.poll()
    service.store.sources.sync([replace(ACME, title="Acme, renamed")], now=service.now)
    service.store.categories_kept.declare([replace(CATEGORIES[0], title="The company"), *CATEGORIES[1:]])
    assert not service.feeds.poll()


@pytest.fixture
def watching(service: Serving) -> Iterator[Watching]:
    made = Watching(service)
    for ref in (RELEASES, COMPANY, ALL, FeedRef(kind="source", key="acme")):
        titles(made.feeds, ref)
    yield made
    made.feeds.close()


class Watching:
    """A process that looks for changes every 0.4 seconds, by a clock of ours."""

    def __init__(self, service: Serving) -> None:
        self.service, self.seconds = service, 0.0
        self.feeds = FeedService(
            service.store, lambda: service.config, clock=lambda: service.now, monotonic=lambda: self.seconds
        )
        self.feeds.poll()

    def scraped(self, number: int) -> None:
        """A release is committed, and the next look comes."""
        self.service.now += timedelta(milliseconds=400)
        record(self.service.store, release(number), now=self.service.now)
        self.look()

    def look(self) -> None:
        self.seconds += 0.4
        self.feeds.look()


def test_its_own_category_shows_a_release_at_once_and_all_others_when_the_scrape_rests(
    watching: Watching, renders: list[str]
) -> None:
    for number in (4, 5, 6):
        watching.scraped(number)
        assert len(titles(watching.feeds, RELEASES)) == number
        assert len(titles(watching.feeds, ALL)) == 3
    assert renders == ["feeds/company/releases"] * 3
    watching.look()
    for ref in (COMPANY, ALL, FeedRef(kind="source", key="acme")):
        assert len(titles(watching.feeds, ref)) == 6
    assert sorted(renders[3:]) == ["feeds/all", "feeds/company", "sources/acme"]


def test_a_long_scrape_is_not_waited_for_longer_than_three_seconds(watching: Watching) -> None:
    for number in range(4, 14):
        watching.scraped(number)
    assert len(titles(watching.feeds, ALL)) > 10


def test_only_feeds_that_changed_are_looked_at_again(watching: Watching, monkeypatch: pytest.MonkeyPatch) -> None:
    titles(watching.feeds, FeedRef(kind="category", key="company/empty"))
    looked: list[str] = []
    plain = watching.feeds.assembler.state
    monkeypatch.setattr(watching.feeds.assembler, "state", lambda ref: looked.append(ref.path) or plain(ref))
    watching.scraped(4)
    watching.look()
    assert set(looked) == {"feeds/company/releases", "feeds/company", "feeds/all", "sources/acme"}


def test_while_the_store_refuses_what_is_served_stays_ready(
    watching: Watching, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is away for a moment")

    with monkeypatch.context() as away:
        away.setattr(watching.feeds.assembler, "feed", broken)
        watching.scraped(4)
        watching.look()
        generation = watching.feeds.generation
        watching.look()
        assert watching.feeds.generation == generation
    watching.look()
    assert len(titles(watching.feeds, RELEASES)) == 4


def test_a_saved_feed_asked_for_lately_is_rendered_when_anything_changes(service: Serving, renders: list[str]) -> None:
    service.config = replace(service.config, filters=(Filter(name="numbers", title="Numbers", words=("number",)),))
    service.feeds.poll()
    saved = FeedRef(kind="filter", key="numbers")
    titles(service.feeds, saved)
    service.feeds.run_errands()
    other = FeedService(service.store, lambda: service.config, clock=lambda: service.now)
    other.poll()
    service.now += timedelta(hours=1)
    record(service.store, release(4), now=service.now)
    renders.clear()
    other.poll()
    assert "feeds/numbers" in renders
