"""A site as most are: how its releases are titled, told, dated and addressed, and what must hold after each scrape."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape, unescape
from typing import Any

from feedsvc.errors import BadStatus
from feedsvc.model import Page, StoredEntry
from feedsvc.normalize.identity import words_of
from feedsvc.normalize.urls import canonicalize
from feedsvc.scrape import Result, ScrapeOutcome
from tests.support.bad_days import MODES, TOPICS, Row, View
from tests.support.lives import ADDRESS, ALL, OTHER, TAG, WORDS, Day, Life, Nature, html_page
from tests.support.loopback import FORMS, HTML, LAYOUTS

_SECOND = re.compile(r"[?&]page=2$")
#: How releases can be titled; in the list, and on their pages.
TITLES = (
    "a report", "one title", "the day in the title", "numbers", "short", "chinese", "a label first", "cut in the list",
    "read more", "capitals in the list", "another headline", "another headline now and then", "a label on the page",
    "the site's name behind",
)  # fmt: skip
#: What their pages hold.
BODIES = (
    "a text",
    "a sentence",
    "a bulletin",
    "a link to a file",
    "two pages",
    "a file",
    "the feed has it",
    "the same",
)
#: Where they are.
ADDRESSES = (
    "a slug", "a number in the query", "a folder", "no dates", "a canonical elsewhere", "a redirect", "a tracking id",
    "a session", "http and https in turn", "another host",
)  # fmt: skip
#: How days are printed.
DATES = (
    "iso",
    "long",
    "relative",
    "relative everywhere",
    "relative alone",
    "with hours",
    "none in the list",
    "none on the page",
    "none",
)
#: What pages have beside the release.
FRAMES = ("nothing", "the latest", "related", "about us")
_HAN = "港口图书馆电车线网学校博物夜班公交水厂市预算桥场消防歌剧院区规划风厂铁路库档案"


HEADLINES = "another headline"


@dataclass(frozen=True, slots=True)
class Style(Nature):
    """How an ordinary site is made."""

    titles: str = "a report"
    body: str = "a text"
    address: str = "a slug"
    dates: str = "iso"
    frame: str = "nothing"
    #: The newest, or an old release, stands above the list once more.
    pins: str = ""


@dataclass(frozen=True, slots=True)
class Ordinary(Day):
    """An ordinary day: releases, and what people do with those that are there."""

    #: A word of the newest release's title is corrected.
    corrects: bool = False
    #: The newest release's text goes on.
    extends: bool = False
    #: The second release is taken back.
    withdraws: bool = False
    #: The newest release bears the day before.
    dates_back: bool = False


@dataclass
class OrdinaryLife(Life):
    """A site whose days are good."""

    nature: Style
    corrected: set[int] = field(default_factory=set)
    extended: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    at: dict[int, datetime] = field(default_factory=dict)
    #: The same, as it was told first.
    released: dict[int, datetime] = field(default_factory=dict)
    scrapes: int = 0
    #: Whether all days are good.
    is_good: bool = True
    #: What was wrong after a scrape.
    wrong: list[str] = field(default_factory=list)
    stories: dict[str, int] = field(default_factory=dict)

    def _publish(self, at: datetime) -> None:
        story = len(self.at)
        self.at[story] = self.released[story] = at
        self.rows.insert(0, self._row(story))

    def _row(self, story: int) -> Row:
        return Row(url=self._address(story), title=self.title(story), date=self._printed(story), story=story)

    # How it is told.

    def title(self, story: int) -> str:
        """The title of a release."""
        topic, verb = TOPICS[story % len(TOPICS)], "sees" if story in self.corrected else "reads"
        style = self.nature.titles
        if style == "one title":
            return "Weekly bulletin of the council"
        if style == "the day in the title":
            return f"Sitting on the {topic}, {self.at[story]:%-d %B %Y}"
        if style == "numbers":
            return f"Bulletin No. {story + 1}/{self.at[story].year}"
        if style == "short":
            return topic.title()
        if style == "chinese":
            rnd = random.Random(story)
            return "".join(rnd.sample(_HAN, 5 if story % 3 else 12))
        return f"Council {verb} report {story} on the {topic}"

    def listed_title(self, row: Row) -> str:
        """The same, as the list has it."""
        style = self.nature.titles
        if style == "cut in the list":
            return f"{row.title[:27]}…"
        if style == "read more":
            return "Read more"
        if style == "capitals in the list":
            return row.title.upper()
        return row.title

    def page_title(self, row: Row) -> str:
        """The same, as its page has it."""
        style, story = self.nature.titles, row.story or 0
        if style == "another headline" or (style == "another headline now and then" and story % 3 == 0):
            rnd = random.Random(story)
            return " ".join(rnd.sample(WORDS, 6)).capitalize()
        return f"Press release: {row.title}" if style == "a label on the page" else row.title

    def text(self, story: int) -> str:
        """What a release says, as paragraphs."""
        rnd, body = random.Random(story * 7919 + 1), self.nature.body
        more = "<p>Added in the evening: the vote was close, and will be counted again.</p>"
        end = more if story in self.extended else ""
        if body == "a sentence":
            return f"<p>The council met and spoke about {' and '.join(rnd.sample(WORDS, 3))}.</p>{end}"
        if body == "a bulletin":
            level, flow = rnd.randint(200, 400), rnd.randint(1000, 9999)
            return (
                f"<p>The river stood at {level} centimetres at the old bridge this morning, and {flow} litres a second "
                "passed the gauge of the water works below the town.</p><p>The water works measure twice a day, at six "
                f"and at eighteen hours, and publish what they find as soon as somebody has checked it.</p>{end}"
            )
        if body == "a link to a file":
            return f'<p><a href="/files/{story}.pdf">Download ({rnd.randint(100, 999)} KB)</a></p>{end}'
        if body == "the same":
            return f"<p>The minutes of this sitting are attached to this page, and may be had from the office.</p>{end}"
        return "".join(f"<p>It was said that {' '.join(rnd.sample(WORDS, 16))}.</p>" for _ in range(4)) + end

    def _printed(self, story: int) -> str:
        """A release's day, as the list prints it."""
        at, style = self.at[story], self.nature.dates
        if style in ("none", "none in the list"):
            return ""
        if style.startswith("relative"):
            hours = int((self.now - at) / timedelta(hours=1))
            days = hours // 24
            count, unit = (hours, "hour") if not days else (days, "day") if days < 7 else (days // 7, "week")
            return f"{count} {unit}{'s' * (count > 1)} ago" if days < 30 or "every" in style else f"{at:%d %B %Y}"
        return (
            f"{at:%d %B %Y}"
            if style == "long"
            else f"{at:%Y-%m-%d %H:%M}"
            if style == "with hours"
            else f"{at:%Y-%m-%d}"
        )

    def _address(self, story: int) -> str:
        host, style = f"https://{'docs' if self.nature.address == 'another host' else 'n'}.example", self.nature.address
        if self.nature.body == "a file":
            return f"{host}/files/{story:05}.pdf"
        if style == "a number in the query":
            return f"{host}/show.php?id={story}"
        if style == "a folder":
            return f"{host}/r/{story}/"
        slug = TOPICS[story % len(TOPICS)].replace(" ", "-")
        return f"{host}/news/{self.at[story]:%Y}/s{story}-{slug}" if style != "no dates" else f"{host}/{slug}-{story}"

    def _linked(self, row: Row) -> str:
        """A release's address, as today's list has it."""
        style, joint = self.nature.address, "&" if "?" in row.url else "?"
        if style == "a tracking id":
            return f"{row.url}{joint}utm_source=list&utm_content={self.scrapes}"
        if style == "a session":
            return f"{row.url}{joint}PHPSESSID=a{self.scrapes}f{row.story}"
        if style == "a redirect":
            return f"https://n.example/go/{row.story}"
        return row.url.replace("https:", "http:") if style.endswith("in turn") and self.scrapes % 2 else row.url

    # A day.

    def live(self, day: Day) -> ScrapeOutcome:
        """One day, its scrape, and what must hold after it."""
        if isinstance(day, Ordinary):
            self._work(day)
        for part in range(day.releases):
            self._publish(self.now + timedelta(hours=day.hours) * (part + 1) / (day.releases + 1))
        self.now += timedelta(hours=day.hours)
        self.day, self.left = day, day.requests
        self.scrapes += 1
        self.rows = [self._row(row.story or 0) for row in self.rows]
        for row in self.rows:
            for url in (row.url, self._linked(row), f"https://n.example/print/{row.story}"):
                self.stories[canonicalize(url)] = row.story or 0
        top = self._as_printed(self._of(0)[: self.nature.shown])
        try:
            self.view = MODES[day.listing](top) if day.listing else View(top)
        except (ValueError, IndexError):  # this kind of day needs other dates, or another number of items
            self.view = View(top)
        for row in self.view.rows:
            if row.story is not None:
                self.stories[canonicalize(row.url)] = row.story
        outcome = self._scraped()
        self._check(outcome)
        return outcome

    def _work(self, day: Ordinary) -> None:
        newest = self.rows[0].story or 0
        if day.corrects:
            self.corrected.add(newest)
        if day.extends:
            self.extended.add(newest)
        if day.withdraws:
            self.withdrawn.add(self.rows.pop(1).story or 0)
        if day.dates_back:
            self.at[newest] -= timedelta(days=1)

    def _check(self, outcome: ScrapeOutcome) -> None:
        is_late = self.nature.titles.endswith("now and then")  # such pages are looked at twice
        if not self.is_good or self.day.requests is not None or is_late:
            return
        found = self.standing()
        if outcome.result not in (Result.WELL, Result.UNCHANGED):
            found.append(f"result: {outcome.result.value}: {outcome.reason}")
        if outcome.waiting and not self.withdrawn:
            found.append(f"waiting: {outcome.waiting}: {outcome.failures[:1]}")
        self.wrong += found

    # What it answers.

    def _answer(self, url: str) -> tuple[str, bytes]:
        at, _, number = url.partition("?page=")
        if at in (ADDRESS, OTHER):
            page, size = int(number or 1), self.nature.shown
            rows = self._as_printed(self._of(0 if at == ADDRESS else 1)[size * page - size : size * page])
            if at == ADDRESS and page == 1:
                if self.view.status != 200:
                    raise BadStatus(f"answered {self.view.status}", status=self.view.status, subject=url)
                if self.view.look is not None:
                    return HTML, self._wall(self.view.look).encode()
                rows = self.view.rows
            if self.nature.form == "html":
                more = len(self._of(0 if at == ADDRESS else 1)) > size * page and page < self.nature.pages
                return HTML, self._listing(rows, page, more=f"{at}?page={page + 1}" if more else "").encode()
            kind = FORMS.get(self.nature.form, "application/xml")
            return kind, self._as_data(rows).encode()
        story = self.stories.get(canonicalize(_SECOND.sub("", url)))
        if story is None or story in self.withdrawn:
            return super()._answer(url)  # says 404
        if self.nature.body == "a file" or url.endswith(".pdf"):
            return "application/pdf", b"%PDF-1.7 " + bytes(200)
        page = self._release(self._row(story), part=2 if _SECOND.search(url) else 1)
        return HTML, self._faulty(self.day.pages if story % self.day.of == 0 else None, page, url).encode()

    def _as_printed(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Releases as the list has them today."""
        return tuple(replace(row, url=self._linked(row), title=self.listed_title(row)) for row in rows)

    def fetch(self, url: str, **asked: Any) -> Any:
        """As a client would, in memory; it follows redirects."""
        answer = super().fetch(url, **asked)
        if self.nature.address == "a redirect" and "/go/" in url and isinstance(answer, Page):
            return replace(answer, url=self._row(int(url.rsplit("/", 1)[1])).url, requested_url=url)
        return answer

    def _listing(self, rows: Sequence[Row], number: int, *, more: str) -> str:
        whole, each = LAYOUTS[self.nature.layout]
        above = {"newest": rows[:1], "old": rows[-2:-1]}.get(self.nature.pins, ()) if number == 1 else ()
        items = "".join(
            each.format(url=escape(r.url), title=escape(r.title), date=escape(r.date)) for r in (*above, *rows)
        )
        more = f'<a rel="next" href="{more}">Older</a>' if more else ""
        return html_page(
            "News of the town",
            "<header><a href='/'>Home</a> <a href='/about'>About</a> <a href='/contact'>Contact</a></header>"
            f"<main><h1>News</h1>{whole.format(items)}{more}</main>",
        )

    def _as_data(self, rows: Sequence[Row]) -> str:
        form, has_text = self.nature.form, self.nature.body == "the feed has it"
        told = [
            (row.url, row.title, row.date, self.text(row.story) if has_text and row.story is not None else "")
            for row in rows
        ]
        if form == "rss":
            items = "".join(
                f"<item><title>{escape(title)}</title><link>{escape(url)}</link>"
                + (f"<pubDate>{date}</pubDate>" if date else "")
                + (f"<content:encoded>{escape(text)}</content:encoded>" if text else "")
                + "</item>"
                for url, title, date, text in told
            )
            space = "xmlns:content='http://purl.org/rss/1.0/modules/content/'"
            return f"<rss version='2.0' {space}><channel><title>News</title>{items}</channel></rss>"
        if form == "atom":
            items = "".join(
                f"<entry><id>{escape(url)}</id><title>{escape(title)}</title><link href='{escape(url)}'/>"
                + (f"<published>{date}</published>" if date else "")
                + (f"<content type='html'>{escape(text)}</content>" if text else "")
                + "</entry>"
                for url, title, date, text in told
            )
            return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>News</title>{items}</feed>"
        if form == "json feed":
            records = [
                {"id": url, "url": url, "title": title}
                | ({"date_published": date} if date else {})
                | ({"content_html": text} if text else {})
                for url, title, date, text in told
            ]
            return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": records})
        items = "".join(
            f"<url><loc>{escape(url)}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</url>"
            for url, _title, date, _text in told
        )
        return f"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{items}</urlset>"

    def _release(self, row: Row | None, part: int = 1) -> str:
        assert row is not None
        story, body = row.story or 0, self.text(row.story or 0)
        if self.nature.body == "two pages":
            ends = [at + 4 for at in range(len(body)) if body.startswith("</p>", at)]
            first, second = body[: ends[1]], body[ends[1] :]
            joint = "&amp;" if "?" in row.url else "?"
            pager = f'<div class="pagination">1 <a href="{escape(row.url)}{joint}page=2">2</a></div>'
            body = second if part == 2 else f"{first}{pager}"
        at, title, style = self.at[story], escape(self.page_title(row)), self.nature.dates
        printed = f"{at:%d %B %Y}" if style != "relative everywhere" else self._printed(story)
        day = f'<p class="date">{printed}</p>' if style not in ("none", "none on the page", "relative alone") else ""
        named = f"{title} | News of the town" if self.nature.titles == "the site's name behind" else title
        head = f'<link rel="canonical" href="https://n.example/print/{story}">'
        page = html_page(
            unescape(named), f"<main><article><h1>{title}</h1>{day}{body}</article>{self._frame(story)}</main>"
        )
        return page.replace("</head>", f"{head}</head>") if self.nature.address == "a canonical elsewhere" else page

    def _frame(self, story: int) -> str:
        frame = self.nature.frame
        if frame == "about us":
            return "<aside><h2>About the council</h2><p>The council has met in the old hall since 1871.</p></aside>"
        others = self.rows[:5] if frame == "the latest" else [row for row in self.rows if row.story != story][3:6]
        if frame == "nothing":
            return ""
        items = "".join(f'<li><a href="{escape(row.url)}">{escape(row.title)}</a></li>' for row in others)
        return f"<aside><h2>{'Latest news' if frame == 'the latest' else 'Related'}</h2><ul>{items}</ul></aside>"

    # What must hold.

    def standing(self) -> list[str]:
        """What is wrong now: everything listed is there once, nothing else is, and the source is well."""
        entries = self.store.entries.newest(ALL, limit=1000)
        told = [(self.stories.get(canonicalize(one.entry.link)), one) for one in entries]
        times = Counter(story for story, _ in told)
        listed = [row.story for row in self._listed()]
        found = [f"false: {one.entry.link} {one.entry.title}" for story, one in told if story is None]
        found += [f"twice: {story}" for story, count in times.items() if count > 1 and story is not None]
        found += [f"lost: {story}" for story in listed if story not in times]
        found += [f"other: {story} {one.entry.title}" for story, one in told if self._is_other(story, one)]
        state = self.store.sources.get("town")
        assert state is not None
        if state.state != "well" or self.store.scrapes.open_quarantine("town") is not None:
            found.append(f"{state.state}: {state.reason}")
        return found

    def _give_or_take(self) -> timedelta:
        style = self.nature
        is_vague = style.dates in ("relative alone", "relative everywhere") or (
            style.dates == "relative" and style.body in ("a file", "the feed has it")
        )
        is_late = not self.is_good or style.titles.endswith("now and then")  # the day is printed anew meanwhile
        return timedelta(days=8 if is_vague else 2 if is_late else 1)

    def _listed(self) -> list[Row]:
        pages = self.nature.shown * (self.nature.pages if self.nature.form == "html" else 1)
        listed = self._of(0)[:pages]
        return listed + (self._of(1)[:pages] if self.nature.lists > 1 else [])

    def _is_other(self, story: int | None, one: StoredEntry) -> bool:
        """Whether an entry says nothing of what its release says."""
        if story is None or self.nature.body == "a file" or story in self.extended:
            return False
        said = " ".join(words_of(unescape(TAG.sub(" ", one.entry.content))))
        return " ".join(words_of(TAG.sub(" ", self.text(story)))) not in said

    def faults(self) -> list[str]:
        """What was wrong after a scrape, and what is wrong in the end."""
        found = [*self.wrong, *self.standing()]
        for one in self.store.entries.newest(ALL, limit=1000) if self.nature.is_rechecked else []:
            story = self.stories.get(canonicalize(one.entry.link))
            if story is None or story in self.withdrawn:
                continue
            has_page = self.nature.body != "the feed has it"
            title = self.page_title(self._row(story)) if has_page else self.listed_title(self._row(story))
            is_promised = self.nature.form != "sitemap" and self.nature.body != "a file"
            if is_promised and words_of(one.entry.title) != words_of(title):
                found.append(f"title: {one.entry.title} for {title}")
            if one.entry.published is None:
                is_told = self.nature.body != "a file" or self.nature.dates != "none in the list"
                if is_told and self.nature.dates != "none":
                    found.append(f"undated: {one.entry.title}")
            elif abs(one.entry.published.at - self.released[story]) > self._give_or_take():
                found.append(f"date: {one.entry.published.day} for {self.at[story]:%Y-%m-%d}: {one.entry.title}")
            if story in self.extended and "counted again" not in one.entry.content and self.nature.body != "a file":
                found.append(f"text: {one.entry.title} is as before")
        return found
