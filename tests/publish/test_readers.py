"""What real parsers find in an entry that uses everything: sfeed from Debian, feedparser from PyPI."""

from __future__ import annotations

import subprocess

import feedparser
import pytest

from feedsvc.model import Format
from feedsvc.publish.rendering import render
from tests.support.entries import feed, rich_entry, stored
from tests.support.running import needed


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
