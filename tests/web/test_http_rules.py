"""Every rule of specs/feeds.md 7 to 10 that can be seen from outside, asked of the real server over a socket."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlencode, urlsplit

import brotli
import pytest
from lxml import etree

from feedsvc.model import FeedRef
from tests.support.serving import serving
from tests.support.stores import release
from tests.support.worker import worker

FEED = "/feeds/company/releases"
FORMATS = ("rss", "atom", "json")
HERE = "https://feeds.example"
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"
#: Entries: one archive and a window.
ENTRIES = 130


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        found = self.all(name)
        assert len(found) == 1, (name, found)
        return found[0]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True)
class Server:
    port: int

    def ask(self, path: str, *headers: tuple[str, str], method: str = "GET", body: bytes = b"") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body or method == "POST":
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            got = connection.getresponse()
            return Answer(got.status, got.getheaders(), got.read())
        finally:
            connection.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("rules")
    made = serving(folder, entries=0)
    for first in range(1, ENTRIES + 1, 26):
        made.publish(*[release(number) for number in range(first, first + 26)])
    feeds = made.store.feeds
    feeds.remove(FeedRef(kind="category", key="removed"), now=made.now)
    feeds.remove(FeedRef(kind="category", key="older"), now=made.now, moved_to="old")
    feeds.remove(FeedRef(kind="category", key="old"), now=made.now, moved_to="company/releases")
    made.feeds.close()
    made.store.close()
    with worker(folder) as (port, _):
        yield Server(port)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_200_has_the_headers_that_caches_and_readers_need(server: Server, ending: str) -> None:
    answer = server.ask(f"{FEED}.{ending}")
    kinds = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
    assert answer.status == 200
    assert answer["Content-Type"] == f"{kinds[ending]}; charset=utf-8"
    assert int(answer["Content-Length"]) == len(answer.body)
    assert re.fullmatch(r'"[!#-~]+"', answer["ETag"])
    assert re.fullmatch(r"public, max-age=(\d+)", answer["Cache-Control"])
    assert 60 <= int(answer["Cache-Control"].partition("max-age=")[2]) <= 900
    assert answer["Vary"] == "Accept-Encoding"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert abs(parsedate_to_datetime(answer["Date"]) - datetime.now(UTC)) < timedelta(minutes=2)
    assert parsedate_to_datetime(answer["Last-Modified"]) <= parsedate_to_datetime(answer["Date"])
    for name in ("Set-Cookie", "Accept-Ranges", "Content-Encoding", "Transfer-Encoding", "Expires", "Pragma"):
        assert answer.all(name) == []


@pytest.mark.parametrize("path", [*(f"{FEED}.{one}" for one in FORMATS), f"{FEED}/_archive/1.atom", "/opml"])
@pytest.mark.parametrize("coding", [None, "gzip", "br"])
def test_head_says_what_get_says_and_sends_no_body(server: Server, path: str, coding: str | None) -> None:
    headers = [("Accept-Encoding", coding)] if coding else []
    get, head = server.ask(path, *headers), server.ask(path, *headers, method="HEAD")
    without_date = [[(name, value) for name, value in one.headers if name.lower() != "date"] for one in (get, head)]
    assert sorted(without_date[0]) == sorted(without_date[1])
    assert (head.status, head.body) == (get.status, b"")


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        (None, None),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0.000, br;q=0", None),
        ("gzip;q=0, br", "br"),
        ("*", "gzip"),
        ("*;q=0", None),
        ("identity;q=0", "gzip"),
        ("identity;q=0, gzip;q=0", None),
        ("identity;q=0, gzip", "gzip"),
        ("identity, *;q=0", None),
        ("GZip", "gzip"),
        ("gzip ;q=1.0", "gzip"),
        ("compress", None),
        ("", None),
        ("gzip;q=broken", None),
        (", ,", None),
    ],
)
def test_codings_and_weights_are_obeyed(server: Server, accepted: str | None, coding: str | None) -> None:
    answer = server.ask(f"{FEED}.rss", *([("Accept-Encoding", accepted)] if accepted is not None else []))
    assert answer.status == 200
    assert answer["Vary"] == "Accept-Encoding"
    sent = answer.all("Content-Encoding")
    assert sent == ([coding] if coding else [])
    unpacked = {"gzip": gzip.decompress, "br": brotli.decompress}.get(sent[0] if sent else "", bytes)(answer.body)
    assert unpacked == server.ask(f"{FEED}.rss").body


def test_two_accept_encoding_lines_are_one_list(server: Server) -> None:
    answer = server.ask(f"{FEED}.rss", ("Accept-Encoding", "deflate"), ("Accept-Encoding", "gzip"))
    assert answer.all("Content-Encoding") == ["gzip"]


def test_codings_have_strong_tags_of_their_own_and_constant_bytes(server: Server) -> None:
    answers = [server.ask(f"{FEED}.atom", ("Accept-Encoding", one)) for one in ("identity", "gzip", "br")]
    again = [server.ask(f"{FEED}.atom", ("Accept-Encoding", one)) for one in ("identity", "gzip", "br")]
    assert len({answer["ETag"] for answer in answers}) == 3
    assert [one.body for one in answers] == [one.body for one in again]
    assert [one["ETag"] for one in answers] == [one["ETag"] for one in again]


TAGS = ["{0}", "W/{0}", '"x", {0}', '{0}, "x"', '"x","y",{0}', '"a,b", {0}', 'W/"q", W/{0}', "*", " {0} ", '"x" , {0}']


@pytest.mark.parametrize("path", [f"{FEED}.rss", f"{FEED}.json", f"{FEED}/_archive/1.rss", f"{FEED}.atom?limit=10"])
@pytest.mark.parametrize("shape", TAGS)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_known_tag_in_any_shape_is_a_304(server: Server, path: str, shape: str, coding: str, method: str) -> None:
    first = server.ask(path, ("Accept-Encoding", coding))
    answer = server.ask(
        path, ("Accept-Encoding", coding), ("If-None-Match", shape.format(first["ETag"])), method=method
    )
    assert (answer.status, answer.body) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert answer[name] == first[name]
    assert answer["Date"]
    for name in ("Content-Type", "Content-Encoding", "Transfer-Encoding"):
        assert answer.all(name) == []


def test_a_tag_in_a_second_header_line_is_found(server: Server) -> None:
    tag = server.ask(f"{FEED}.rss")["ETag"]
    assert server.ask(f"{FEED}.rss", ("If-None-Match", '"x"'), ("If-None-Match", tag)).status == 304


@pytest.mark.parametrize("header", ['"other"', "unquoted", '"', 'W/"', "W/", '""', "**", '"a', ",", '"x" "y"'])
def test_any_other_tag_gets_the_feed(server: Server, header: str) -> None:
    assert server.ask(f"{FEED}.rss", ("If-None-Match", header)).status == 200


def _forms(moment: datetime) -> list[str]:
    """The three forms of a date (RFC 9110 section 5.6.7)."""
    return [
        format_datetime(moment, usegmt=True),
        moment.strftime("%A, %d-%b-%y %H:%M:%S GMT"),
        moment.strftime("%a %b ") + f"{moment.day:2}" + moment.strftime(" %H:%M:%S %Y"),
    ]


@pytest.mark.parametrize("form", range(3))
@pytest.mark.parametrize(("shift", "status"), [(-1, 200), (0, 304), (1, 304)])
def test_all_forms_of_dates_are_compared(server: Server, form: int, shift: int, status: int) -> None:
    modified = parsedate_to_datetime(server.ask(f"{FEED}.rss")["Last-Modified"])
    written = _forms(modified + timedelta(seconds=shift))[form]
    assert server.ask(f"{FEED}.rss", ("If-Modified-Since", written)).status == status


@pytest.mark.parametrize(
    "header",
    ["", "yesterday", "0", "Thu, 99 Foo 2026 99:99:99 GMT", "2026-03-04T12:00:00Z", "Wed, 04 Mar 2026 12:00:00"],
)
def test_bad_dates_are_ignored(server: Server, header: str) -> None:
    assert server.ask(f"{FEED}.rss", ("If-Modified-Since", header)).status == 200


def test_preconditions_are_taken_in_the_order_of_rfc_9110(server: Server) -> None:
    first = server.ask(f"{FEED}.rss")
    tag, modified, past = first["ETag"], first["Last-Modified"], "Sat, 01 Jan 2000 00:00:00 GMT"
    assert server.ask(f"{FEED}.rss", ("If-None-Match", '"x"'), ("If-Modified-Since", modified)).status == 200
    assert server.ask(f"{FEED}.rss", ("If-None-Match", tag), ("If-Modified-Since", past)).status == 304
    assert server.ask(f"{FEED}.rss", ("If-Match", '"x"')).status == 412
    assert server.ask(f"{FEED}.rss", ("If-Match", '"x"'), ("If-None-Match", tag)).status == 412
    assert server.ask(f"{FEED}.rss", ("If-Match", tag), ("If-None-Match", tag)).status == 304
    assert server.ask(f"{FEED}.rss", ("If-Unmodified-Since", past)).status == 412


@pytest.mark.parametrize("path", [f"{FEED}.atom", "/", "/healthz"])
@pytest.mark.parametrize(
    ("version", "hosts", "status"),
    [
        ("1.1", "", 400),
        ("1.1", "Host: \r\n", 400),
        ("1.1", "Host: feeds.example\r\nHost: other.example\r\n", 400),
        ("1.1", "Host: feeds.example\r\n", 200),
        ("1.0", "", 200),
    ],
)
def test_a_request_names_one_host(server: Server, path: str, version: str, hosts: str, status: int) -> None:
    """RFC 9112 section 3.2; also where the answer is ready."""
    server.ask(path)
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.sendall(f"GET {path} HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n".encode())
        assert int(connection.makefile("rb").readline().split()[1]) == status


@pytest.mark.parametrize("header", ["bytes=0-9", "bytes=-5", "bytes=999999999-", "items=1"])
def test_ranges_are_ignored(server: Server, header: str) -> None:
    plain = server.ask(f"{FEED}.rss")
    answer = server.ask(f"{FEED}.rss", ("Range", header), ("If-Range", plain["ETag"]))
    assert (answer.status, answer.body) == (200, plain.body)
    assert answer.all("Content-Range") == []


@pytest.mark.parametrize(
    "header",
    [
        ("User-Agent", "Mozilla/5.0"),
        ("Accept", "image/png"),
        ("Accept", "text/html;q=1, */*;q=0"),
        ("Accept-Language", "zh"),
        ("Accept-Charset", "latin1"),
        ("Cookie", "a=b"),
        ("Authorization", "Basic eDp5"),
        ("A-IM", "feed"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "ftp"),
        ("Forwarded", "host=evil.example"),
        ("Origin", "https://other.example"),
    ],
)
def test_nothing_else_of_a_request_changes_the_answer(server: Server, header: tuple[str, str]) -> None:
    plain, answer = server.ask(f"{FEED}.atom"), server.ask(f"{FEED}.atom", header)
    assert (answer.status, answer.body, answer["ETag"]) == (200, plain.body, plain["ETag"])


@pytest.mark.parametrize(
    "query", ["utm_source=x", "x", "limit=abc", "limit=-1", "limit=0", "content=nope", "a=%ff", "&&=&", "limit=1e9"]
)
def test_unknown_parameters_change_nothing(server: Server, query: str) -> None:
    plain, answer = server.ask(f"{FEED}.rss"), server.ask(f"{FEED}.rss?{query}")
    assert (answer.status, answer.body, answer["ETag"]) == (200, plain.body, plain["ETag"])


@pytest.mark.parametrize("path", [*(f"{FEED}.{one}" for one in FORMATS), f"{FEED}/_archive/1.rss", "/opml"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_and_name_those_allowed(server: Server, path: str, method: str) -> None:
    answer = server.ask(path, method=method)
    assert answer.status == 405
    assert {"GET", "HEAD"} <= {one.strip() for one in answer["Allow"].split(",")}


@pytest.mark.parametrize("ending", FORMATS)
def test_removed_is_gone_renamed_is_moved_and_unknown_is_not_found(server: Server, ending: str) -> None:
    assert server.ask(f"/feeds/removed.{ending}").status == 410
    for path in ("old", "older"):
        moved = server.ask(f"/feeds/{path}.{ending}")
        assert (moved.status, moved["Location"]) == (301, f"{HERE}{FEED}.{ending}")
    archive = server.ask(f"/feeds/old/_archive/1.{ending}")
    assert (archive.status, archive["Location"]) == (301, f"{HERE}{FEED}/_archive/1.{ending}")
    assert server.ask(f"/feeds/nobody.{ending}").status == 404
    assert server.ask("/feeds/removed").status == 410
    assert server.ask("/feeds/old")["Location"] == f"{HERE}{FEED}"


def test_a_browser_that_opens_a_feed_gets_the_page(server: Server) -> None:
    person = [("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Site", "none")]
    answer = server.ask(f"{FEED}.rss", *person)
    assert (answer.status, answer["Location"], answer["Cache-Control"]) == (303, f"{HERE}{FEED}", "no-store")
    assert server.ask(f"{FEED}.rss?raw=1", *person).status == 200


@pytest.mark.parametrize("ending", ["rss", "atom"])
def test_the_history_is_complete_and_archives_stay(server: Server, ending: str) -> None:
    seen: list[str] = []
    path = f"{FEED}.{ending}"
    for _ in range(10):
        answer = server.ask(path)
        root = etree.fromstring(answer.body)
        seen += root.xpath("//*[local-name()='guid' or local-name()='entry']/text()[normalize-space()]") or []
        seen += [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
        links = {link.get("rel"): link.get("href") for link in root.iter(f"{ATOM}link") if link.get("rel")}
        if path != f"{FEED}.{ending}":
            assert root.find(f".//{HISTORY}archive") is not None
            assert links["current"] == f"{HERE}{FEED}.{ending}"
            assert int(answer["Cache-Control"].partition("max-age=")[2]) > 900
        if "prev-archive" not in links:
            break
        path = urlsplit(links["prev-archive"]).path
    assert len(set(seen)) == ENTRIES
    assert server.ask(f"{FEED}/_archive/99.{ending}").status == 404


@pytest.mark.parametrize("ending", FORMATS)
def test_the_archive_that_is_not_closed_yet_is_the_present(server: Server, ending: str) -> None:
    answer = server.ask(f"{FEED}/_archive/2.{ending}")
    assert (answer.status, answer["Location"]) == (307, f"{HERE}{FEED}.{ending}")
    assert server.ask(f"{FEED}/_archive/3.{ending}").status == 404
    assert server.ask(f"/feeds/company/empty/_archive/1.{ending}").status == 404


def test_json_pages_lead_to_the_whole_history(server: Server) -> None:
    seen, path = set(), f"{FEED}.json"
    while path:
        feed = json.loads(server.ask(path).body)
        seen |= {item["id"] for item in feed["items"]}
        path = urlsplit(feed.get("next_url", "")).path
    assert len(seen) == ENTRIES


def test_opml_lists_every_feed_and_answers_conditionally(server: Server) -> None:
    answer = server.ask("/opml")
    assert answer["Content-Type"] == "text/x-opml; charset=utf-8"
    outlines = [one for one in etree.fromstring(answer.body).iter("outline") if one.get("xmlUrl")]
    assert all(one.get("type") == "rss" and one.get("xmlUrl").startswith(HERE) for one in outlines)
    for shape in TAGS:
        for coding in ("identity", "gzip"):
            first = server.ask("/opml", ("Accept-Encoding", coding))
            header = shape.format(first["ETag"])
            again = server.ask("/opml", ("Accept-Encoding", coding), ("If-None-Match", header))
            assert (again.status, again.body, again["ETag"]) == (304, b"", first["ETag"])
    modified = answer["Last-Modified"]
    assert server.ask("/opml", ("If-Modified-Since", modified)).status == 304
    assert server.ask("/opml", ("If-None-Match", '"x"'), ("If-Modified-Since", modified)).status == 200
    assert server.ask("/opml", ("Range", "bytes=0-9")).status == 200
    assert answer["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("page", ["/", FEED, "/sources/acme"])
def test_pages_lead_to_their_feeds(server: Server, page: str) -> None:
    links = etree.HTML(server.ask(page).body).xpath("//link[@rel='alternate']")
    assert {link.get("type") for link in links} >= {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    }
    for link in links:
        assert link.get("title")
        assert server.ask(urlsplit(link.get("href")).path).status == 200


def test_the_home_page_names_the_outline_and_robots_may_read_feeds(server: Server) -> None:
    assert etree.HTML(server.ask("/").body).xpath("//link[@rel='outline']/@href")
    robots = server.ask("/robots.txt").body.decode()
    assert "Disallow: /feeds" not in robots
    assert "Disallow: /\n" not in robots


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("ending", FORMATS)
def test_hub_and_self_are_in_headers_and_document(server: Server, ending: str, method: str) -> None:
    answer = server.ask(f"{FEED}.{ending}", method=method)
    assert set(answer["Link"].split(", ")) == {f'<{HERE}/hub>; rel="hub"', f'<{HERE}{FEED}.{ending}>; rel="self"'}
    if method == "GET":
        body = answer.body.decode()
        assert f"{HERE}/hub" in body
        assert f"{HERE}{FEED}.{ending}" in body


SUBSCRIPTION = {
    "hub.mode": "subscribe",
    "hub.topic": f"{HERE}{FEED}.atom",
    "hub.callback": "https://reader.example/callback",
}
FORM = ("Content-Type", "application/x-www-form-urlencoded")


def test_the_hub_accepts_at_once(server: Server) -> None:
    body = urlencode(SUBSCRIPTION | {"hub.lease_seconds": "86400", "hub.unknown": "x"}).encode()
    assert server.ask("/hub", FORM, method="POST", body=body).status == 202


@pytest.mark.parametrize(
    "changes",
    [
        {"hub.mode": "dance"},
        {"hub.mode": ""},
        {"hub.topic": ""},
        {"hub.topic": "https://other.example/feed"},
        {"hub.topic": f"{HERE}/feeds/nobody.atom"},
        {"hub.callback": "mailto:someone@reader.example"},
        {"hub.callback": ""},
        {"hub.callback": "http://127.0.0.1:9/x"},
        {"hub.secret": "s" * 200},
    ],
)
def test_the_hub_refuses_in_plain_text(server: Server, changes: dict[str, str]) -> None:
    answer = server.ask("/hub", FORM, method="POST", body=urlencode(SUBSCRIPTION | changes).encode())
    assert 400 <= answer.status < 500
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.body


def test_the_hub_is_no_page(server: Server) -> None:
    answer = server.ask("/hub")
    assert (answer.status, answer["Allow"]) == (405, "OPTIONS, POST")


def test_unverified_subscriptions_are_limited(server: Server) -> None:
    answers = [
        server.ask(
            "/hub",
            FORM,
            method="POST",
            body=urlencode(SUBSCRIPTION | {"hub.callback": f"https://r{n}.example/"}).encode(),
        )
        for n in range(8)
    ]
    assert answers[-1].status == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_searches_are_limited_and_feeds_are_not(server: Server) -> None:
    statuses = [server.ask(f"/search?q=release+{number}") for number in range(80)]
    limited = [one for one in statuses if one.status == 429]
    assert limited
    assert int(limited[0]["Retry-After"]) > 0
    assert server.ask(f"{FEED}.rss").status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/feeds/%00.rss",
        "/feeds/../../etc/passwd",
        "/feeds/" + "x" * 4000 + ".rss",
        "/entries/1",
        "/%ff",
    ],
)
def test_junk_is_a_short_404_that_repeats_nothing(server: Server, path: str) -> None:
    answer = server.ask(path)
    assert (answer.status, answer.body) == (404, b"Not Found\n")
    assert answer["Content-Type"].startswith("text/plain")
