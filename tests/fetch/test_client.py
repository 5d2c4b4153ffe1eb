"""The client against real sockets on loopback."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from feedsvc.errors import BadStatus, FetchError, NotAPage, NoTurn, Refused, Unreachable
from feedsvc.fetch import Client
from feedsvc.model import NotModified, Page, Validators
from tests.support.sites import Canary, Reply, Site, Visit

Clients = Callable[..., Client]
HTML = ("Content-Type", "text/html; charset=utf-8")
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def page(client: Client, url: str, **given: object) -> Page:
    answer = client.fetch(url, **given)  # type: ignore[arg-type]
    assert isinstance(answer, Page)
    return answer


def test_a_page_comes_with_all_that_the_answer_says(site: Site, client_for: Clients) -> None:
    fields = (
        HTML,
        ("ETag", 'W/"a\xff b"'),
        ("Last-Modified", "Tue, 01 Nov 2025 10:00:00 GMT"),
        ("Cache-Control", "max-age=60"),
        ("Content-Language", "de"),
    )
    site["/x?y=1"] = Reply("<p>Grüße</p>".encode(), headers=fields)
    got = page(client_for(site, clock=lambda: NOW), f"{site.url}/x?y=1#top")
    assert got == Page(
        url=f"{site.url}/x?y=1",
        requested_url=f"{site.url}/x?y=1#top",
        media_type="text/html",
        body="<p>Grüße</p>".encode(),
        text="<p>Grüße</p>",
        encoding="utf-8",
        declared_charset="utf-8",
        content_language="de",
        validators=Validators(etag='W/"a\xff b"', last_modified="Tue, 01 Nov 2025 10:00:00 GMT"),
        fresh_until=NOW + timedelta(seconds=60),
        fetched_at=NOW,
    )


def test_we_introduce_ourselves_and_ask_only_for_codings_that_can_be_bounded(site: Site, client_for: Clients) -> None:
    site["/"] = Reply()
    page(client_for(site, user_agent="feedsvc/9", contact="https://ops.example/bot"), site.url)
    sent = site.pages[0].headers
    assert sent["user-agent"] == "feedsvc/9 (+https://ops.example/bot)"
    assert sent["accept-encoding"] == "gzip, deflate, br"
    assert sent["host"] == site.pair


def test_validators_are_sent_back_byte_for_byte_and_a_304_is_not_a_page(site: Site, client_for: Clients) -> None:
    def unchanged(visit: Visit) -> Reply:
        asked = (visit.headers.get("if-none-match"), visit.headers.get("if-modified-since"))
        return Reply(status=304, headers=(("ETag", 'W/"\xe9"'),)) if asked == ('W/"\xe9"', "yesterday") else Reply()

    site["/"] = unchanged
    known = Validators(etag='W/"\xe9"', last_modified="yesterday")
    answer = client_for(site, clock=lambda: NOW).fetch(site.url, validators=known)
    assert answer == NotModified(url=f"{site.url}/", validators=known, fetched_at=NOW)


@pytest.mark.parametrize("etag", ['"a  b"', '"a\tb"', "unquoted  twice", '"', 'W/""'])
def test_odd_validators_are_sent_back_as_they_came(site: Site, client_for: Clients, etag: str) -> None:
    site["/"] = Reply(headers=(("ETag", etag),))
    client = client_for(site)
    client.fetch(site.url, validators=page(client, site.url).validators)
    assert site.pages[1].headers["if-none-match"] == etag


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"a\0"', '"' + "x" * 5000 + '"', '"日本"'])
def test_validators_that_cannot_be_sent_are_dropped(site: Site, client_for: Clients, etag: str) -> None:
    site["/"] = Reply()
    page(client_for(site), site.url, validators=Validators(etag=etag))
    assert "if-none-match" not in site.pages[0].headers


def test_connections_are_kept_for_the_next_page(site: Site, client_for: Clients) -> None:
    site["/a"] = site["/b"] = Reply()
    client = client_for(site)
    page(client, f"{site.url}/a")
    page(client, f"{site.url}/b")
    assert site.connections == 1


def test_a_kept_connection_that_the_server_closed_is_replaced(site: Site, client_for: Clients) -> None:
    site["/"] = Reply(raw=Reply().bytes())  # Hangs up after a complete answer that promised to stay.
    client = client_for(site)
    for _ in range(5):
        page(client, site.url)
    assert len(site.pages) == 5


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "br", "identity"])
def test_every_coding_is_undone(site: Site, client_for: Clients, coding: str) -> None:
    text = b"<p>" + b"news " * 5000 + b"</p>"
    window = {"gzip": 31, "x-gzip": 31, "deflate": 15, "raw deflate": -15}.get(coding)
    if window:
        packer = zlib.compressobj(wbits=window)
        body = packer.compress(text) + packer.flush()
    else:
        body = brotli.compress(text) if coding == "br" else text
    site["/"] = Reply(body, headers=(HTML, ("Content-Encoding", coding.split()[-1])))
    assert page(client_for(site), site.url).body == text


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(site: Site, client_for: Clients, status: int) -> None:
    site["/old"] = Reply(status=status, headers=(("Location", "/new page?x=ü".encode().decode("latin-1")),))
    site["/new%20page?x=%C3%BC"] = Reply()
    got = page(client_for(site), f"{site.url}/old")
    assert got.url == f"{site.url}/new%20page?x=%C3%BC"
    assert got.requested_url == f"{site.url}/old"
    assert got.moved_to == (got.url if status in (301, 308) else None)


def test_one_temporary_redirect_in_a_chain_means_that_nothing_has_moved(site: Site, client_for: Clients) -> None:
    site["/a"] = Reply(status=301, headers=(("Location", "/b"),))
    site["/b"] = Reply(status=302, headers=(("Location", "/c"),))
    site["/c"] = Reply()
    assert page(client_for(site), f"{site.url}/a").moved_to is None


def test_redirects_in_a_circle_are_refused(site: Site, client_for: Clients) -> None:
    site["/a"] = Reply(status=302, headers=(("Location", "/b"),))
    site["/b"] = Reply(status=302, headers=(("Location", "/a"),))
    with pytest.raises(Refused, match="circle"):
        client_for(site).fetch(f"{site.url}/a")


def test_six_redirects_are_too_many(site: Site, client_for: Clients) -> None:
    for number in range(7):
        site[f"/{number}"] = Reply(status=302, headers=(("Location", f"/{number + 1}"),))
    site["/7"] = Reply()
    with pytest.raises(Refused, match="more than 5 redirects"):
        client_for(site).fetch(f"{site.url}/0")
    assert page(client_for(site), f"{site.url}/2").url == f"{site.url}/7"


@pytest.mark.parametrize("location", ["http://{canary}/", "//{canary}/", "http://127.1:{port}/", "file:///etc/passwd"])
def test_an_allowed_site_cannot_redirect_to_a_private_address(
    site: Site, canary: Canary, client_for: Clients, location: str
) -> None:
    site["/"] = Reply(status=302, headers=(("Location", location.format(canary=canary.pair, port=canary.port)),))
    with pytest.raises(Refused):
        client_for(site).fetch(site.url)


def test_secrets_stay_with_their_origin(site: Site, client_for: Clients) -> None:
    with Site() as other:
        site["/a"] = Reply(status=302, headers=(("Location", "/b"),))
        site["/b"] = Reply(status=302, headers=(("Location", f"{other.url}/"),))
        other["/"] = Reply()
        secrets = {"Authorization": "Bearer s", "Cookie": "a=b", "X-Key": "k", "Host": "evil.example"}
        page(client_for(site, other), f"{site.url}/a", headers=secrets)
    assert [visit.headers.get("authorization") for visit in site.pages] == ["Bearer s", "Bearer s"]
    assert all(visit.headers["host"] == site.pair for visit in site.visits)
    for visit in [*other.visits, *(v for v in site.visits if v.path == "/robots.txt")]:
        assert not {"authorization", "cookie", "x-key"} & visit.headers.keys()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 429, 500, 502, 503])
def test_an_error_status_is_an_error_with_the_pause_that_was_asked_for(
    site: Site, client_for: Clients, status: int
) -> None:
    site["/"] = Reply(status=status, headers=(("Retry-After", "120"),))
    with pytest.raises(BadStatus) as caught:
        client_for(site).fetch(site.url)
    assert (caught.value.status, caught.value.retry_after) == (status, timedelta(seconds=120))


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        ("Fri, 02 Jan 2026 03:14:05 GMT", timedelta(minutes=10)),
        ("99999999", timedelta(hours=24)),
        ("Fri, 02 Jan 2099 03:14:05 GMT", timedelta(hours=24)),
        ("Fri, 02 Jan 2020 03:14:05 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(site: Site, client_for: Clients, text: str, pause: timedelta | None) -> None:
    site["/"] = Reply(status=503, headers=(("Retry-After", text),))
    with pytest.raises(BadStatus) as caught:
        client_for(site, clock=lambda: NOW).fetch(site.url)
    assert caught.value.retry_after == pause


def test_a_host_that_said_not_now_is_not_asked_again_until_then(site: Site, client_for: Clients) -> None:
    site["/"] = Reply(status=429, headers=(("Retry-After", "3600"),))
    client = client_for(site)
    with pytest.raises(BadStatus, match="429"):
        client.fetch(site.url)
    for _ in range(3):
        with pytest.raises(NoTurn, match="answered 429 and is left alone") as caught:
            client.fetch(site.url)
        assert caught.value.wait is not None
        assert timedelta(seconds=3590) <= caught.value.wait <= timedelta(hours=1)
    assert len(site.pages) == 1


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "application/octet-stream", "video/mp4"])
def test_what_is_no_page_is_not_read(site: Site, client_for: Clients, media_type: str) -> None:
    site["/"] = Reply(b"x", headers=(("Content-Type", media_type),))
    with pytest.raises(NotAPage, match=media_type):
        client_for(site).fetch(site.url)


def test_a_pdf_under_the_name_of_html_is_no_page(site: Site, client_for: Clients) -> None:
    site["/"] = Reply(b"%PDF-1.7 ...")
    with pytest.raises(NotAPage, match="PDF"):
        client_for(site).fetch(site.url)


@pytest.mark.parametrize("status", [201, 202, 204, 205, 206])
def test_a_success_without_a_whole_page_is_no_page(site: Site, client_for: Clients, status: int) -> None:
    site["/"] = Reply(b"" if status == 204 else b"<p>part</p>", status=status)
    with pytest.raises(NotAPage, match=str(status)):
        client_for(site).fetch(site.url)


def test_a_304_that_nobody_asked_for_is_an_error(site: Site, client_for: Clients) -> None:
    site["/"] = Reply(status=304)
    with pytest.raises(BadStatus):
        client_for(site).fetch(site.url)


def test_an_unreachable_site_is_named(client_for: Clients) -> None:
    with Canary() as gone:
        pass
    with pytest.raises(Unreachable, match=f"no connection to 127.0.0.1 port {gone.port}"):
        client_for(gone).fetch(gone.url)


def test_a_disallowed_page_is_not_asked_for(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\n")
    site["/private/x"] = site["/public"] = Reply()
    client = client_for(site)
    with pytest.raises(Refused, match=r"robots\.txt disallows /private/x for feedsvc"):
        client.fetch(f"{site.url}/private/x")
    page(client, f"{site.url}/public")
    assert (site.hits("/private/x"), site.hits("/robots.txt")) == (0, 1)


def test_a_redirect_does_not_lead_round_robots_txt(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\n")
    site["/"] = Reply(status=302, headers=(("Location", "/private"),))
    site["/private"] = Reply()
    with pytest.raises(Refused, match=r"robots\.txt"):
        client_for(site).fetch(site.url)
    assert site.hits("/private") == 0


def test_requests_of_other_rooms_follow_no_redirects_and_read_no_more_than_asked(
    site: Site, client_for: Clients
) -> None:
    site["/hook"] = lambda visit: Reply(visit.body * 100, status=302, headers=(("Location", "/else"),))
    answer = client_for(site).request("POST", f"{site.url}/hook", headers={"X-Sig": "1"}, body=b"hello", max_answer=7)
    assert (answer.status, answer.body, answer.headers["location"]) == (302, b"hellohe", "/else")
    assert [(v.method, v.path, v.body, v.headers["x-sig"]) for v in site.visits] == [("POST", "/hook", b"hello", "1")]


def test_requests_of_other_rooms_are_guarded(canary: Canary, client_for: Clients) -> None:
    with pytest.raises(Refused):
        client_for().request("POST", canary.url, body=b"x")


def test_a_header_cannot_be_used_to_write_another_request(site: Site, client_for: Clients) -> None:
    with pytest.raises(FetchError):
        client_for(site).request("GET", site.url, headers={"X": "a\r\nY: b"})
    assert site.visits == []


def test_a_day_has_only_so_many_requests(site: Site, client_for: Clients) -> None:
    site["/"] = Reply()
    client = client_for(site, daily_host_requests=3)
    page(client, site.url)
    page(client, site.url)
    with pytest.raises(Refused, match="budget of 3 requests a day"):
        client.fetch(site.url)


def test_a_deadline_that_has_passed_ends_the_fetch_at_once(site: Site, client_for: Clients) -> None:
    site["/"] = Reply()
    with pytest.raises(FetchError):
        client_for(site, clock=lambda: NOW).fetch(site.url, deadline=NOW)
    assert site.visits == []


def test_hosts_show_how_things_stand(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 7\n")
    site["/"] = Reply()
    client = client_for(site, monotonic=lambda: 0.0, sleep=lambda _: None, longest_wait=0)
    with pytest.raises(Refused, match="next free turn"):
        client.fetch(site.url)
    (host,) = client.hosts()
    assert (host.host, host.interval, host.requests) == (site.pair, 7, 1)
