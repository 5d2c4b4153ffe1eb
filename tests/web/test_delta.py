"""Deltas (RFC 3229, specs/feeds.md 7.10): where a feed opts in, readers may ask for what is new alone."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta

import feedparser
import pytest
from werkzeug.test import Client, TestResponse

from feedsvc.model import Format
from feedsvc.web import create_app
from feedsvc.web.delta import named_renderings, wants_delta
from tests.support.running import served
from tests.support.serving import Serving
from tests.support.stores import release

FEED = "/feeds/company/releases"
ON = {
    "server": {"base_url": "https://feeds.example"},
    "feeds": {"title": "Example feeds", "deltas": ["company/releases"]},
}


@pytest.fixture(autouse=True)
def is_on(service: Serving) -> None:
    service.configure(**ON)
    service.feeds.poll()


def ask(client: Client, tag: str, ending: str = "atom", **headers: str) -> TestResponse:
    """A poll by a reader that has the rendering with this tag."""
    sent = {"A-IM": "feed", "If-None-Match": tag} | {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"{FEED}.{ending}", headers=sent)


def titles(answer: TestResponse) -> list[str]:
    """The titles of a document's entries."""
    if answer.content_type.startswith("application/feed+json"):
        return [item["title"] for item in json.loads(answer.data)["items"]]
    return [one.title for one in feedparser.parse(answer.data).entries]


def tag_of(client: Client, ending: str = "atom", **headers: str) -> str:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"{FEED}.{ending}", headers=sent).headers["ETag"]


@pytest.mark.parametrize("ending", ["rss", "atom", "json"])
def test_a_reader_gets_new_and_changed_entries_alone(service: Serving, client: Client, ending: str) -> None:
    tag = tag_of(client, ending)
    service.publish(release(4), release(2, content="<p>Another text of release 2 altogether.</p>"))
    answer = ask(client, tag, ending)
    assert answer.status == "226 IM Used"
    assert titles(answer) == ["Release number 4 of the Acme company", "Release number 2 of the Acme company"]
    assert answer.headers["IM"] == "feed"
    assert {"A-IM", "If-None-Match"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    assert answer.headers["Delta-Base"] == tag
    assert answer.headers["Cache-Control"].startswith("no-store, im")
    whole = client.get(f"{FEED}.{ending}")
    for name in ("ETag", "Last-Modified", "Content-Type", "Link"):
        assert answer.headers[name] == whole.headers[name]
    assert ask(client, answer.headers["ETag"], ending).status_code == 304


def test_two_updates_later_the_delta_holds_both(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    for number in (4, 5):
        service.publish(release(number))
        tag_of(client)
    assert [title[:16] for title in titles(ask(client, tag))] == ["Release number 5", "Release number 4"]


def test_of_several_tags_the_latest_counts(service: Serving, client: Client) -> None:
    old = tag_of(client)
    service.publish(release(4))
    newer = tag_of(client)
    service.publish(release(5))
    answer = ask(client, f'"nobody", {old}, W/{newer}')
    assert answer.headers["Delta-Base"] == newer
    assert [title[:16] for title in titles(answer)] == ["Release number 5"]


def test_a_delta_is_coded_as_asked_and_its_tag_is_that_of_the_coding(service: Serving, client: Client) -> None:
    tag = tag_of(client, Accept_Encoding="gzip")
    assert tag.endswith('-gzip"')
    service.publish(release(4))
    answer = ask(client, tag, Accept_Encoding="gzip")
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (226, "gzip")
    assert b"Release number 4" in gzip.decompress(answer.data)
    assert answer.headers["ETag"] == tag_of(client, Accept_Encoding="gzip")
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_delta_claims_no_completeness_and_names_what_was_withdrawn(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    (uuid,) = service.publish(release(4))
    service.publish(release(5))
    service.store.entries.withdraw(uuid, now=service.now + timedelta(minutes=1))
    service.feeds.poll()
    answer = ask(client, tag)
    assert b"complete" not in answer.data
    assert f'ref="urn:uuid:{uuid}"'.encode() in answer.data
    assert [title[:16] for title in titles(answer)] == ["Release number 5"]


@pytest.mark.parametrize(
    "headers",
    [
        {"User_Agent": "rss2email/3.14 (https://github.com/rss2email/rss2email)"},
        {"A_IM": "vcdiff, gzip"},
        {"A_IM": "feed;q=0"},
        {"If_None_Match": '"unknown"'},
        {"If_None_Match": "unquoted"},
    ],
    ids=str,
)
def test_everyone_else_gets_the_whole_feed(service: Serving, client: Client, headers: dict[str, str]) -> None:
    tag = tag_of(client)
    service.publish(release(4))
    answer = ask(client, tag, **headers)
    assert (answer.status_code, len(titles(answer))) == (200, 4)
    assert "IM" not in answer.headers


def test_without_a_tag_there_is_no_delta(client: Client) -> None:
    assert client.get(f"{FEED}.rss", headers={"A-IM": "feed"}).status_code == 200


def test_every_answer_of_such_a_feed_says_what_it_depends_on(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    for answer in (client.get(f"{FEED}.atom"), ask(client, tag)):
        assert answer.headers["Vary"] == "Accept-Encoding, A-IM, If-None-Match"
    assert client.get("/feeds/all.atom").headers["Vary"] == "Accept-Encoding"


def test_feeds_that_did_not_opt_in_know_no_deltas(service: Serving, client: Client) -> None:
    tag = client.get("/feeds/all.atom").headers["ETag"]
    service.publish(release(4))
    answer = client.get("/feeds/all.atom", headers={"A-IM": "feed", "If-None-Match": tag})
    assert (answer.status_code, len(titles(answer))) == (200, 4)


def test_preconditions_come_first(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    service.publish(release(4))
    assert ask(client, tag, If_Match='"other"').status_code == 412
    assert ask(client, "*").status_code == 304


def test_head_says_what_get_says(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    service.publish(release(4))
    get = ask(client, tag)
    head = client.head(f"{FEED}.atom", headers={"A-IM": "feed", "If-None-Match": tag})
    assert (head.status_code, head.data) == (226, b"")
    assert {*head.headers} == {*get.headers}


def test_a_variant_has_deltas_of_its_own(service: Serving, client: Client) -> None:
    tag = client.get(f"{FEED}.atom?content=summary").headers["ETag"]
    service.publish(release(4))
    answer = client.get(f"{FEED}.atom?content=summary", headers={"A-IM": "feed", "If-None-Match": tag})
    assert (answer.status_code, len(titles(answer))) == (226, 1)
    assert b"<content" not in answer.data


def test_another_process_knows_the_same_renderings(service: Serving, client: Client) -> None:
    tag = tag_of(client)
    service.publish(release(4))
    beside = Serving(store=service.store, config=service.config, now=service.now)
    assert ask(Client(create_app(beside)), tag).status_code == 226
    beside.feeds.close()


def test_what_is_remembered_is_bounded(service: Serving, client: Client) -> None:
    first = tag_of(client)
    document = f"{FEED[1:]}.atom"
    for number in range(60):
        service.publish(release(2, content=f"<p>Text number {number} of release 2, not like the others.</p>"))
        tag_of(client)
    tag = first.strip('"')
    assert service.store.deltas.latest(document, [tag]) is None
    assert ask(client, first).status_code == 200
    assert service.store.deltas.prune(now=service.now + timedelta(days=31)) == 50


def test_feedparser_follows_by_deltas(service: Serving) -> None:
    with served(create_app(service)) as address:
        url = f"{address}{FEED}.{Format.ATOM.value}"
        known = feedparser.parse(url)
        assert (known.status, len(known.entries)) == (200, 3)
        for number in (4, 5):
            service.publish(release(number))
            news = feedparser.parse(url, etag=known.etag)
            assert (news.status, [one.title[:16] for one in news.entries]) == (226, [f"Release number {number}"])
            known = news
        assert feedparser.parse(url, etag=known.etag).status == 304


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("feed", True),
        ("gzip, Feed ;q=0.5", True),
        ("feeds", False),
        ("", False),
        ("feed;q=0.000", False),
        (",,", False),
    ],
)
def test_a_im_is_a_list_with_weights(header: str, wanted: bool) -> None:
    assert wants_delta(header, "") is wanted


def test_tags_lose_their_coding_only() -> None:
    assert named_renderings('"a-gzip", W/"b-br", "c-x", "a", *') == ("a", "b", "c-x")
