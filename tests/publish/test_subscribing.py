"""Real readers subscribe, count, and follow three updates without a single duplicate.

Programs come from Debian, libraries from PyPI; each is used as its own manual says. A reader here is a function that
polls once and gives the titles of everything it ever took in, so that an entry taken in twice shows twice.
"""

from __future__ import annotations

import email.header
import os
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import fastfeedparser
import feedparser
import feedparser_sgmllib
import pytest
from reader import make_reader

from feedsvc.web import create_app
from tests.support.running import needed, served
from tests.support.serving import Serving
from tests.support.stores import release

Poll = Callable[[], list[str]]

# reader has a copy of feedparser within, which asks for a dependency of feedparser by the name that it had before.
sys.modules.setdefault("sgmllib", feedparser_sgmllib)


def run(home: Path, *command: str, given: bytes = b"") -> str:
    """What a program prints, in a home of its own."""
    environment = {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8", "EMAIL": "reader@localhost.localdomain"}
    done = subprocess.run(
        [needed(command[0]), *command[1:]], input=given, capture_output=True, timeout=120, env=environment, cwd=home
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def subjects(folder: Path) -> list[str]:
    """The titles of all messages in a Maildir."""
    found = []
    for path in [*folder.rglob("new/*"), *folder.rglob("cur/*")]:
        message = email.message_from_bytes(path.read_bytes())
        words = email.header.make_header(email.header.decode_header(message["Subject"]))
        found.append(" ".join(str(words).split()))
    return found


class Remembering:
    """A library that parses and leaves remembering to its user: titles by id, a changed entry in place of the old."""

    def __init__(self, parse: Callable[[bytes], list[tuple[str, str]]], url: str) -> None:
        self._parse, self._url = parse, url
        self._known: dict[str, str] = {}

    def __call__(self) -> list[str]:
        with urllib.request.urlopen(self._url) as answer:
            pairs = self._parse(answer.read())
        assert len({key for key, _ in pairs}) == len(pairs)
        self._known |= dict(pairs)
        return list(self._known.values())


def follow_with_feedparser(url: str, home: Path) -> Poll:
    return Remembering(lambda body: [(one.id, one.title) for one in feedparser.parse(body).entries], url)


def follow_with_fastfeedparser(url: str, home: Path) -> Poll:
    return Remembering(lambda body: [(one.id, one.title) for one in fastfeedparser.parse(body).entries], url)


def follow_with_reader(url: str, home: Path) -> Poll:
    def poll() -> list[str]:
        with closing(make_reader(str(home / "reader.sqlite3"))) as reader:
            reader.add_feed(url, exist_ok=True)
            # Of its own accord it asks again at the next full hour, and till then sends nothing.
            reader.update_feeds(scheduled=False)
            assert reader.get_feed(url).last_exception is None
            return [entry.title or "" for entry in reader.get_entries()]

    return poll


def follow_with_ruby(url: str, home: Path) -> Poll:
    script = (
        'require "rss"; f = RSS::Parser.parse(STDIN.read); f.items.each { |i| '
        "id = i.respond_to?(:guid) ? i.guid.content : i.id.content; "
        't = i.title.respond_to?(:content) ? i.title.content : i.title; puts id + "\\t" + t }'
    )
    return Remembering(lambda body: _lines(run(home, "ruby", "-e", script, given=body)), url)


def follow_with_perl(url: str, home: Path) -> Poll:
    needed("perl")
    if subprocess.run(["perl", "-MXML::Feed", "-e", "1"], capture_output=True).returncode:
        pytest.skip("XML::Feed is not installed")
    script = (
        "use XML::Feed; local $/; my $b = <STDIN>; my $f = XML::Feed->parse(\\$b) or die XML::Feed->errstr; "
        'binmode STDOUT, ":utf8"; print $_->id, "\\t", $_->title, "\\n" for $f->entries;'
    )
    return Remembering(lambda body: _lines(run(home, "perl", "-e", script, given=body)), url)


def follow_with_sfeed(url: str, home: Path) -> Poll:
    def parse(body: bytes) -> list[tuple[str, str]]:
        rows = [line.split("\t") for line in run(home, "sfeed", given=body).splitlines()]
        return [(row[5], row[1]) for row in rows]

    return Remembering(parse, url)


def follow_with_newsboat(url: str, home: Path) -> Poll:
    (home / "urls").write_text(f"{url}\n", encoding="utf-8")
    (home / "config").touch()
    files = ["-u", "urls", "-c", "cache.db", "-C", "config"]

    def poll() -> list[str]:
        run(home, "newsboat", *files, "-x", "reload")
        cache = sqlite3.connect(home / "cache.db")
        try:
            return [row[0] for row in cache.execute("select title from rss_item")]
        finally:
            cache.close()

    return poll


def follow_with_rss2email(url: str, home: Path) -> Poll:
    files = ["-c", str(home / "r2e.cfg"), "-d", str(home / "r2e.json")]
    run(home, "r2e", *files, "new", "reader@localhost.localdomain")
    written = (home / "r2e.cfg").read_text(encoding="utf-8")
    written = written.replace("email-protocol = sendmail", "email-protocol = maildir")
    lines = [line for line in written.splitlines() if not line.startswith(("maildir-path", "maildir-mailbox"))]
    at = lines.index("email-protocol = maildir") + 1
    lines[at:at] = [f"maildir-path = {home}/mail", "maildir-mailbox = news"]
    (home / "r2e.cfg").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in ("new", "cur", "tmp"):
        (home / "mail" / "news" / name).mkdir(parents=True)
    run(home, "r2e", *files, "add", "news", url)

    def poll() -> list[str]:
        run(home, "r2e", *files, "run")
        return subjects(home / "mail")

    return poll


def follow_with_feed2exec(url: str, home: Path) -> Poll:
    (home / "Maildir").mkdir()
    run(home, "feed2exec", "add", "--output", "maildir", "--mailbox", str(home / "Maildir"), "news", url)

    def poll() -> list[str]:
        # Its cache honours max-age, as it should; a reader that polls a day later asks again.
        run(home, "feed2exec", "fetch", "--nocache")
        return subjects(home / "Maildir")

    return poll


READERS = [
    *(
        (follow, ending)
        for follow in (follow_with_feedparser, follow_with_fastfeedparser)
        for ending in ("rss", "atom")
    ),
    (follow_with_fastfeedparser, "json"),
    *((follow_with_reader, ending) for ending in ("rss", "atom", "json")),
    *(
        pytest.param(follow, ending, marks=pytest.mark.system(program))
        for program, follow in {
            "ruby": follow_with_ruby,
            "perl": follow_with_perl,
            "sfeed": follow_with_sfeed,
            "newsboat": follow_with_newsboat,
            "r2e": follow_with_rss2email,
            "feed2exec": follow_with_feed2exec,
        }.items()
        for ending in ("rss", "atom")
    ),
]


@pytest.mark.parametrize(("follow", "ending"), READERS)
def test_three_updates_bring_each_new_entry_once(
    service: Serving, tmp_path: Path, follow: Callable[[str, Path], Poll], ending: str
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with served(create_app(service)) as address:
        poll = follow(f"{address}/feeds/company/releases.{ending}", home)
        assert len(poll()) == 3
        assert len(poll()) == 3
        for update in (1, 2, 3):
            service.publish(release(3 + update), release(2, content=f"<p>The text of release 2, edition {update}.</p>"))
            titles = poll()
            fresh = [title for title in titles if f"Release number {3 + update} " in title]
            assert len(fresh) == 1
            assert {title for title in titles if "Release number" in title} == set(titles)
            assert len(set(titles)) == 3 + update


def _lines(printed: str) -> list[tuple[str, str]]:
    return [(line.partition("\t")[0], line.partition("\t")[2]) for line in printed.splitlines()]
