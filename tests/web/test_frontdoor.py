"""Feeds over HTTP, as readers, caches and proxies ask for them (specs/feeds.md 7)."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from werkzeug.test import Client, TestResponse

from feedsvc.errors import StoreError
from feedsvc.model import Feed, FeedRef, Format, Rendering
from feedsvc.service import renderer
from feedsvc.service.feeds import FeedService
from feedsvc.web import create_app
from tests.support.serving import Serving
from tests.support.stores import record, release

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

RSS = "/feeds/company/releases.rss"
FORMATS = [("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json")]


def ask(client: Client, path: str = RSS, /, *, method: str = "GET", **headers: str) -> TestResponse:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(path, method=method, headers=sent, buffered=True)


@pytest.mark.parametrize(("ending", "media_type"), FORMATS)
@pytest.mark.parametrize("path", ["/feeds/all", "/feeds/company", "/feeds/company/releases", "/sources/acme"])
def test_every_feed_is_there_in_every_format(client: Client, path: str, ending: str, media_type: str) -> None:
    answer = ask(client, f"{path}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer.text.count("Release number") >= 3
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert "Accept-Ranges" not in answer.headers


def test_head_says_what_get_says(client: Client) -> None:
    get, head = ask(client), ask(client, method="HEAD")
    assert dict(head.headers) == dict(get.headers)
    assert head.data == b""
    assert int(head.headers["Content-Length"]) == len(get.data)


@pytest.mark.parametrize("path", [RSS, "/feeds/all.json", "/sources/acme.atom"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused_with_those_allowed(client: Client, path: str, method: str) -> None:
    for _ in range(2):  # before and after the answer is prepared
        answer = ask(client, path, method=method)
        assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
        ask(client, path)


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/unknown.rss",
        "/feeds/company/releases.xml",
        "/feeds/Company.rss",
        "/feeds/company%2Freleases%00.rss",
        "/feeds/../secret.rss",
        "/feeds/%ff%fe.rss",
        "/feeds/a/b/c/d/e/f/g.rss",
        "/feeds/company/releases/_archive/1.rss",
        "/feeds/company/releases/_archive/0.rss",
        "/feeds/company/releases/_archive/99999999999999999999.rss",
        "/sources/nobody.atom",
        "/sources/acme/more.atom",
        "/feeds/" + "x" * 5000 + ".rss",
        "/nothing-here",
        "/feeds/<script>alert(1)</script>.rss",
    ],
)
def test_junk_gets_the_same_short_404(client: Client, path: str) -> None:
    answer = ask(client, path)
    assert (answer.status_code, answer.text) == (404, "Not Found\n")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_empty_declared_category_is_an_empty_feed(client: Client) -> None:
    answer = ask(client, "/feeds/company/empty.atom")
    assert answer.status_code == 200
    assert "<entry>" not in answer.text


def test_a_category_of_any_script_has_its_feed(client: Client) -> None:
    answer = ask(client, "/feeds/%E8%BF%9B%E5%8D%9A.rss")
    assert answer.status_code == 200
    assert "https://feeds.example/feeds/%E8%BF%9B%E5%8D%9A.rss" in answer.text


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("br", "br", brotli.decompress),
        ("gzip;q=0", None, bytes),
        ("*;q=0", None, bytes),
        ("", None, bytes),
    ],
)
def test_the_coding_asked_for_is_sent_with_its_own_tag(
    client: Client, accepted: str, coding: str | None, unpack: Any
) -> None:
    plain = ask(client)
    answer = ask(client, Accept_Encoding=accepted)
    assert answer.headers.get("Content-Encoding") == coding
    assert unpack(answer.data) == plain.data
    assert (answer.headers["ETag"] == plain.headers["ETag"]) is (coding is None)
    again = ask(client, Accept_Encoding=accepted, If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304
    assert again.headers["ETag"] == answer.headers["ETag"]


def test_a_304_repeats_what_it_must_and_has_no_body(client: Client) -> None:
    first = ask(client)
    answer = ask(client, If_None_Match=first.headers["ETag"])
    assert answer.status_code == 304
    assert answer.data == b""
    for name in ("ETag", "Cache-Control", "Vary", "Access-Control-Allow-Origin", "X-Content-Type-Options"):
        assert answer.headers[name] == first.headers[name]
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("shape", ["{0}", "W/{0}", '"a,b", {0}', '{0}, "z"', '"x","y",W/{0}', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_if_none_match_in_every_shape(client: Client, shape: str, method: str) -> None:
    tag = ask(client).headers["ETag"]
    assert ask(client, method=method, If_None_Match=shape.format(tag)).status_code == 304


@pytest.mark.parametrize("header", ['"other"', "unquoted", '"', "", 'W/"', "\x00", '"a' * 2000])
def test_a_tag_that_is_not_ours_gets_the_feed(client: Client, header: str) -> None:
    assert client.get(RSS, environ_overrides={"HTTP_IF_NONE_MATCH": header}).status_code == 200


def test_a_layer_around_us_that_adds_headers_adds_them_to_one_answer(service: Serving) -> None:
    app = create_app(service)

    def around(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]]) -> Any:
            headers.append(("X-Seen", "1"))
            return start_response(status, headers)

        return app(environ, start)  # type: ignore[arg-type]

    asked = Client(around)
    tag = asked.get("/feeds/all.atom").headers["ETag"]
    for _ in range(2):
        assert asked.get("/feeds/all.atom").headers.getlist("X-Seen") == ["1"]
        assert asked.get("/feeds/all.atom", headers={"If-None-Match": tag}).headers.getlist("X-Seen") == ["1"]


def test_if_modified_since_counts_where_no_tag_is_sent(client: Client) -> None:
    first = ask(client)
    modified = first.headers["Last-Modified"]
    assert ask(client, If_Modified_Since=modified).status_code == 304
    assert ask(client, If_Modified_Since="Sat, 01 Jan 2000 00:00:00 GMT").status_code == 200
    assert ask(client, If_Modified_Since="soon").status_code == 200
    assert ask(client, If_Modified_Since=modified, If_None_Match='"x"').status_code == 200


def test_range_is_ignored(client: Client) -> None:
    answer = ask(client, Range="bytes=0-9")
    assert answer.status_code == 200
    assert len(answer.data) > 100


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "image/png"},
        {"Accept-Language": "zh"},
        {"Cookie": "a=b"},
        {"User-Agent": "Mozilla/5.0"},
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example"},
    ],
)
def test_nothing_else_of_the_request_changes_the_answer(client: Client, headers: dict[str, str]) -> None:
    plain, answer = client.get(RSS), client.get(RSS, headers=headers)
    assert answer.data == plain.data
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_unknown_parameters_change_nothing_and_known_ones_are_bounded(client: Client) -> None:
    plain = ask(client)
    for query in ("utm_source=x", "limit=0", "limit=-1", "limit=x", "content=all", "raw=1", "&&&", "limit=1" * 2000):
        assert ask(client, f"{RSS}?{query}").data == plain.data
    assert "limit=10" in ask(client, f"{RSS}?limit=3").text
    assert "limit=200" in ask(client, f"{RSS}?limit=5000").text
    summary = ask(client, f"{RSS}?content=summary").text
    assert "content:encoded>" not in summary


def test_a_person_is_led_to_the_page(client: Client, service: Serving) -> None:
    person = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}
    ask(client)
    answer = client.get(RSS, headers=person)
    assert (answer.status_code, answer.headers["Location"]) == (303, "https://feeds.example/feeds/company/releases")
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"{RSS}?raw=1", headers=person).status_code == 200
    assert client.get(RSS, headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    service.configure(server={"base_url": "https://feeds.example"}, feeds={"people_to_pages": False})
    service.feeds.poll()
    assert client.get(RSS, headers=person).status_code == 200


def test_many_readers_at_a_time_wait_for_one_rendering(service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    application, rendered = create_app(service), []
    plain, readers = renderer.render, threading.Barrier(8)

    def noted(feed: Feed, format: Format, **options: Any) -> Rendering:
        rendered.append(format)
        return plain(feed, format, **options)

    def read() -> bytes:
        readers.wait()
        return ask(Client(application)).data

    monkeypatch.setattr(renderer, "render", noted)
    with ThreadPoolExecutor(readers.parties) as pool:
        bodies = {asked.result() for asked in [pool.submit(read) for _ in range(readers.parties)]}
    assert len(bodies) == 1
    assert rendered == [Format.RSS]


def test_a_feed_that_is_polled_stays_in_demand_though_its_answers_are_ready(
    service: Serving, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert ask(client).status_code == 200
        service.now += timedelta(days=5)
        service.feeds.run_errands()
    after_a_restart = FeedService(service.store, lambda: service.config, clock=lambda: service.now)
    after_a_restart.poll()
    record(service.store, release(4), now=service.now)
    rendered: list[str] = []
    plain = renderer.render
    monkeypatch.setattr(
        renderer, "render", lambda *one, **more: rendered.append(one[0].ref.path) or plain(*one, **more)
    )
    after_a_restart.poll()
    assert rendered == ["feeds/company/releases"]


def test_a_change_is_served_after_it_is_noticed(client: Client, service: Serving) -> None:
    first = ask(client)
    service.publish(release(4))
    answer = ask(client, If_None_Match=first.headers["ETag"])
    assert answer.status_code == 200
    assert "Release number 4" in answer.text


def test_a_removed_feed_is_gone_and_a_renamed_one_moved(client: Client, service: Serving) -> None:
    old, new = FeedRef(kind="category", key="company/empty"), FeedRef(kind="category", key="company/releases")
    service.store.feeds.remove(old, now=service.now)
    service.feeds.poll()
    assert ask(client, "/feeds/company/empty.rss").status_code == 410
    assert ask(client, "/feeds/company/empty").status_code == 410
    service.store.feeds.remove(old, now=service.now, moved_to=new.key)
    service.feeds.poll()
    answer = ask(client, "/feeds/company/empty.rss")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://feeds.example/feeds/company/releases.rss")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("?limit=7&content=none", "?limit=10&content=none"),
        ("?raw=1", "?raw=1"),
        ("?content=summary&raw=1", "?content=summary&raw=1"),
        ("?utm_source=x", ""),
    ],
)
def test_who_asks_for_part_of_a_renamed_feed_is_led_to_that_part(
    client: Client, service: Serving, asked: str, told: str
) -> None:
    old = FeedRef(kind="category", key="company/empty")
    service.store.feeds.remove(old, now=service.now, moved_to="company/releases")
    service.feeds.poll()
    answer = ask(client, f"/feeds/company/empty.rss{asked}")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"https://feeds.example/feeds/company/releases.rss{told}"


def test_a_base_url_with_a_path_works_with_and_without_stripping(client: Client, service: Serving) -> None:
    service.configure(server={"base_url": "https://feeds.example/news/"})
    service.feeds.poll()
    ask(client)
    for path in (RSS, f"/news{RSS}"):
        answer = ask(client, path)
        assert answer.status_code == 200
        assert "https://feeds.example/news/feeds/company/releases.rss" in answer.text
    for path in (
        "/",
        "/news/",
        "/feeds/company",
        "/news/feeds/company",
        "/static/feedsvc.css",
        "/news/static/feedsvc.css",
    ):
        assert ask(client, path).status_code == 200
    assert 'href="https://feeds.example/news/opml"' in ask(client, "/news/").text


def test_archives_may_be_believed_long(client: Client, service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 130)])
    answer = ask(client, "/feeds/company/releases/_archive/1.atom")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert 'rel="current"' in answer.text


def test_hub_and_self_stand_in_the_link_header(client: Client, service: Serving) -> None:
    service.configure(server={"base_url": "https://feeds.example"}, feeds={"hub": ["https://hub.example/"]})
    service.feeds.poll()
    for method in ("GET", "HEAD"):
        link = ask(client, method=method).headers["Link"]
        assert '<https://hub.example/>; rel="hub"' in link
        assert '<https://feeds.example/feeds/company/releases.rss>; rel="self"' in link


def test_a_store_that_fails_before_the_first_load_is_a_503(
    client: Client, service: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("disk I/O error")

    monkeypatch.setattr(service.store.renderings, "get", broken)
    answer = ask(client)
    assert (answer.status_code, answer.text) == (503, "Service Unavailable\n")
    assert answer.headers["Retry-After"] == "30"


def test_tomorrow_serves_the_same_bytes(client: Client, service: Serving) -> None:
    first = ask(client)
    service.now += timedelta(days=30)
    service.feeds.poll()
    assert ask(client).data == first.data
