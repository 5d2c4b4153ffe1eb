"""A source written by feedsvc reads back as itself, and an existing file keeps its comments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feedsvc.config import load, source_path, source_toml, write_source
from feedsvc.model import Cadence, ReleaseRules, Rules, Source

SOURCE = Source(
    key="acme",
    urls=("https://acme.example/news/",),
    title="Acme",
    category="company",
    time_zone="Europe/Berlin",
    cadence=Cadence(every=timedelta(minutes=90), active="06:00-23:00"),
    rules=Rules(item="#main > li", release=ReleaseRules(body="#content", remove=(".share",))),
)


def test_a_written_source_reads_back_equal(tmp_path: Path) -> None:
    assert write_source(tmp_path, SOURCE) == source_path(tmp_path, "acme")
    assert load(tmp_path, {"HOME": "/h"}).sources == (SOURCE,)


def test_comments_and_order_of_an_existing_file_stay() -> None:
    existing = '# Ask Ann before changing this.\ntitle = "Old"  # as printed\nurl = "https://acme.example/news/"\n'
    text = source_toml(SOURCE, existing=existing)
    assert text.startswith('# Ask Ann before changing this.\ntitle = "Acme"  # as printed\nurl = ')
    assert '\n[rules]\nitem = "#main > li"\n' in text


def test_what_is_unset_is_taken_out_of_the_file() -> None:
    text = source_toml(SOURCE, existing='url = "https://acme.example/news/"\npublisher = "Gone"\n')
    assert "publisher" not in text
