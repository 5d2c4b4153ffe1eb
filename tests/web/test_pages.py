"""Pages for people: every link leads on, nothing of a stranger runs, every feed can be found."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from lxml import etree, html
from werkzeug.test import Client, TestResponse

from feedsvc.model import Source
from feedsvc.web import pages
from tests.support.serving import Serving
from tests.support.stores import ACME, release

BASE = "https://feeds.example"


def get(client: Client, path: str, **headers: str) -> TestResponse:
    return client.get(path, headers=headers, buffered=True)


@pytest.fixture
def uuid(service: Serving) -> str:
    return service.publish(
        release(
            7,
            title="<script>alert(1)</script> & more",
            content='<p>Words</p><p><img src="https://news.example/a.jpg" alt="A"></p>',
            language="zh",
            authors=("Ada",),
        )
    )[0]


@pytest.mark.parametrize(
    "path", ["/", "/feeds/all", "/feeds/company", "/feeds/company/empty", "/sources/acme", "/search?q=release"]
)
def test_every_page_has_the_headers_that_keep_browsers_safe(client: Client, path: str) -> None:
    answer = get(client, path)
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "script" not in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert (
        answer.headers["Cross-Origin-Opener-Policy"] == answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    )
    assert "Permissions-Policy" in answer.headers
    assert "<script" not in answer.text
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    ("page", "feed"),
    [("/", "feeds/all"), ("/feeds/company/releases", "feeds/company/releases"), ("/sources/acme", "sources/acme")],
)
def test_feeds_can_be_found_from_their_pages(client: Client, page: str, feed: str) -> None:
    tree = html.fromstring(get(client, page).text)
    found = {link.get("type"): link.get("href") for link in tree.xpath("//link[@rel='alternate']")}
    assert found == {
        "application/atom+xml": f"{BASE}/{feed}.atom",
        "application/rss+xml": f"{BASE}/{feed}.rss",
        "application/feed+json": f"{BASE}/{feed}.json",
    }
    assert tree.xpath("string(//code)") == f"{BASE}/{feed}.atom"
    assert tree.xpath("//a[starts-with(@href, 'feed:')]")


def test_every_link_of_ours_leads_to_a_page(client: Client, uuid: str) -> None:
    for start in ("/", "/feeds/company", f"/entries/{uuid}", "/search?q=number"):
        tree = html.fromstring(get(client, start).text)
        for href in tree.xpath("//a/@href"):
            if href.startswith(BASE):
                answer = get(client, href.removeprefix(BASE))
                assert answer.status_code == 200, href
                assert answer.headers["Content-Type"].startswith(("text/html", "text/x-opml")), href


def test_an_entry_page_points_search_engines_to_the_original(client: Client, uuid: str) -> None:
    answer = get(client, f"/entries/{uuid}")
    tree = html.fromstring(answer.text)
    assert tree.xpath("string(//link[@rel='canonical']/@href)") == "https://news.example/releases/7.html"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert tree.xpath("string(//article/@lang)") == "zh"
    assert tree.xpath("string(//h1)") == "<script>alert(1)</script> & more"
    assert tree.xpath("//div[@class='text']//img/@src") == ["https://news.example/a.jpg"]
    assert not tree.xpath("//script")


def test_a_withdrawn_entry_is_gone(client: Client, service: Serving, uuid: str) -> None:
    service.store.entries.withdraw(uuid, now=service.now)
    assert get(client, f"/entries/{uuid}").status_code == 410


@pytest.mark.parametrize("name", ["x", "0" * 36, "00000000-0000-0000-0000-000000000000", "A" * 500])
def test_an_unknown_entry_is_not_found(client: Client, name: str) -> None:
    answer = get(client, f"/entries/{name}")
    assert (answer.status_code, answer.text) == (404, "Not Found\n")


def test_an_undeclared_category_has_no_page(client: Client) -> None:
    assert get(client, "/feeds/unknown").status_code == 404


def test_search_finds_all_words_and_shows_what_was_asked_as_text(client: Client) -> None:
    found = html.fromstring(get(client, "/search?q=number+2").text)
    assert "Release number 2" in found.text_content()
    assert "Release number 1 " not in found.text_content()
    odd = get(client, "/search?q=%3Cb%3E%25_'%22--" + "x" * 5000)
    assert odd.status_code == 200
    assert "<b>%" not in odd.text


def test_older_entries_are_on_further_pages(client: Client, service: Serving) -> None:
    service.publish(*[release(number) for number in range(4, 64)])
    first, second = (get(client, f"/feeds/company/releases{query}") for query in ("", "?page=2"))
    assert html.fromstring(first.text).xpath("string(//a[@rel='next']/@href)").endswith("?page=2")
    counts = [len(html.fromstring(page.text).xpath("//ol[@class='entries']/li")) for page in (first, second)]
    assert counts == [pages.PAGE_SIZE, 13]
    for query in ("?page=0", "?page=x", "?page=3", "?page=99999999"):
        assert get(client, f"/feeds/company/releases{query}").status_code == 404


def test_a_page_is_not_sent_twice(client: Client) -> None:
    first = get(client, "/")
    assert get(client, "/", **{"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_the_list_of_feeds_is_conditional(client: Client) -> None:
    first = get(client, "/opml", **{"Accept-Encoding": "gzip"})
    assert first.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    assert first.headers["Content-Encoding"] == "gzip"
    again = get(client, "/opml", **{"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    tree = etree.fromstring(get(client, "/opml").data)
    assert f"{BASE}/feeds/company/releases.atom" in tree.xpath("//outline/@xmlUrl")


def test_robots_may_read_every_feed(client: Client) -> None:
    assert "Disallow: /feeds" not in get(client, "/robots.txt").text


@pytest.mark.parametrize("path", ["/", "/opml", "/search", "/entries/x", "/healthz"])
def test_pages_refuse_other_methods(client: Client, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_health_tells_living_from_serving(client: Client, service: Serving) -> None:
    assert get(client, "/healthz").json == {"status": "ok"}
    assert get(client, "/readyz").json == {"status": "ok"}
    service.feeds.trouble = "database is locked"
    degraded = get(client, "/readyz")
    assert (degraded.status_code, degraded.json) == (200, {"status": "degraded"})


def test_a_full_disk_is_told_to_supervisors(client: Client, service: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=4096))
    assert get(client, "/readyz").json == {"status": "degraded"}
    assert "feedsvc_degraded 1.0" in get(client, "/metrics").text


def test_every_template_escapes_by_itself() -> None:
    templates = [path for path in (Path(pages.__file__).parent / "templates").rglob("*") if path.is_file()]
    assert len(templates) > 8
    for template in templates:
        assert template.suffix == ".html"
        assert not re.search(r"\|\s*safe|autoescape\s+false", template.read_text(encoding="utf-8"))


def test_readers_learn_how_to_subscribe(client: Client) -> None:
    tree = html.fromstring(get(client, "/subscribe").text)
    assert tree.xpath("//aside//a[@class='button'][starts-with(@href, 'feed:')]")
    assert f"{BASE}/feeds/company" in tree.xpath("//a/@href")
    assert f"{BASE}/subscribe" in html.fromstring(get(client, "/").text).xpath("//header//a/@href")


def test_status_names_what_is_not_read_and_not_why(client: Client, service: Serving) -> None:
    assert "every source is read (1)" in get(client, "/status").text
    assert service.store.sources.claim("acme", "test")
    service.store.sources.conclude("acme", "test", state="broken", reason="the secret reason")
    answer = get(client, "/status")
    text = " ".join(html.fromstring(answer.text).text_content().split())
    assert "1 of 1 sources could not be read lately" in text
    assert "Acme last read never" in text
    assert "secret" not in answer.text
    assert "Last new release4 March 2026, 13:00 UTC" in text
    service.feeds.trouble = "database is locked"
    assert "as they last were" in get(client, "/status").text


def test_home_stays_small_beside_very_many_sources(client: Client, service: Serving) -> None:
    sources = tuple(
        Source(key=f"s{number}", urls=(f"https://n{number}.example/",), title=f"Source {number}")
        for number in range(500)
    )
    service.store.sources.sync((ACME, *sources), now=service.now)
    service.feeds.poll()
    answer = get(client, "/")
    assert len(answer.data) < 60_000
    assert "and 401 more" in answer.text


def test_a_page_looks_right_at_whatever_port_it_is_asked_for(client: Client, uuid: str) -> None:
    head = html.fromstring(get(client, "/").data).find("head")
    assert [link.get("href") for link in head.findall("link[@rel='stylesheet']")] == ["/static/feedsvc.css"]


@pytest.mark.parametrize("path", ["/nowhere", "/feeds/unknown", "/entries/x"])
def test_people_get_a_page_where_there_is_nothing_and_programs_a_line(client: Client, path: str) -> None:
    seen = client.get(path, base_url=BASE, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (seen.status_code, seen.mimetype) == (404, "text/html")
    assert "There is nothing here" in html.fromstring(seen.text).text_content()
    told = client.get(path, base_url=BASE, headers={"Accept": "*/*"})
    assert (told.status_code, told.text) == (404, "Not Found\n")
    for answer in (seen, told):
        assert answer.headers["Vary"] == "Accept"
        assert path not in answer.text
