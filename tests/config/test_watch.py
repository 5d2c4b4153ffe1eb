"""Changed files are taken up; broken ones are reported once and change nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedsvc.config import Config, ConfigErrors, Watch, load


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "a.toml").write_text('url = "https://a.example/"')
    return Watch(load(tmp_path, {"HOME": "/h"}), {"HOME": "/h"}, {})


def test_nothing_is_reported_while_nothing_changes(watch: Watch) -> None:
    assert watch.poll() is None


def test_a_new_source_is_reported_once(watch: Watch) -> None:
    (watch.current.directory / "sources" / "b.toml").write_text('url = "https://b.example/"')
    config = watch.poll()
    assert isinstance(config, Config)
    assert [source.key for source in config.sources] == ["a", "b"]
    assert watch.poll() is None


def test_a_broken_file_keeps_the_last_good_configuration(watch: Watch) -> None:
    good = watch.current
    path = good.directory / "sources" / "a.toml"
    path.write_text("url = 3")
    assert isinstance(watch.poll(), ConfigErrors)
    assert watch.poll() is None
    assert watch.current is good
    path.write_text('url = "https://mended.example/"')
    mended = watch.poll()
    assert isinstance(mended, Config)
    assert mended.sources[0].urls == ("https://mended.example/",)


def test_a_folder_that_is_lost_ends_no_source(watch: Watch) -> None:
    good, folder = watch.current, watch.current.directory / "sources"
    folder.rename(folder.with_name("elsewhere"))
    found = watch.poll()
    assert isinstance(found, ConfigErrors)
    assert "not there any more" in str(found.faults[0])
    assert watch.current is good
    folder.with_name("elsewhere").rename(folder)
    back = watch.poll()
    assert isinstance(back, Config)
    assert back.sources == good.sources


def test_a_change_that_keeps_the_size_is_noticed(watch: Watch) -> None:
    path = watch.current.directory / "sources" / "a.toml"
    path.write_text('url = "https://b.example/"')
    os.utime(path, ns=(1, 1))
    config = watch.poll()
    assert isinstance(config, Config)


def test_a_removed_source_goes(watch: Watch) -> None:
    (watch.current.directory / "sources" / "a.toml").unlink()
    config = watch.poll()
    assert isinstance(config, Config)
    assert config.sources == ()
