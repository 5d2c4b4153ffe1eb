"""Figures add up over processes and restarts, and Prometheus reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import Client

from feedsvc.errors import StoreError
from feedsvc.scrape import Result, ScrapeOutcome
from feedsvc.service.figures import FETCHES, LAG, SCRAPES, Figures
from feedsvc.service.observing import Observing
from feedsvc.store import Store
from feedsvc.store.figures import FigureTable
from feedsvc.web import create_app
from tests.support.serving import Serving
from tests.support.stores import release, when


def told(service: Serving) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """What Prometheus reads."""
    service.feeds.poll()
    text = Client(create_app(service)).get("/metrics", base_url="https://feeds.example").text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def outcome(service: Serving, *, new: tuple[str, ...] = (), result: Result = Result.WELL) -> ScrapeOutcome:
    began = service.now - timedelta(seconds=2)
    return ScrapeOutcome(source="acme", result=result, started_at=began, finished_at=service.now, new=new)


def test_what_several_processes_count_is_one_sum(service: Serving) -> None:
    for process in (Observing(service.store), Observing(service.store)):
        process.after(outcome(service))
        process.after(outcome(service, result=Result.FAILED))
        process.after(outcome(service, result=Result.BUSY))
        process.fetched(200)
        process.fetched(None)
        process.keep()
    found = told(service)
    assert found["feedsvc_scrapes_total", (("result", "well"),)] == 2
    assert found["feedsvc_scrapes_total", (("result", "failed"),)] == 2
    assert ("feedsvc_scrapes_total", (("result", "busy"),)) not in found
    assert found["feedsvc_fetches_total", (("status", "200"),)] == 2
    assert found["feedsvc_fetches_total", (("status", "none"),)] == 2
    assert found["feedsvc_scrape_seconds_bucket", (("le", "3.0"),)] == 4
    assert found["feedsvc_scrape_seconds_bucket", (("le", "1.0"),)] == 0
    assert found["feedsvc_scrape_seconds_sum", ()] == 8
    assert found["feedsvc_scrape_seconds_count", ()] == 4


def test_lag_counts_from_printed_times_after_the_first_scrape(service: Serving) -> None:
    observing, store = Observing(service.store), service.store
    store.sources.claim("acme", "me")
    store.sources.conclude("acme", "me", settled_at=service.now)
    fresh = service.publish(release(9, published=when(service.now + timedelta(minutes=20))), after=timedelta(hours=1))
    observing.after(outcome(service, new=tuple(fresh)))
    observing.keep()
    found = told(service)
    assert found["feedsvc_lag_seconds_sum", ()] == 40 * 60
    assert found["feedsvc_lag_seconds_bucket", (("le", "1800.0"),)] == 0
    assert found["feedsvc_lag_seconds_bucket", (("le", "3600.0"),)] == 1
    assert found["feedsvc_entries_recorded_total", (("meeting", "new"),)] == 1


def test_the_web_side_counts_answers_and_renderings(service: Serving) -> None:
    client = Client(create_app(service))
    client.get("/feeds/all.atom")
    client.get("/feeds/all.atom")
    client.get("/")
    client.get("/nowhere")
    service.feeds.run_errands()
    found = told(service)
    assert found["feedsvc_http_requests_total", (("part", "feeds"), ("status", "200"))] == 2
    assert found["feedsvc_http_requests_total", (("part", "pages"), ("status", "200"))] == 1
    assert found["feedsvc_http_requests_total", (("part", "other"), ("status", "404"))] == 1
    assert found["feedsvc_renderings_total", (("format", "atom"),)] == 1
    assert found["feedsvc_sources", (("condition", "new"),)] == 1
    assert found["feedsvc_clock", ()] == 0


def test_figures_that_could_not_be_kept_are_kept_later(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = Figures()
    figures.count(FETCHES, "200")
    with monkeypatch.context() as patch:
        patch.setattr(FigureTable, "add", _fail)
        with pytest.raises(StoreError):
            figures.keep(service.store)
    figures.observe(LAG, 5.0)
    figures.keep(service.store)
    figures.keep(service.store)
    assert service.store.figures.all() == {
        ("feedsvc_fetches", (("status", "200"),)): 1,
        ("feedsvc_lag_seconds", (("le", "60.0"),)): 1,
        ("feedsvc_lag_seconds_sum", ()): 5,
    }


def _fail(*_args: object) -> None:
    raise StoreError("the disk is full")


def test_a_store_that_cannot_be_read_is_told(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(service)["feedsvc_degraded", ()] == 0
    monkeypatch.setattr(FigureTable, "all", _fail)
    assert told(service) == {("feedsvc_degraded", ()): 1}


def test_openmetrics_is_given_to_who_asks_for_it(service: Serving) -> None:
    service.feeds.poll()
    figures = Figures()
    figures.count(SCRAPES, "well")
    figures.keep(service.store)
    answer = Client(create_app(service)).get("/metrics", headers={"Accept": "application/openmetrics-text"})
    assert answer.content_type.startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")
    assert isinstance(service.store, Store)
