"""Files of other tools, as they write them, and files of nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.errors import ConfigError
from feedsvc.importers import Wish, read

OPML = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Company news">
    <outline text="Releases"><outline type="rss" text="Acme" xmlUrl="https://acme.example/feed.xml"/></outline>
    <outline type="HTML+XPath" text="A page" xmlUrl="https://page.example/news"
      xmlns:frss="https://freshrss.org/opml" frss:xPathItem="//li"/>
  </outline>
  <outline text="Loose" title="Löse Ende" xmlUrl="https://loose.example/atom" category="/Press/Daily,/Other"/>
  <outline text="Empty folder"/>
</body></opml>
"""

CHANGEDETECTION = {
    "settings": {"application": {"tags": {"t1": {"title": "Press offices"}}}},
    "watching": {
        "a": {
            "url": "https://one.example/",
            "title": "One",
            "tags": ["t1"],
            "time_between_check": {"weeks": None, "days": None, "hours": 2, "minutes": 30, "seconds": None},
            "time_between_check_use_default": False,
            "include_filters": ["#news > ul"],
        },
        "b": {"url": "https://two.example/", "tag": "old, style", "paused": True},
        "c": {"no": "address"},
        "d": "nonsense",
    },
}

HUGINN = {
    "name": "Scenario",
    "agents": [
        {
            "type": "Agents::WebsiteAgent",
            "name": "Releases",
            "schedule": "every_12h",
            "options": {"url": ["https://one.example/", "https://two.example/"], "extract": {"title": {"css": "a"}}},
        },
        {"type": "Agents::RssAgent", "name": "Feed", "disabled": True, "options": {"url": "https://feed.example/rss"}},
        {"type": "Agents::EmailAgent", "options": {}},
        None,
    ],
}


def written(folder: Path, content: str | bytes | object) -> Path:
    path = folder / "list"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_opml_keeps_its_folders(tmp_path: Path) -> None:
    assert read(written(tmp_path, OPML)) == (
        Wish(url="https://acme.example/feed.xml", title="Acme", kind="feed", folders=("Company news", "Releases")),
        Wish(
            url="https://page.example/news",
            title="A page",
            folders=("Company news",),
            remark="its XPath rules are not taken over: the list is found by itself",
        ),
        Wish(url="https://loose.example/atom", title="Löse Ende", kind="feed", folders=("Press", "Daily")),
    )


def test_watches_of_changedetection_keep_interval_tag_and_pause(tmp_path: Path) -> None:
    assert read(written(tmp_path, CHANGEDETECTION)) == (
        Wish(
            url="https://one.example/",
            title="One",
            folders=("Press offices",),
            every=timedelta(hours=2, minutes=30),
            remark="its filter (#news > ul) is not taken over: the list is found by itself",
        ),
        Wish(url="https://two.example/", folders=("old",), is_enabled=False),
    )


def test_agents_of_huginn_keep_their_schedule(tmp_path: Path) -> None:
    remark = "what it extracts is not taken over: the list is found by itself"
    half_a_day = timedelta(hours=12)
    assert read(written(tmp_path, HUGINN)) == (
        Wish(url="https://one.example/", title="Releases", every=half_a_day, remark=remark),
        Wish(url="https://two.example/", title="Releases", every=half_a_day, remark=remark),
        Wish(url="https://feed.example/rss", title="Feed", kind="feed", is_enabled=False),
    )


def test_lines_are_addresses_or_newsboats(tmp_path: Path) -> None:
    text = '# mine\nhttps://page.example/news\n\nhttps://a.example/rss "science" "~Science daily"\n"query:x:y"\n'
    assert read(written(tmp_path, text)) == (
        Wish(url="https://page.example/news"),
        Wish(url="https://a.example/rss", title="Science daily", kind="feed", folders=("science",)),
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "names no website"),
        (b"just words\n", "names no website"),
        (b"\xff\xfe\x00", "is no text"),
        (b"<opml><body>", "is not OPML"),
        (b"<html><body/></html>", "is XML, but not OPML"),
        (b"<opml><body/></opml>", "names no website"),
        (b"{", "is not JSON"),
        (b"[1, 2]", "JSON of a tool that is not known"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"watching": {}}', "names no website"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read(written(tmp_path, content))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: no such file"):
        read(tmp_path / "nowhere.opml")


def test_entities_of_a_file_are_never_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
    document = (
        f'<!DOCTYPE opml [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>'
        '<opml><body><outline text="a &x;" xmlUrl="https://a.example/"/></body></opml>'
    )
    try:
        found = read(written(tmp_path, document))
    except ConfigError:
        return
    assert "s3cret" not in repr(found)


def test_laughs_by_the_billion_end_at_once(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    document = f'<!DOCTYPE opml [<!ENTITY l0 "lol">{entities}]><opml><body><outline text="&l11;"/></body></opml>'
    with pytest.raises(ConfigError):
        read(written(tmp_path, document))
