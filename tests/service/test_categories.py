"""An admin shapes the tree: what is moved is found under its new path, and everybody is led there."""

from __future__ import annotations

import threading

import pytest
from werkzeug.test import Client

from feedsvc.errors import StoreError
from feedsvc.model import Category, FeedRef, Source
from feedsvc.service import categories as pacing_of_categories
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.service.source_form import read_category
from feedsvc.service.taking_up import take_up
from feedsvc.store import ARCHIVE_SIZE
from feedsvc.web import create_app
from tests.support.serving import Serving
from tests.support.stores import ACME, record, release


def titles(service: Serving, path: str) -> list[str]:
    return [one.entry.title for one in service.store.entries.newest(FeedRef(kind="category", key=path), limit=500)]


def look(service: Serving, path: str) -> tuple[int, str]:
    service.feeds.poll()
    answer = Client(create_app(service)).get(path, base_url="https://feeds.example")
    return answer.status_code, answer.headers.get("Location", "")


def test_a_category_moves_with_its_entries_identity_and_addresses(service: Serving) -> None:
    before = service.store.feeds.state(FeedRef(kind="category", key="company/releases"))
    assert before is not None
    moved = service.desk.categories.move("company/releases", "industry/acme")
    assert (moved.entries, moved.sources, moved.is_merged) == (3, 1, False)
    assert len(titles(service, "industry/acme")) == len(titles(service, "industry")) == 3
    assert titles(service, "company") == []
    after = service.store.feeds.state(FeedRef(kind="category", key="industry/acme"))
    assert after is not None
    assert after.identity.uuid == before.identity.uuid
    assert look(service, "/feeds/company/releases.atom") == (301, "https://feeds.example/feeds/industry/acme.atom")
    assert look(service, "/feeds/industry/acme.atom")[0] == 200
    branch = service.desk.categories.get("industry/acme")
    assert (branch.category.title, branch.entries, branch.sources) == ("Releases", 3, ("acme",))
    assert branch.former == ("company/releases",)


def test_a_moved_category_stays_moved_when_the_configuration_is_read_again(service: Serving) -> None:
    service.desk.categories.move("company", "industry")
    take_up(service.store, service.config, now=service.now)
    paths = [category.path for category in service.store.categories()]
    assert "industry/releases" in paths
    assert not [path for path in paths if path.startswith("company")]
    service.publish(release(9))
    assert "Release number 9 of the Acme company" in titles(service, "industry/releases")
    assert look(service, "/feeds/company.rss") == (301, "https://feeds.example/feeds/industry.rss")
    assert look(service, "/feeds/company/releases.rss") == (301, "https://feeds.example/feeds/industry/releases.rss")


def test_what_moves_twice_leads_to_where_it_is_and_back_again(service: Serving) -> None:
    categories = service.desk.categories
    categories.move("company/releases", "one")
    categories.move("one", "two")
    assert look(service, "/feeds/company/releases.atom") == (301, "https://feeds.example/feeds/two.atom")
    categories.move("two", "company/releases")
    take_up(service.store, service.config, now=service.now)
    assert look(service, "/feeds/company/releases.atom")[0] == 200
    for old in ("one", "two"):
        assert look(service, f"/feeds/{old}.atom") == (301, "https://feeds.example/feeds/company/releases.atom")
    assert len(titles(service, "company/releases")) == 3


def test_categories_that_are_merged_show_what_both_had(service: Serving) -> None:
    other = Source(key="other", urls=("https://other.example/",), title="Other", category="company/empty")
    service.store.sources.sync((ACME, other), now=service.now)
    record(service.store, release(50, title="Of the other"), source=other, now=service.now)
    moved = service.desk.categories.move("company/empty", "company/releases")
    assert moved.is_merged
    assert moved.entries == moved.sources == 1
    assert len(titles(service, "company/releases")) == 4
    assert look(service, "/feeds/company/empty.json") == (301, "https://feeds.example/feeds/company/releases.json")
    state = service.store.sources.get("other")
    assert state is not None
    assert state.source.category == "company/releases"


def test_archives_of_a_moved_category_go_along(service: Serving) -> None:
    service.publish(*[release(number) for number in range(10, 20 + ARCHIVE_SIZE)])
    assert service.store.archive_count(FeedRef(kind="category", key="company/releases")) == 1
    service.desk.categories.move("company/releases", "acme")
    assert service.store.archive_count(FeedRef(kind="category", key="acme")) == 1
    assert look(service, "/feeds/acme/_archive/1.atom")[0] == 200
    archived = service.store.archive(FeedRef(kind="all"), 1)
    assert {one.categories for one in archived} == {("acme",)}


def test_breadcrumbs_of_a_moved_category_lead_to_where_it_went(service: Serving) -> None:
    paper = Source(key="paper", urls=("https://paper.example/",), title="Paper")
    record(service.store, release(60, category_path=("Science", "Comets")), source=paper, now=service.now)
    service.desk.categories.move("science/comets", "space/comets")
    record(service.store, release(61, category_path=("Science", "Comets")), source=paper, now=service.now)
    assert len(titles(service, "space/comets")) == len(titles(service, "space")) == 2
    service.desk.categories.remove("space/comets")
    record(service.store, release(62, category_path=("Science", "Comets")), source=paper, now=service.now)
    assert len(titles(service, "science")) == 1
    assert len(titles(service, "space")) == 2


def test_a_removed_category_is_gone_and_its_entries_go_above(service: Serving) -> None:
    with pytest.raises(Unfit, match="holds sources"):
        service.desk.categories.remove("company/releases")
    service.desk.tuning.file_under(["acme"], "company/empty")
    service.desk.categories.remove("company/releases")
    take_up(service.store, service.config, now=service.now)
    assert look(service, "/feeds/company/releases.rss") == (410, "")
    assert len(titles(service, "company/empty")) == 3
    service.desk.categories.create("company/releases", {"title": "Again"})
    assert look(service, "/feeds/company/releases.rss")[0] == 200


def test_what_an_admin_says_of_a_category_stands_over_what_is_declared(service: Serving) -> None:
    categories = service.desk.categories
    categories.edit("company/releases", {"title": "What we release", "language": "de"})
    take_up(service.store, service.config, now=service.now)
    service.feeds.poll()
    assert service.feeds.catalogue.categories["company/releases"].title == "What we release"
    branch = categories.get("company/releases")
    assert set(branch.overrides) == {"title", "language"}
    assert branch.declared is not None
    assert branch.declared.title == "Releases"
    assert categories.reset("company/releases", ["title"])
    assert categories.get("company/releases").category == Category(
        path="company/releases", title="Releases", description="What the company releases", language="de"
    )
    assert categories.reset("company/releases")
    assert not categories.reset("company/releases")
    assert categories.get("company/releases").category.language == "en"


def test_a_category_needs_nothing_but_its_path(service: Serving) -> None:
    assert service.desk.categories.create("fresh/one", {}).title == "one"
    assert service.desk.categories.get("fresh").entries == 0


@pytest.mark.parametrize(
    ("path", "texts", "field"),
    [
        ("", {}, "path"),
        ("All Caps", {}, "path"),
        ("a/b/c/d/e/f/g", {}, "path"),
        ("all", {}, "path"),
        ("_x", {}, "path"),
        ("company", {}, "path"),
        ("fresh", {"title": ""}, "title"),
        ("fresh", {"title": "x" * 201}, "title"),
        ("fresh", {"title": "x" * 5000}, "title"),
        ("fresh", {"language": "klingon!"}, "language"),
        ("fresh", {"image": "javascript:alert(1)"}, "image"),
        ("fresh", {"content": "everything"}, "content"),
        ("fresh", {"colour": "red"}, "colour"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(
    service: Serving, path: str, texts: dict[str, str], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        service.desk.categories.create(path, texts)
    assert list(refused.value.faults) == [field]
    assert refused.value.faults[field].endswith(".")
    assert "fresh" not in [category.path for category in service.store.categories()]


@pytest.mark.parametrize(
    "to", ["", "company/releases", "company/releases/below", "company", "Not A Path", "all", "a/b/c/d/e/f/g"]
)
def test_a_category_goes_nowhere_it_cannot_be(service: Serving, to: str) -> None:
    with pytest.raises(Unfit):
        service.desk.categories.move("company/releases", to)
    assert len(titles(service, "company/releases")) == 3


def test_a_category_that_is_not_there_cannot_be_moved(service: Serving) -> None:
    with pytest.raises(Unknown):
        service.desk.categories.move("nowhere", "x")
    with pytest.raises(Unknown):
        service.desk.categories.remove("nowhere")


def test_an_entry_that_an_admin_filed_stays_there(service: Serving) -> None:
    uuid = service.store.entries.newest(FeedRef(kind="all"), limit=1)[0].uuid
    assert service.desk.editing.file_under(uuid, "desk/choice")
    assert [one.uuid for one in service.store.entries.newest(FeedRef(kind="category", key="desk"), limit=9)] == [uuid]
    assert len(titles(service, "company/releases")) == 2
    assert look(service, "/feeds/desk/choice.atom")[0] == look(service, "/feeds/desk.atom")[0] == 200
    service.desk.tuning.file_under(["acme"], "company/empty")
    assert len(titles(service, "desk/choice")) == 1
    service.desk.categories.move("desk/choice", "picked")
    assert service.desk.editing.get(uuid).categories == ("picked",)
    assert service.desk.editing.file_under(uuid, None)
    assert service.desk.editing.get(uuid).categories == ("company/empty",)
    assert titles(service, "picked") == []


@pytest.mark.parametrize("path", ["/", "/x", "x/", "x//y", "//"])
def test_a_path_with_nothing_between_its_slashes_is_none(service: Serving, path: str) -> None:
    before = service.store.categories()
    with pytest.raises(Unfit):
        service.desk.categories.create(path, {})
    with pytest.raises(Unfit):
        service.desk.categories.move("company", path)
    with pytest.raises(Unfit):
        service.desk.editing.file_under(service.store.entries.newest(FeedRef(kind="all"), limit=1)[0].uuid, path)
    assert read_category(path)[1], "the forms of sources, and their files"
    assert service.store.categories() == before


def test_a_category_may_have_the_name_of_a_saved_feed_that_ended(service: Serving) -> None:
    service.desk.filters.save("evil", {"words": "number"})
    service.desk.filters.remove("evil")
    assert look(service, "/feeds/evil.atom")[0] == 410
    service.desk.categories.create("evil", {})
    service.desk.tuning.file_under(["acme"], "evil")
    assert look(service, "/feeds/evil.atom")[0] == 200
    assert len(titles(service, "evil")) == 3


def test_a_parent_that_comes_back_has_its_feed_again(service: Serving) -> None:
    categories = service.desk.categories
    for path in ("removed", "moved", "filed", "edited", "target"):
        categories.create(path, {})
    for path in ("removed", "filed", "edited", "target"):
        categories.remove(path)
    categories.move("moved", "elsewhere")
    categories.create("removed/child", {})
    categories.create("moved/child", {})
    categories.move("elsewhere", "target/child")
    service.desk.tuning.file_under(["acme"], "filed/child")
    service.desk.editing.file_under(service.store.entries.newest(FeedRef(kind="all"), limit=1)[0].uuid, "edited/child")
    for path in ("removed", "moved", "filed", "edited", "target"):
        for at in (path, f"{path}/child"):
            assert look(service, f"/feeds/{at}.atom")[0] == 200, at


def test_the_category_for_entries_without_one_stays_while_it_has_any(service: Serving) -> None:
    uuid = service.store.entries.newest(FeedRef(kind="all"), limit=1)[0].uuid
    service.desk.editing.file_under(uuid, "news")
    with pytest.raises(Unfit, match="entries"):
        service.desk.categories.remove("news")
    assert look(service, "/feeds/news.atom")[0] == 200
    service.desk.editing.file_under(uuid, None)
    service.desk.categories.remove("news")


def test_a_move_that_fails_on_its_way_changes_nothing(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [category.path for category in service.store.categories()]

    def broken(*_: object, **__: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(pacing_of_categories, "repace", broken)
    with pytest.raises(StoreError):
        service.desk.categories.move("company", "industry")
    assert [category.path for category in service.store.categories()] == before
    assert len(titles(service, "company")) == 3
    state = service.store.sources.get("acme")
    assert state is not None
    assert state.source.category == "company/releases"


def test_of_many_who_make_one_category_one_does(service: Serving) -> None:
    said: list[str] = []

    def make(title: str) -> None:
        try:
            service.desk.categories.create("fresh", {"title": title})
        except Unfit:
            return
        said.append(title)

    threads = [threading.Thread(target=make, args=(f"Title {number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == [service.desk.categories.get("fresh").category.title]
