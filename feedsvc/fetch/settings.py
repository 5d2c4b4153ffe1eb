"""What an operator may tune about fetching; every limit of rules F3-F5 and F13 is one of these fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from feedsvc import __version__


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """Limits and manners of a Client; the defaults are those of the service."""

    #: How we introduce ourselves; its first word before "/" is our name in robots.txt.
    user_agent: str = f"feedsvc/{__version__}"
    #: A URL or an e-mail address by which a site's owner reaches the operator; appended to the User-Agent.
    contact: str = ""
    #: Seconds between the starts of two requests to one host; 0 only for one's own site. robots.txt may lengthen it.
    host_interval: float = 1.0
    #: Requests to one host at the same time.
    host_concurrency: int = 2
    #: Requests a day, to all hosts together and to any one host; None is no limit.
    daily_requests: int | None = None
    daily_host_requests: int | None = None
    #: Private targets that may be fetched all the same, each an exact "host:port".
    allow_targets: tuple[str, ...] = ()
    #: Seconds of wall clock for one fetch with all its redirects, not counting the wait for the host's turn.
    timeout: float = 30.0
    #: Seconds to connect (all addresses of a name together, TLS included), and seconds of silence while reading.
    connect_timeout: float = 10.0
    read_timeout: float = 15.0
    #: Seconds that one fetch waits for its host's turns before it gives up.
    longest_wait: float = 120.0
    #: Bytes of a body after decoding.
    max_body: int = 10 * 1024 * 1024
    max_header_bytes: int = 64 * 1024
    max_header_lines: int = 100
    max_redirects: int = 5
    #: Idle connections kept for the next request, and for how many seconds.
    max_idle: int = 32
    idle_seconds: float = 20.0
    #: Obey robots.txt (RFC 9309).
    robots: bool = True
    robots_lifetime: timedelta = timedelta(hours=24)
    #: Folder in which robots.txt rules survive a restart; None keeps them in memory.
    robots_folder: str | None = None
    #: File in which turns, 'not now' and the day's requests survive a restart and are one for all processes; None
    #: keeps them in memory.
    ledger_file: str | None = None
    #: Longest Retry-After that is believed.
    longest_retry_after: timedelta = timedelta(hours=24)

    @property
    def introduction(self) -> str:
        """The User-Agent header (RFC 9110 section 10.1.5)."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent

    @property
    def robot_name(self) -> str:
        """The product token by which robots.txt addresses us (RFC 9309 section 2.2.1)."""
        return self.user_agent.partition("/")[0].split()[0].lower()
