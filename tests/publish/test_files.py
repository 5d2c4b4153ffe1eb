"""Feeds as files: complete, compressed, dated, and never half-written."""

from __future__ import annotations

import gzip
import os
from datetime import timedelta
from pathlib import Path

import brotli
import pytest

from feedsvc.errors import ServiceError
from feedsvc.model import Format
from feedsvc.publish.files import MANIFEST, Written, write_files
from feedsvc.publish.rendering import render
from tests.support.entries import NOON, feed, stored

NAME = "feeds/进博.atom"
OLD = render(feed(), Format.ATOM, changed_at=NOON)
NEW = render(feed([stored(4)]), Format.ATOM, changed_at=NOON + timedelta(hours=1))


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_each_document_has_its_compressed_copies_and_its_date(tmp_path: Path) -> None:
    assert write_files(tmp_path, [(NAME, OLD)]) == Written(written=1, unchanged=0, removed=0)
    plain, zipped, brotlied = (tmp_path / f"{NAME}{ending}" for ending in ("", ".gz", ".br"))
    assert plain.read_bytes() == gzip.decompress(zipped.read_bytes()) == brotli.decompress(brotlied.read_bytes())
    assert {path.stat().st_mtime for path in (plain, zipped, brotlied)} == {NOON.timestamp()}
    assert oct(plain.stat().st_mode & 0o777) == "0o644"


def test_only_what_changed_is_written_again(tmp_path: Path) -> None:
    write_files(tmp_path, [(NAME, OLD), ("opml", OLD)])
    before = (tmp_path / "opml").stat().st_ino
    assert write_files(tmp_path, [(NAME, NEW), ("opml", OLD)]) == Written(written=1, unchanged=1, removed=0)
    assert (tmp_path / "opml").stat().st_ino == before
    assert (tmp_path / NAME).read_bytes() == NEW.identity


def test_a_feed_that_is_no_more_loses_its_files_and_strangers_stay(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    write_files(tmp_path, [(NAME, OLD), ("opml", OLD)])
    assert write_files(tmp_path, [("opml", OLD)]).removed == 1
    assert names(tmp_path) == {"index.html", MANIFEST, "opml", "opml.gz", "opml.br"}


def test_no_draft_is_left_behind_where_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, [(NAME, OLD)])

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ServiceError, match="no space left"):
        write_files(tmp_path, [(NAME, NEW)])
    assert (tmp_path / NAME).read_bytes() == OLD.identity
    assert not [name for name in names(tmp_path) if Path(name).name.startswith(".进")]


@pytest.mark.parametrize("name", ["../x.rss", "/etc/x.rss", ""])
def test_no_file_is_written_outside(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a path below"):
        write_files(tmp_path / "out", [(name, OLD)])
