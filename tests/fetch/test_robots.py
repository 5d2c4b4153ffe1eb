"""robots.txt as RFC 9309 asks for: fetched once, believed for a day, and when in doubt, no."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from feedsvc.errors import FetchError, NotNow, Unreachable
from feedsvc.fetch import Client
from feedsvc.fetch.robots import ROBOTS_MAX
from tests.support.sites import Canary, Reply, Site

Clients = Callable[..., Client]
NOW = datetime(2026, 1, 2, tzinfo=UTC)


class FakeClock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def allows(client: Client, site: Site, path: str) -> bool:
    return client.robots_allows(f"{site.url}{path}").allowed


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/x", True),
        ("User-agent: *\nDisallow:", "/x", True),
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: other\nDisallow: /", "/x", True),
        ("User-agent: feedsvc\nDisallow: /a\n\nUser-agent: *\nDisallow: /", "/b", True),
        ("User-agent: FeedSvc\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a1b2c3", False),
        ("user-agent: *\ndisallow: /%E4%B8%AD", "/中", False),
        ("\ufeffUser-agent: *\nDisallow: /", "/x", False),
        ("<html>not here</html>", "/x", True),
    ],
)
def test_the_rules_are_obeyed(site: Site, client_for: Clients, rules: str, path: str, allowed: bool) -> None:
    site["/robots.txt"] = Reply(rules.encode(), headers=(("Content-Type", "text/plain"),))
    assert allows(client_for(site), site, path) is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_without_robots_txt_everything_is_allowed(site: Site, client_for: Clients, status: int) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /", status=status)
    assert allows(client_for(site), site, "/x")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_while_robots_txt_fails_nothing_is_allowed(site: Site, client_for: Clients, status: int) -> None:
    site["/robots.txt"] = Reply(status=status, headers=(("Retry-After", "0"),))
    site["/"] = Reply()
    clock = FakeClock()
    client = client_for(site, clock=clock)
    for _ in range(2):
        with pytest.raises(NotNow, match=f"robots.txt answered {status}"):
            client.fetch(site.url)
    assert (site.hits("/robots.txt"), site.hits("/")) == (1, 0)
    site["/robots.txt"] = Reply(b"")
    clock.now += timedelta(minutes=2)
    client.fetch(site.url)


def test_a_dead_host_is_called_unreachable_and_asked_again_at_the_next_fetch(client_for: Clients) -> None:
    with Canary() as gone:
        pass
    client = client_for(gone)
    for _ in range(2):
        with pytest.raises(Unreachable, match="no connection"):
            client.robots_allows(f"{gone.url}/x")


def test_the_rules_are_asked_for_once_a_day(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /x")
    clock = FakeClock()
    client = client_for(site, clock=clock)
    for hours in (0, 1, 22.9):
        clock.now = NOW + timedelta(hours=hours)
        assert not allows(client, site, "/x")
    assert site.hits("/robots.txt") == 1
    clock.now = NOW + timedelta(hours=24)
    assert allows(client, site, "/y")
    assert site.hits("/robots.txt") == 2


def test_the_rules_survive_a_restart(site: Site, client_for: Clients, tmp_path: Path) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /x")
    clock = FakeClock()
    for _ in range(3):
        client = client_for(site, clock=clock, robots_folder=str(tmp_path / "robots"))
        assert not allows(client, site, "/x")
        assert allows(client, site, "/y")
    assert site.hits("/robots.txt") == 1
    clock.now += timedelta(hours=25)
    assert not allows(client_for(site, clock=clock, robots_folder=str(tmp_path / "robots")), site, "/x")
    assert site.hits("/robots.txt") == 2


def test_a_spoilt_file_only_costs_another_request(site: Site, client_for: Clients, tmp_path: Path) -> None:
    assert allows(client_for(site, robots_folder=str(tmp_path)), site, "/x")
    (file,) = tmp_path.iterdir()
    file.write_text("{", encoding="utf-8")
    assert allows(client_for(site, robots_folder=str(tmp_path)), site, "/x")
    assert site.hits("/robots.txt") == 2


def test_redirects_of_robots_txt_are_followed_within_the_guard(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(status=301, headers=(("Location", "/r"),))
    site["/r"] = Reply(b"User-agent: *\nDisallow: /x")
    assert not allows(client_for(site), site, "/x")
    with Canary() as canary:
        site["/robots.txt"] = Reply(status=301, headers=(("Location", canary.url),))
        with pytest.raises(FetchError):
            client_for(site).robots_allows(f"{site.url}/x")
        assert canary.connections == 0


def test_an_endless_robots_txt_is_cut(site: Site, client_for: Clients) -> None:
    rules = b"User-agent: *\nDisallow: /early\n" + b"#" * ROBOTS_MAX + b"\nDisallow: /late\n"
    site["/robots.txt"] = Reply(rules)
    client = client_for(site)
    assert not allows(client, site, "/early")
    assert allows(client, site, "/late")


def test_patterns_made_to_take_for_ever_do_not(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\n" + b"Disallow: /" + b"a*" * 900 + b"b$\n" + b"Disallow: /*" * 2000)
    assert allows(client_for(site), site, "/" + "a" * 2000)


def test_robots_txt_can_be_left_unasked(site: Site, client_for: Clients) -> None:
    site["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /")
    site["/"] = Reply()
    client_for(site, robots=False).fetch(site.url)
    assert site.hits("/robots.txt") == 0
