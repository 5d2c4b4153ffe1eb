"""Health, hosts, errors, settings and a backup at the desk."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from feedsvc.store import ScrapeRecord
from tests.support.admins import Admin
from tests.support.serving import Serving


def words(ada: Admin, path: str) -> str:
    return " ".join(ada.tree(path).text_content().split())


def trouble(service: Serving, reason: str) -> None:
    kept = {"now": {"broken": [service.now.isoformat(), reason, True]}, "past": [], "slow": 0}
    service.store.sources.remember("acme", {"troubles": kept})


def test_health_says_what_is_wrong_and_what_to_do(ada: Admin, service: Serving) -> None:
    assert "Nothing scrapes by the clock: start `feedsvc up`" in words(ada, "/admin/health")
    service.store.leases.take("clock", "host:1:x")
    assert "All is well" in words(ada, "/admin/health")
    trouble(service, "the page looks like a <login>")
    text = words(ada, "/admin/health")
    assert "Acme is broken since now" in text
    assert "the page looks like a <login>" in text
    assert "/admin/sources/acme/repair" in ada.tree("/admin/health").xpath("//a/@href")
    assert "Acme is broken since now" in words(ada, "/admin/")


def test_hosts_say_what_is_asked_of_them_and_when(ada: Admin, service: Serving) -> None:
    text = words(ada, "/admin/health/hosts")
    assert "news.example acme" in text.replace("news.exampleacme", "news.example acme")
    assert "of at most 86,400" in text


def test_errors_are_named_with_their_reason(ada: Admin, service: Serving) -> None:
    assert "None." in words(ada, "/admin/health/errors")
    begun = service.now - timedelta(minutes=3)
    record = ScrapeRecord(
        source="acme", started_at=begun, finished_at=begun + timedelta(seconds=4), result="failed", reason="no <answer>"
    )
    service.store.scrapes.add(record)
    text = words(ada, "/admin/health/errors")
    for said in ("acme", "2 minutes ago", "took 4 seconds", "no <answer>"):
        assert said in text


def test_settings_say_where_they_come_from_and_secrets_are_masked(ada: Admin, service: Serving) -> None:
    service.configure(server={"base_url": "https://feeds.example"}, alerts={"smtp_password": "hunter2hunter2"})
    answer = ada.get("/admin/settings")
    assert "hunter2" not in answer.text
    assert "********" in answer.text
    assert "Between two requests to one host:port" in answer.text


def test_a_backup_is_taken_away_and_nothing_stays_behind(ada: Admin, service: Serving, tmp_path: Path) -> None:
    answer = ada.submit("/admin/settings", "/backup")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="feedsvc-')
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    copy = tmp_path / "copy.sqlite3"
    copy.write_bytes(answer.data)
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT count(*) FROM entries").fetchone() == (3,)
    answer.close()
    assert list((tmp_path / "backups").iterdir()) == []


def test_no_backup_is_said_in_one_sentence(ada: Admin, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("in the way", encoding="utf-8")
    answer = ada.submit("/admin/settings", "/backup")
    assert answer.status_code == 503
    assert "No backup was made" in answer.text


def test_a_service_that_is_well_with_sources_that_are_not_says_both(ada: Admin, service: Serving) -> None:
    service.store.leases.take("clock", "host:1:x")
    until = service.now + timedelta(hours=5)
    service.store.sources.claim("acme", "test")
    service.store.sources.conclude("acme", "test", state="broken", due_at=until, not_before=until)
    text = words(ada, "/admin/health")
    assert "The service is well; 1 source is not." in text
    assert "1 source, as no request to their hosts is allowed now; the first goes on in 5 hours" in text
