"""The error tree: every failure that feedsvc expects, each carrying its subject and a remedy.

    FeedsvcError
    ├── ConfigError            a file in config/ or a setting is wrong
    ├── StoreError             the database cannot be opened, read or written
    │   └── StoreBusy          another process holds what was asked for
    ├── ServiceError           a command could not be carried out (port taken, unknown feed, ...)
    └── ScrapeError            what a network or a page can cause; a value inside a fan-out
        ├── FetchError         no page came back
        │   ├── Refused        the guard, robots.txt or a limit forbade the request
        │   │   └── NotNow     put off: nothing is wrong with what was asked for
        │   │       └── NoTurn the host's next turn, or the end of its 'not now' or of the budget, is too far away
        │   ├── Unreachable    no connection, no answer in time, broken HTTP
        │   └── BadStatus      the server answered with an error status
        ├── NotAPage           an answer came, but not of a kind we read (PDF, image, ...)
        └── NothingFound       a page came, but no entries or no release in it

Anything outside this tree is our own bug: it is logged with its traceback, and the service goes on.
"""

from __future__ import annotations

from datetime import timedelta


class FeedsvcError(Exception):
    """Base of all expected failures: what happened, to what, and what to do about it.

    ``message`` is one sentence for a person; ``subject`` names the file, URL, source or setting that it is about;
    ``remedy`` is what that person can do. ``str()`` joins the three in one line.
    """

    def __init__(self, message: str, *, subject: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.subject = subject
        self.remedy = remedy

    def __str__(self) -> str:
        head = f"{self.subject}: {self.message}" if self.subject else self.message
        return f"{head} ({self.remedy})" if self.remedy else head


class ConfigError(FeedsvcError):
    """A configuration file or setting is wrong; the subject is ``file: key``."""


class StoreError(FeedsvcError):
    """The database cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the lease, the claim or the lock that was asked for."""


class ServiceError(FeedsvcError):
    """A command or request could not be carried out."""


class ScrapeError(FeedsvcError):
    """A source could not be scraped as asked; the subject is the URL."""


class FetchError(ScrapeError):
    """No page came back."""


class Refused(FetchError):
    """The request was never sent, or was cut: the guard, robots.txt or a limit forbade it."""


class NotNow(Refused):
    """The request was put off, and nothing is wrong with what was asked for: it is no attempt.

    ``wait`` is how long it takes until it may be sent, or None where that is not known.
    """

    def __init__(self, message: str, *, wait: timedelta | None = None, subject: str = "", remedy: str = "") -> None:
        super().__init__(message, subject=subject, remedy=remedy)
        self.wait = wait


class NoTurn(NotNow):
    """The host's next free turn is too far away, as it asked for, or the budget of requests is used up."""


class Unreachable(FetchError):
    """No connection, no answer in time, or an answer that is not HTTP."""


class BadStatus(FetchError):
    """The server answered with an error status.

    ``retry_after`` is what its Retry-After asked for (RFC 9110 section 10.2.3), already capped, or None.
    """

    def __init__(
        self, message: str, *, status: int, retry_after: timedelta | None = None, subject: str = "", remedy: str = ""
    ) -> None:
        super().__init__(message, subject=subject, remedy=remedy)
        self.status = status
        self.retry_after = retry_after


class NotAPage(ScrapeError):
    """An answer of a kind that we do not read: a PDF, an image, a program."""


class NothingFound(ScrapeError):
    """A page came, but it holds no entries, or no release; the message says because of what."""
