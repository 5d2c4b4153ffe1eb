"""What another tool's configuration asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One website to watch, as far as the other tool says."""

    url: str
    title: str = ""
    #: "feed" where the address is one of a feed, else "auto".
    kind: str = "auto"
    #: Titles of folders, outermost first.
    folders: tuple[str, ...] = ()
    every: timedelta | None = None
    cron: str | None = None
    is_enabled: bool = True
    #: What of it is not taken over, in one sentence; "" for nothing.
    remark: str = ""
