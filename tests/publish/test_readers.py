"""Real feed readers subscribe, count, and see an update once: newsboat and sfeed from Debian, feedparser from PyPI."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from feedsvc.model import Format
from feedsvc.publish.rendering import render
from feedsvc.web import create_app
from tests.support.entries import feed, rich_entry, stored
from tests.support.running import needed, served
from tests.support.serving import Serving, serving
from tests.support.stores import release


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Serving]:
    made = serving(tmp_path)
    yield made
    made.feeds.close()
    made.store.close()


@pytest.mark.parametrize("format", [Format.RSS, Format.ATOM])
def test_feedparser_finds_nothing_wrong(format: Format) -> None:
    parsed = feedparser.parse(render(feed([stored(1), rich_entry()]), format).identity)
    assert not parsed.bozo
    rich = parsed.entries[0]
    assert [author.name for author in rich.authors] == ["Ada Writer", "Bo Editor"]
    assert rich.enclosures[0]["href"] == "https://news.example/report.pdf"
    assert "Tom &amp; Jerry" in rich.content[0].value
    assert rich.source["title"] == "Acme newsroom"
    assert {tag.term for tag in rich.tags} >= {"Trade", "Expo"}


@pytest.mark.system("sfeed")
@pytest.mark.parametrize("format", [Format.RSS, Format.ATOM])
def test_sfeed_reads_every_entry(format: Format) -> None:
    body = render(feed([stored(1), rich_entry()]), format).identity
    read = subprocess.run([needed("sfeed")], input=body, capture_output=True, check=True).stdout.decode()
    rows = [line.split("\t") for line in read.splitlines()]
    assert [row[1] for row in rows] == ["Release number 9", "Release number 1"]
    assert rows[0][2] == "https://news.example/releases/9.html"
    assert rows[0][5].startswith("urn:uuid:")
    assert rows[0][7] == "https://news.example/report.pdf"


@pytest.mark.system("newsboat")
@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_newsboat_subscribes_and_sees_each_update_once(service: Serving, tmp_path: Path, ending: str) -> None:
    program = needed("newsboat")
    with served(create_app(service)) as address:
        urls = tmp_path / "urls"
        urls.write_text(f"{address}/feeds/company/releases.{ending}\n", encoding="utf-8")
        (tmp_path / "config").touch()

        def titles() -> list[str]:
            subprocess.run(
                [program, "-u", urls, "-c", tmp_path / "cache.db", "-C", tmp_path / "config", "-x", "reload"],
                check=True,
                capture_output=True,
                timeout=60,
                env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            )
            with sqlite3.connect(tmp_path / "cache.db") as cache:
                rows = cache.execute("select title from rss_item order by title").fetchall()
            cache.close()
            return [row[0] for row in rows]

        assert len(titles()) == 3
        assert len(titles()) == 3
        service.publish(release(2, title="Release number 2, corrected"), release(4))
        seen = titles()
        assert len(seen) == 4
        assert len(set(seen)) == 4
