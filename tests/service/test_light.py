"""What is asked for often, or runs many times beside itself, loads no more than it needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What a process loads that fetches and reads pages.
HEAVY = {
    "apscheduler",
    "bs4",
    "dateparser",
    "feedsvc.extract",
    "feedsvc.fetch",
    "htmldate",
    "readability",
    "trafilatura",
}


def loaded(code: str) -> set[str]:
    """The modules of a process that ran ``code``."""
    ran = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stdout.split())


@pytest.mark.parametrize("name", ["feedsvc.web", "feedsvc.service.lookup", "feedsvc.supervisor.roles"])
def test_a_web_worker_loads_nothing_that_scrapes(name: str) -> None:
    assert not loaded(f"import {name}") & HEAVY


def test_the_process_that_reads_heavy_listings_loads_nothing_for_release_pages_or_databases() -> None:
    assert not loaded("import feedsvc.service.heavy_child") & {"dateparser", "htmldate", "sqlalchemy", "trafilatura"}


def test_the_service_is_still_found_at_its_door() -> None:
    assert {"apscheduler", "feedsvc.extract", "feedsvc.fetch"} <= loaded("from feedsvc.service import Service")


def test_the_package_alone_loads_no_library() -> None:
    assert not loaded("import feedsvc") & {"flask", "sqlalchemy", "feedgen", *HEAVY}
