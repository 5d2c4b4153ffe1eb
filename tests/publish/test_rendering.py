"""Renderings: equal bytes everywhere, honest validators, schemas and readers content."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import brotli
import feedparser
import jsonschema
import pytest

from feedsvc.model import Feed, Format
from feedsvc.publish.rendering import render
from tests.support.entries import NOON, feed, rich_entry, stored

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "specs" / "schemas"
HUBS = {"hubs": ("https://feeds.example/hub",), "image": "https://news.example/logo.png", "rights": "© Example"}
FEEDS = {
    "plain": feed(),
    "empty": feed([]),
    "rich": feed([stored(1), rich_entry()], fact_changes=HUBS, tombstones=[(stored(5).uuid, NOON)]),
    "archive": feed(archive=2, archives=3),
    "without text": feed([stored(1, entry_changes={"content": "", "summary": "", "authors": (), "publisher": None})]),
    "without title": feed([stored(1, entry_changes={"title": ""})]),
    "hostile": feed([stored(1, entry_changes={"title": "</b> &lt; ]]> \x00", "content": "<p>]]> &amp;</p>"})]),
}


@pytest.fixture(params=FEEDS.values(), ids=FEEDS.keys())
def document(request: pytest.FixtureRequest) -> Feed:
    value: Feed = request.param
    return value


_SCRIPT = """
import hashlib
from feedsvc.model import Format
from feedsvc.publish.rendering import render
from tests.support.entries import feed, rich_entry, stored
document = feed([stored(1), rich_entry()])
for format in Format:
    made = render(document, format)
    for body in (made.identity, made.gzip, made.brotli):
        print(hashlib.sha256(body).hexdigest())
    print(made.etag)
"""


def test_two_processes_give_equal_bytes() -> None:
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _SCRIPT],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }
    assert len(outputs) == 1


@pytest.mark.parametrize("format", list(Format))
def test_every_coding_holds_the_same_document(document: Feed, format: Format) -> None:
    made = render(document, format)
    assert gzip.decompress(made.gzip) == brotli.decompress(made.brotli) == made.identity


def test_a_change_within_the_same_second_changes_the_tag() -> None:
    assert render(feed(), Format.RSS).etag != render(feed([stored(1), stored(2)]), Format.RSS).etag


def test_the_three_formats_agree_on_ids_order_dates_and_content(document: Feed) -> None:
    rss = feedparser.parse(render(document, Format.RSS).identity, sanitize_html=False).entries
    atom = feedparser.parse(render(document, Format.ATOM).identity, sanitize_html=False).entries
    items = json.loads(render(document, Format.JSON).identity)["items"]
    assert [one.id for one in rss] == [one.id for one in atom] == [item["id"] for item in items]
    assert [one.published_parsed for one in rss] == [one.published_parsed for one in atom]
    assert [one.link for one in rss] == [one.link for one in atom] == [item["url"] for item in items]
    contents = [[part.value for part in one.get("content", [])] for one in rss]
    assert contents == [[part.value for part in one.get("content", []) if part.type == "text/html"] for one in atom]


def test_json_follows_its_schema(document: Feed) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("the schemas of ../shared are not here")
    schema = json.loads((SCHEMAS / "jsonfeed-1.1.schema.json").read_text(encoding="utf-8"))
    body = json.loads(render(document, Format.JSON).identity)
    jsonschema.validate(body, schema)
    assert "null" not in json.dumps(body)


@pytest.mark.system("jing")
def test_atom_follows_its_schema(tmp_path: Path) -> None:
    if not shutil.which("jing") or not SCHEMAS.is_dir():
        pytest.skip("jing or the schemas of ../shared are not here")
    paths = []
    for name, document in FEEDS.items():
        path = tmp_path / f"{name.replace(' ', '-')}.atom"
        path.write_bytes(render(document, Format.ATOM).identity)
        paths.append(str(path))
    broken = tmp_path / "broken.atom"
    broken.write_bytes(
        render(feed(), Format.ATOM)
        .identity.replace(b"<updated>", b"<updatet>", 1)
        .replace(b"</updated>", b"</updatet>", 1)
    )
    checked = subprocess.run(["jing", "-c", str(SCHEMAS / "atom.rnc"), *paths], capture_output=True, text=True)
    # what it finds it prints; the other stream tells of libraries that it does not need
    assert (checked.returncode, checked.stdout) == (0, "")
    assert subprocess.run(["jing", "-c", str(SCHEMAS / "atom.rnc"), str(broken)], capture_output=True).returncode == 1
