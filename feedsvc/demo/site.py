"""The invented news centre as a pure function: an address and a moment give a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from feedsvc.demo.nightlog import night_log
from feedsvc.demo.pages import Published, home_page, listing_page, release_page
from feedsvc.demo.paper import paper
from feedsvc.demo.picture import picture
from feedsvc.demo.stories import FRESH, STORIES
from feedsvc.demo.story import SECTIONS, Section, Story

#: Stories on one page of a list.
PAGE_LENGTH = 5
#: Stories on the front page.
HOME_LENGTH = 8
_SECTIONS = {section.key: section for section in SECTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the site answers: bytes with their media type."""

    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The site as it stands since ``opened``; a new release comes out at each ``every``."""

    opened: datetime
    every: timedelta

    def published(self, now: datetime) -> list[Published]:
        """Everything that is out at ``now``, newest first."""
        fresh = max(int((now - self.opened) / self.every), 0)
        stories = [self._dated(story) for story in STORIES]
        stories += [self._fresh(number) for number in range(1, fresh + 1)]
        return sorted(stories, key=lambda published: (published.at, published.path), reverse=True)

    def answer(self, path: str, now: datetime) -> Answer | None:
        """The page, picture or paper at ``path``, or None: 404."""
        kind, _, rest = path.strip("/").partition("/")
        if not kind:
            return self._home(now)
        if kind == "news":
            return self._news(rest, now)
        story = self._story(rest.rpartition(".")[0], now)
        if story is not None and kind == "pictures" and rest.endswith(".png"):
            return Answer(content_type="image/png", body=picture(story.slug))
        if story is not None and kind == "papers" and rest.endswith(".pdf") and story.paper:
            return Answer(content_type="application/pdf", body=paper(story.slug, (story.summary, *story.paragraphs)))
        return None

    def _home(self, now: datetime) -> Answer:
        latest = [one for one in self.published(now) if _SECTIONS[one.story.section].language == SECTIONS[0].language]
        return _html(SECTIONS[0], home_page(latest[:HOME_LENGTH]))

    def _news(self, rest: str, now: datetime) -> Answer | None:
        if not rest:
            return self._home(now)
        key, _, name = rest.partition("/")
        section = _SECTIONS.get(key)
        if section is None:
            return None
        stories = [published for published in self.published(now) if published.story.section == key]
        if name in {"", "index.html"} or name.startswith("index_"):
            return self._listing(section, stories, name)
        found = next((published for published in stories if published.path == f"/news/{rest}"), None)
        if found is None:
            return None
        return _html(section, release_page(section, found, list(islice(stories, 4))))

    def _listing(self, section: Section, stories: Sequence[Published], name: str) -> Answer | None:
        number = name.removeprefix("index_").removesuffix(".html") if name.startswith("index_") else "1"
        if not number.isdecimal() or int(number) < 1:
            return None
        first = (int(number) - 1) * PAGE_LENGTH
        page = stories[first : first + PAGE_LENGTH]
        if not page:
            return None
        following = f"/news/{section.key}/index_{int(number) + 1}.html"
        has_more = len(stories) > first + PAGE_LENGTH
        return _html(section, listing_page(section, page, next_path=following if has_more else None))

    def _dated(self, story: Story) -> Published:
        day = self.opened - timedelta(days=story.days_ago or 0)
        hour, minute = (int(part) for part in story.time.split(":")) if story.time else (0, 0)
        at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return Published(story=story, at=at, path=_path(story, at))

    def _fresh(self, number: int) -> Published:
        story = FRESH[number - 1] if number <= len(FRESH) else night_log(number - len(FRESH))
        at = self.opened + number * self.every
        return Published(story=story, at=at, path=_path(story, at))

    def _story(self, key: str, now: datetime) -> Story | None:
        return next(
            (p.story for p in self.published(now) if f"{p.story.section}/{p.story.slug}" == key),
            None,
        )


def _path(story: Story, at: datetime) -> str:
    return f"/news/{story.section}/{at:%Y%m%d}/{story.slug}.html"


def _html(section: Section, text: str) -> Answer:
    # The server says nothing of the charset; the page's own gb2312 label must do, as on real sites.
    return Answer(content_type="text/html", body=text.encode(section.encoding))
