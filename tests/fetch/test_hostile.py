"""Hostile and broken answers (F4, F5, F8): each ends with a reason, in bounded time and memory; the client goes on."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from feedsvc.errors import FetchError, NotAPage, Refused, ScrapeError, Unreachable
from feedsvc.fetch import Client
from feedsvc.model import Page
from tests.support.hostile import BOMBS, BROKEN, DRIPS, FLOODS, coded
from tests.support.service import until
from tests.support.sites import Behaviour, Reply, Site, behaving, says

Clients = Callable[..., Client]


def _ends(client: Client, behaviour: Behaviour) -> ScrapeError:
    """The error with which a fetch of the behaviour ends; afterwards the same client still fetches elsewhere."""
    with behaving(behaviour) as hostile, Site() as good:
        good["/"] = Reply()
        client = Client(
            type(client.settings)(
                host_interval=0,
                allow_targets=(hostile.pair, good.pair),
                timeout=client.settings.timeout,
                read_timeout=client.settings.read_timeout,
                max_body=client.settings.max_body,
            )
        )
        with client:
            with pytest.raises(ScrapeError) as caught:
                client.fetch(f"{hostile.url}/")
            assert until(lambda: _comes(client, good.url))
    assert caught.value.message
    assert caught.value.subject.startswith("http")
    return caught.value


def _comes(client: Client, url: str) -> bool:
    """Whether a good page comes; limits as short as a test needs them may be too short for a busy machine once."""
    try:
        return isinstance(client.fetch(url), Page)
    except Unreachable:
        return False


@pytest.mark.parametrize("what", DRIPS)
def test_a_drip_ends_at_the_deadline(client_for: Clients, what: str) -> None:
    assert isinstance(_ends(client_for(timeout=0.4, read_timeout=0.3), DRIPS[what]), FetchError)


@pytest.mark.parametrize("what", FLOODS)
def test_a_flood_is_cut(client_for: Clients, what: str) -> None:
    assert isinstance(_ends(client_for(timeout=3.0, max_body=500_000), FLOODS[what]), FetchError)


@pytest.mark.parametrize("what", BROKEN)
def test_broken_http_is_a_failure_with_a_reason(client_for: Clients, what: str) -> None:
    assert isinstance(_ends(client_for(), BROKEN[what]), FetchError)


@pytest.mark.parametrize("coding", BOMBS)
def test_a_bomb_is_refused_at_the_cap(client_for: Clients, coding: str) -> None:
    error = _ends(client_for(timeout=10.0), says(coded(coding.encode(), BOMBS[coding]())))
    assert isinstance(error, Refused)
    assert "larger than 10485760 bytes" in error.message


@pytest.mark.parametrize("coding", [None, "gzip"])
def test_a_body_of_exactly_the_cap_is_read(site: Site, client_for: Clients, coding: str | None) -> None:
    body = b"<p>" + b"x" * 997
    headers = (("Content-Type", "text/html"), *((("Content-Encoding", coding),) if coding else ()))
    site["/"] = Reply(gzip.compress(body) if coding else body, headers=headers)
    answer = client_for(site, max_body=1000).fetch(site.url)
    assert isinstance(answer, Page)
    assert answer.body == body
    with pytest.raises(Refused, match="larger than 999 bytes"):
        client_for(site, max_body=999).fetch(site.url)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0 200 OK\r\n\r\n",
        b"HTTP/1.1 200\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 12\n\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nContent-Length: 12\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 12\r\n\r\n",
    ],
)
def test_what_is_odd_but_whole_is_read(client_for: Clients, head: bytes) -> None:
    with behaving(says(head + b"<p>whole</p>")) as odd:
        answer = client_for(odd).fetch(f"{odd.url}/")
    assert isinstance(answer, Page)
    assert (answer.text, answer.media_type) == ("<p>whole</p>", "text/html")


@pytest.mark.parametrize(
    "piece", [b"\x7fELF\x02\x01\x01", b"\x00\x01\x02\x03" * 50, b"PK\x03\x04abc", b"\x89PNG\r\n\x1a\n"]
)
def test_binary_data_without_a_type_is_no_page(client_for: Clients, piece: bytes) -> None:
    with behaving(says(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(piece) + piece)) as odd:
        client = client_for(odd)
        with pytest.raises(NotAPage):
            client.fetch(f"{odd.url}/")


def test_a_name_server_that_never_answers_does_not_hold_the_fetch(client_for: Clients) -> None:
    def silent(host: str, seconds: float) -> tuple[()]:
        assert seconds <= 1.0
        raise Unreachable("not resolved in time")

    with pytest.raises(Unreachable, match="not resolved in time"):
        client_for(resolver=silent, connect_timeout=1.0).fetch("http://slow.example/")


def test_a_bomb_costs_little_memory() -> None:
    """Peak memory of a child process that meets a quarter of a gigabyte in each coding."""
    script = Path(__file__).with_name("bomb_child.py")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, timeout=120)
    for coding, growth in json.loads(done.stdout).items():
        assert growth < 60, f"{coding}: {growth} MiB"
