"""A category's cadence decided at the desk: sources below that choose nothing follow, and go back with a reset."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, load
from feedsvc.config.category_tree import read_tree
from feedsvc.config.document import Document, parse
from feedsvc.model import Cadence, Source
from feedsvc.service.categories import Categories
from feedsvc.service.origin import cadence_from
from feedsvc.service.pacing import paced
from feedsvc.service.refusal import Unfit
from feedsvc.service.taking_up import take_up
from feedsvc.service.tuning import Tuning
from feedsvc.store import Store

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TREE = """
[company]
every = "2h"
active = "06:00-23:00"
[company.releases]
title = "Releases"
[blog]
title = "Blog"
"""


class Desk:
    """A store under a configuration of files, with what the desk does about categories and sources."""

    def __init__(self, folder: Path) -> None:
        (folder / "sources").mkdir()
        self.folder = folder
        (folder / "categories.toml").write_text(TREE, encoding="utf-8")
        self.declare("acme", 'category = "company/releases"')
        self.declare("own", 'category = "company/releases"\nevery = "1h"')
        self.store = Store.open(f"sqlite:///{folder / 'test.sqlite3'}", clock=lambda: NOW)
        self.categories = Categories(self.store, self.config, clock=lambda: NOW)
        self.tuning = Tuning(self.store, self.config, clock=lambda: NOW)
        self.take_up()

    def declare(self, key: str, text: str) -> None:
        (self.folder / f"sources/{key}.toml").write_text(f'url = "https://{key}.example/"\n{text}\n', encoding="utf-8")

    def config(self) -> Config:
        return load(self.folder, {"HOME": str(self.folder)})

    def take_up(self) -> None:
        take_up(self.store, self.config(), now=NOW)

    def cadence(self, key: str) -> Cadence:
        state = self.store.sources.get(key)
        assert state is not None
        return state.source.cadence

    def origin(self, key: str) -> str:
        state = self.store.sources.get(key)
        assert state is not None
        return cadence_from(state, paced(self.config(), self.store.categories_kept.decided()))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_sources_below_follow_what_an_admin_chose_and_a_reset_takes_it_back(desk: Desk) -> None:
    desk.categories.edit("company", {"budget": "24/day", "active": ""})
    assert desk.cadence("acme") == Cadence(budget=(24, DAY))
    assert desk.cadence("own") == Cadence(every=HOUR)
    assert desk.origin("acme") == "category company"
    branch = desk.categories.get("company")
    assert (branch.overrides, branch.declared_cadence) == (("cadence",), Cadence(every=2 * HOUR, active="06:00-23:00"))
    assert desk.categories.reset("company", ["cadence"])
    assert desk.cadence("acme") == Cadence(every=2 * HOUR, active="06:00-23:00")
    assert desk.categories.get("company").overrides == ()
    assert not desk.categories.reset("company")


def test_the_decision_outlives_a_changed_configuration(desk: Desk) -> None:
    desk.categories.edit("company/releases", {"every": "15m"})
    desk.declare("acme", 'category = "company/releases"\ntitle = "Acme"')
    desk.take_up()
    assert desk.cadence("acme") == Cadence(every=HOUR / 4, active="06:00-23:00")
    assert desk.origin("acme") == "category company/releases, active hours from category company"


def test_what_equals_the_declaration_is_no_override(desk: Desk) -> None:
    desk.categories.edit("company", {"every": "3h", "title": "Firm"})
    assert set(desk.categories.get("company").overrides) == {"cadence", "title"}
    desk.categories.edit("company", {"every": "2h", "title": "Company", "description": ""})
    assert desk.categories.get("company").overrides == ()


def test_the_decision_goes_along_when_the_category_moves(desk: Desk) -> None:
    desk.categories.edit("company", {"every": "15m"})
    desk.categories.move("company", "industry")
    desk.take_up()
    assert desk.cadence("acme").every == HOUR / 4
    assert desk.origin("acme") == "category industry"


def test_an_admins_own_choice_for_a_source_stays(desk: Desk) -> None:
    desk.tuning.schedule(["acme"], Cadence(every=HOUR))
    desk.categories.edit("company", {"every": "15m"})
    assert desk.cadence("acme").every == HOUR
    desk.tuning.reset("acme", ["cadence"])
    assert desk.cadence("acme").every == HOUR / 4


def test_a_source_made_at_the_desk_may_leave_it_to_its_category(desk: Desk) -> None:
    left = Cadence(from_category=True)
    desk.tuning.add(Source(key="new", urls=("https://new.example/",), title="New", category="company", cadence=left))
    assert desk.cadence("new") == Cadence(every=2 * HOUR, active="06:00-23:00", from_category=True)
    assert desk.origin("new") == "category company"
    desk.categories.edit("company", {"every": "15m"})
    assert desk.cadence("new").every == HOUR / 4
    desk.tuning.file_under(["new"], "blog")
    assert desk.cadence("new") == Cadence(budget=(48, DAY), from_category=True)
    assert desk.origin("new") == "the default for new sources"
    desk.tuning.schedule(["new"], Cadence(every=HOUR))
    assert desk.cadence("new") == Cadence(every=HOUR)


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"every": "soon"}, "every"),
        ({"cron": "* * * *"}, "cron"),
        ({"budget": "10000000/hour"}, "budget"),
        ({"every": "1h", "budget": "48/day"}, "budget"),
        ({"active": "25:00-26:00"}, "active"),
        ({"every": "1h", "language": "<b>"}, "language"),
    ],
)
def test_a_cadence_that_will_not_do_is_refused_and_nothing_is_kept(
    desk: Desk, texts: dict[str, str], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        desk.categories.edit("company", texts)
    assert list(refused.value.faults) == [field]
    assert desk.categories.get("company").overrides == ()


def test_the_exported_tree_declares_what_is_in_force(desk: Desk) -> None:
    desk.categories.edit("company", {"cron": "0 9 * * mon-fri", "description": "All of it"})
    desk.categories.move("blog", "company/journal")
    desk.categories.create("新闻/国际", {"title": '"Quoted" = [1]'})
    document = parse(desk.categories.toml(), name="categories.toml")
    assert isinstance(document, Document)
    tree, faults = read_tree(document)
    assert faults == []
    assert {one.path: one.title for one in tree.categories}["新闻/国际"] == '"Quoted" = [1]'
    assert tree.cadences == {"company": Cadence(cron="0 9 * * mon-fri", active="06:00-23:00")}
    assert {one.path: one.was for one in tree.categories}["company/journal"] == ("blog",)
