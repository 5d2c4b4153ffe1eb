"""How things stand, in words with remedies: settings and their origin, hosts, health, failures, backups."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from feedsvc.config import Watch, load
from feedsvc.model import Source
from feedsvc.service.desk import Desk
from feedsvc.service.following import Following
from feedsvc.service.lookup import Lookup
from feedsvc.service.refusal import Unfit, Unknown
from feedsvc.service.standing import MASK, Setting, settings_of
from feedsvc.store import Condition, ScrapeRecord
from tests.support.serving import Serving
from tests.support.stores import ACME


@pytest.fixture
def desk(service: Serving) -> Desk:
    return service.desk


def test_each_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text(
        '[fetch]\nhost_interval = "5s"\n\n[alerts]\nsmtp_password = "hunter2hunter2"\n',
        encoding="utf-8",
    )
    environ = {
        "FEEDSVC_FETCH_CONTACT": "me@example.org",
        "FEEDSVC_DATABASE_URL": "postgresql://feedsvc:s3cret@db.example/feeds",
    }
    config = load(tmp_path, environ, {"server.port": 9000, "data": tmp_path})
    found = {one.key: one for one in settings_of(config)}
    assert {key: (found[key].value, found[key].origin.kind, found[key].origin.where) for key in (
        "fetch.host_interval", "fetch.contact", "server.port", "fetch.max_body", "alerts.smtp_password",
    )} == {
        "fetch.host_interval": ("5s", "file", "feedsvc.toml, line 2"),
        "fetch.contact": ("me@example.org", "environment", "FEEDSVC_FETCH_CONTACT"),
        "server.port": ("9000", "option", "--port"),
        "fetch.max_body": ("10MiB", "default", ""),
        "alerts.smtp_password": (MASK, "file", "feedsvc.toml, line 5"),
    }  # fmt: skip
    assert found["server.port"].needs_restart
    assert found["fetch.host_interval"].default == "1s"
    assert not [one for one in found.values() if "hunter2" in repr(one) or "s3cret" in repr(one)]
    assert all(isinstance(one, Setting) and one.description is not None for one in found.values())


def test_hosts_are_listed_with_what_they_bear(desk: Desk, service: Serving) -> None:
    twin = Source(key="twin", urls=("https://NEWS.example/more",), title="Twin")
    other = Source(key="other", urls=("https://other.example:8443/",), title="Other")
    service.store.sources.sync((ACME, twin, other), now=service.now)
    record = ScrapeRecord(source="acme", started_at=service.now, finished_at=service.now, result="well", requests=4)
    service.store.scrapes.add(record)
    hosts = desk.hosts()
    assert [(one.host, one.sources) for one in hosts] == [
        ("news.example", ("acme", "twin")),
        ("other.example:8443", ("other",)),
    ]
    assert hosts[0].requests_a_day == pytest.approx(hosts[1].requests_a_day * 5)


def test_health_says_what_is_wrong_and_what_to_do(desk: Desk, service: Serving) -> None:
    health = desk.health()
    assert health.status == "degraded"
    assert "feedsvc up" in health.reasons[0]
    assert health.conditions[Condition.NEW] == 1
    assert health.entries == 3
    assert health.size
    service.store.leases.take("clock", "host:1:abc")
    assert desk.health().status == "ok"
    assert desk.health().clock == "process 1 on host"
    service.store.sources.plan({"acme": (service.now - timedelta(hours=2), "")})
    assert "acme is overdue" in desk.health().reasons[0]


def test_the_last_failures_are_listed(desk: Desk, service: Serving) -> None:
    for number, result in enumerate(("failed", "well", "quarantined")):
        at = service.now + timedelta(hours=number)
        service.store.scrapes.add(
            ScrapeRecord(source="acme", started_at=at, finished_at=at, result=result, reason=f"{result} because")
        )
    assert [one.reason for one in desk.failures()] == ["quarantined because", "failed because"]
    assert desk.alerts() == ()


def test_a_backup_is_one_whole_file(desk: Desk, tmp_path: Path) -> None:
    path = desk.back_up()
    assert path.parent == tmp_path / "backups"
    with closing(sqlite3.connect(path)) as kept:
        assert kept.execute("SELECT count(*) FROM entries").fetchone() == (3,)


def test_a_source_that_was_added_here_can_be_removed_and_a_declared_one_cannot(desk: Desk, service: Serving) -> None:
    desk.tuning.add(Source(key="fresh", urls=("https://fresh.example/",), title="Fresh"))
    desk.tuning.remove("fresh")
    assert desk.store.sources.get("fresh") is None
    service.feeds.poll()
    assert service.feeds.catalogue.gone["sources/fresh"] == ""
    with pytest.raises(Unfit, match=r"declared in sources/acme\.toml"):
        desk.tuning.remove("acme")
    with pytest.raises(Unknown):
        desk.tuning.remove("nobody")
    desk.tuning.add(Source(key="fresh", urls=("https://fresh.example/",), title="Fresh"))
    service.feeds.poll()
    assert "sources/fresh" not in service.feeds.catalogue.gone


def test_a_full_disk_is_said_in_health_with_what_to_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=4096))
    found = desk.health()
    assert found.status == "degraded"
    assert "is full (4 KiB are free)" in found.reasons[0]
    assert "free some space" in found.reasons[0]


def test_a_database_that_cannot_be_written_is_said_in_health(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    assert "cannot be written" in desk.health().reasons[0]


def test_a_configuration_that_is_not_in_force_is_said_in_health(service: Serving, tmp_path: Path) -> None:
    (tmp_path / "feedsvc.toml").write_text("")
    following = Following(
        Watch(load(tmp_path, {}, {"data": tmp_path}), {}, {"data": tmp_path}), monotonic=count().__next__
    )
    desk = Lookup(following, service.store, clock=lambda: service.now).desk
    before = len(desk.health().reasons)
    (tmp_path / "feedsvc.toml").write_text('[fetch]\nhost_interval = "soon"\n')
    reason = desk.health().reasons[0]
    assert "feedsvc.toml:2: fetch.host_interval" in reason
    assert "not in force" in reason
    (tmp_path / "feedsvc.toml").write_text('[fetch]\nhost_interval = "2s"\n')
    assert len(desk.health().reasons) == before
