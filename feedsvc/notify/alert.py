"""One message about one source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """What can be wrong with a source."""

    #: Its page looks wrong: nothing is changed until it recovers or an admin decides.
    SUSPECT = "suspect"
    #: It looked wrong, or could not be read, so often that it will hardly heal by itself.
    BROKEN = "broken"
    #: Nothing new for much longer than ever before.
    SILENT = "silent"
    #: Its scrapes take too long.
    SLOW = "slow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A trouble that began or ended."""

    source: str
    title: str
    trouble: Trouble
    has_ended: bool
    since: datetime
    at: datetime
    #: Why, in one sentence; of an end: what it was.
    reason: str

    @property
    def subject(self) -> str:
        """One line: "acme is broken", "acme is no longer broken"."""
        return f"{self.source} is {'no longer ' if self.has_ended else ''}{self.trouble.value}"

    @property
    def text(self) -> str:
        """The whole message."""
        begin, end = f"{self.since:%Y-%m-%d %H:%M} UTC", f"{self.at:%Y-%m-%d %H:%M} UTC"
        lines = [
            f"{self.title} ({self.source}) is {self.trouble.value} since {begin}."
            if not self.has_ended
            else f"{self.title} ({self.source}) was {self.trouble.value} from {begin} to {end}.",
            self.reason,
            "" if self.has_ended else _REMEDIES[self.trouble].format(key=self.source),
        ]
        return "\n".join(line for line in lines if line)


_REMEDIES = {
    Trouble.SUSPECT: "What is in doubt is not taken: accept or dismiss it on the source's page of the desk, and see "
    "`feedsvc history {key}`. It ends by itself when the page recovers.",
    Trouble.BROKEN: "Its feed stays as it is. `feedsvc repair {key}` looks for rules that fit the page as it is now.",
    Trouble.SILENT: "Look whether the site moved its releases: `feedsvc preview {key}`.",
    Trouble.SLOW: "See `feedsvc history {key}`: requests, and the site's own interval between them.",
}
