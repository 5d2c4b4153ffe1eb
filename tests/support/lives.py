"""Whole lives of a site: good and bad days in any order, in memory; and the rule that must hold at their end."""

from __future__ import annotations

import hashlib
import random
import re
from collections import Counter
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from html import escape

from feedsvc.errors import BadStatus, NoTurn, Unreachable
from feedsvc.fetch import page_from_bytes
from feedsvc.lexicon.pagelooks import Look
from feedsvc.model import FeedRef, NotModified, Page, Rules, Source, StoredEntry, Validators
from feedsvc.normalize.identity import words_of
from feedsvc.normalize.urls import canonicalize
from feedsvc.scrape import Progress, ScrapeOutcome, Scraper, ScrapeSettings
from feedsvc.service.reading import PageReader
from feedsvc.store import Store
from tests.support.bad_days import MODES, Row, View, as_it_is, release
from tests.support.loopback import FORMS, HTML, LAYOUTS, WALLS, in_form

ADDRESS, OTHER = "https://n.example/news/", "https://n.example/more/"
RULES = Rules(item="ul.list > li.item", title="h3", published=".date")
#: Markup.
TAG = re.compile("<[^>]*>")
ALL = FeedRef(kind="all")
#: A page in words that nobody has foreseen.
CELLAR = (
    "Our hamsters are tired",
    (
        "Something in the cellar of the town hall has stopped, and our people have gone down with lamps to see what it "
        "may be. Do come back in the evening, when the wheels are likely to turn, and bring your neighbours with you."
    ),
)
#: What a page can answer instead of itself.
FAULTS = (
    500, 503, 404, 410, 403, 401, "no connection", "the list", "the first release", "the home page", "the cellar",
    "half of itself", "nothing", Look.LOGIN, Look.MAINTENANCE, Look.NOT_FOUND, Look.CHALLENGE, Look.ERROR,
)  # fmt: skip
Fault = int | str | Look


@dataclass(frozen=True, slots=True)
class Day:
    """What happens before one scrape, and what that scrape meets."""

    #: Hours since the scrape before.
    hours: int = 6
    #: Releases that come out meanwhile.
    releases: int = 0
    #: What the listing shows, of ``MODES``; "" for itself.
    listing: str = ""
    #: What further listing pages answer; None for themselves.
    further: Fault | None = None
    #: What release pages answer, those with a number whose remainder by ``of`` is 0.
    pages: Fault | None = None
    of: int = 1
    #: Requests after which the host gives no turn.
    requests: int | None = None
    #: What the second list answers; None for itself.
    other: Fault | None = None
    #: From now on all releases are at other addresses, and those that they had are gone.
    moves: bool = False


@dataclass(frozen=True, slots=True)
class Nature:
    """How a site is made."""

    form: str = "html"
    layout: str = "list"
    shown: int = 12
    pages: int = 1
    is_dated: bool = True
    #: Whether release pages print their dates.
    prints_days: bool = True
    begins_with: int = 20
    #: How many lists there are; releases stand in one of them.
    lists: int = 1
    has_rules: bool = False
    #: Whether release pages are looked at again.
    is_rechecked: bool = True
    #: How many scrapes there were before the first bad day.
    past: int = 0


@dataclass
class Life:
    """A site and the service that watches it; implements ``protocols.Fetcher``."""

    nature: Nature
    store: Store
    now: datetime
    rows: list[Row] = field(default_factory=list)
    met: dict[str, Row] = field(default_factory=dict)
    day: Day = Day()
    view: View = View(())  # noqa: RUF009 - a frozen value
    left: int | None = None
    log: list[str] = field(default_factory=list)
    #: How often the site has moved.
    moved: int = 0

    def __post_init__(self) -> None:
        kind = "html" if self.nature.form == "html" else "auto"
        self.source = Source(
            key="town",
            urls=(ADDRESS, OTHER)[: self.nature.lists],
            title="Town",
            category="town",
            kind=kind,
            rules=RULES if self.nature.has_rules else Rules(),
        )
        self.store.sources.sync([self.source], now=self.now)
        for story in range(self.nature.begins_with):
            self._publish(self.now - timedelta(days=2 * (self.nature.begins_with - story)))

    def _publish(self, at: datetime) -> None:
        self.rows.insert(0, self._moved(release(len(self.rows), at)))

    def _moved(self, row: Row) -> Row:
        return replace(row, url=row.url.replace("/news/", f"/press/{self.moved}/")) if self.moved else row

    def _of(self, number: int) -> list[Row]:
        """The releases of one of the lists."""
        return [row for row in self.rows if (row.story or 0) % self.nature.lists == number]

    def live(self, day: Day) -> ScrapeOutcome:
        """One day, and its scrape."""
        for part in range(day.releases):
            self._publish(self.now + timedelta(hours=day.hours) * (part + 1) / (day.releases + 1))
        self.now += timedelta(hours=day.hours)
        self.day, self.left = day, day.requests
        if day.moves:
            self.moved += 1
            dates = {row.story: datetime.fromisoformat(row.date) for row in self.rows}
            self.rows = [self._moved(release(row.story or 0, dates[row.story])) for row in self.rows]
            self.met = {url: row for url, row in self.met.items() if row.story is None}
        top = tuple(self._shown(row) for row in self._of(0)[: self.nature.shown])
        try:
            self.view = MODES[day.listing](top) if day.listing else as_it_is(top)
        except (ValueError, IndexError):  # this kind of day needs dates, or another number of items
            self.view = as_it_is(top)
        self.met |= {row.url: row for row in (*self.view.rows, *self.rows)}
        return self._scraped()

    def _scraped(self) -> ScrapeOutcome:
        settings = ScrapeSettings() if self.nature.is_rechecked else ScrapeSettings(rechecks=())
        scraper = Scraper(self.store, self, PageReader(), clock=lambda: self.now, settings=settings)
        outcome = scraper.scrape("town", owner="test:1:a", progress=Progress(cut_after=None))
        day = ", ".join(
            f"{each.name}={value!r}"
            for each in fields(self.day)
            if (value := getattr(self.day, each.name)) != each.default
        )
        told = f"{outcome.result.value} +{len(outcome.new)} {outcome.reason[:150]}"
        self.log.append(f"{self.now:%d %H} {day} -> {told}")
        return outcome

    def _shown(self, row: Row) -> Row:
        return row if self.nature.is_dated else replace(row, date="")

    # protocols.Fetcher

    def fetch(self, url: str, *, validators: Validators | None = None) -> Page | NotModified:
        """As a client would, in memory."""
        if self.left is not None:
            if self.left <= 0:
                raise NoTurn("the budget is used up", subject=url, wait=timedelta(hours=1))
            self.left -= 1
        kind, body = self._answer(url)
        current = Validators(etag=f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        if validators == current:
            return NotModified(url=url, validators=current, fetched_at=self.now)
        return page_from_bytes(body, url=url, content_type=kind, fetched_at=self.now, validators=current)

    def _answer(self, url: str) -> tuple[str, bytes]:
        """Media type and body. Raises ScrapeError."""
        at, _, number = url.partition("?page=")
        if at == ADDRESS and not number:
            if self.view.status != 200:
                raise BadStatus(f"answered {self.view.status}", status=self.view.status, subject=url)
            body = (
                self._wall(self.view.look) if self.view.look is not None else self._list(self.view.rows, 1)
            ).encode()
            kind = HTML if self.view.look is not None else FORMS[self.nature.form]
            return dict(self.view.headers).get("Content-Type", kind), body[: int(len(body) * self.view.share)]
        if at == ADDRESS and number.isdigit():
            size = self.nature.shown
            rows = tuple(map(self._shown, self._of(0)[size * int(number) - size : size * int(number)]))
            whole = self._list(rows, int(number))
            return HTML, self._faulty(self.day.further, whole, url).encode()
        if url == OTHER:
            whole = self._list(tuple(map(self._shown, self._of(1)[: self.nature.shown])), self.nature.pages)
            return FORMS[self.nature.form], self._faulty(self.day.other, whole, url).encode()
        row = self.met.get(url)
        if row is None:
            raise BadStatus("answered 404", status=404, subject=url)
        fault = self.day.pages if row is None or (row.story or 0) % self.day.of == 0 else None
        if self.view.release_status != 200:
            fault = self.view.release_status
        if self.view.release_shows is not None:
            shows = self.view.release_shows
            fault = shows if isinstance(shows, Look) else "the list" if shows == "the listing" else "the first release"
        return HTML, self._faulty(fault, self._release(row), url).encode()

    def _faulty(self, fault: Fault | None, whole: str, url: str) -> str:
        if fault is None:
            return whole
        if isinstance(fault, Look):
            return self._wall(fault)
        if isinstance(fault, int):
            raise BadStatus(f"answered {fault}", status=fault, subject=url)
        if fault == "no connection":
            raise Unreachable("no connection", subject=url)
        return {
            "the list": lambda: self._as_html(tuple(map(self._shown, self.rows[: self.nature.shown])), 1),
            "the first release": lambda: self._release(self.rows[0]),
            "the home page": self._home,
            "the cellar": lambda: html_page(CELLAR[0], f"<main><h1>{CELLAR[0]}</h1><p>{CELLAR[1]}</p></main>"),
            "half of itself": lambda: whole[: len(whole) // 2],
            "nothing": lambda: "",
        }[fault]()

    def _wall(self, look: Look) -> str:
        title, text = WALLS[look]
        menu = "".join(f'<a href="{escape(row.url)}">{escape(row.title)}</a> ' for row in self.view.rows)
        return html_page(title, f"{text}<nav>{menu}</nav>")

    def _home(self) -> str:
        some = "".join(f'<li><a href="{escape(row.url)}">{escape(row.title)}</a></li>' for row in self.rows[:5])
        return html_page("The town", f"<main><h1>Welcome to the town</h1><p>It is nice here.</p><ul>{some}</ul></main>")

    def _list(self, rows: tuple[Row, ...], number: int) -> str:
        if self.nature.form != "html":
            return in_form(self.nature.form, rows)
        return self._as_html(rows, number)

    def _as_html(self, rows: tuple[Row, ...], number: int) -> str:
        whole, each = LAYOUTS[self.view.layout if self.view.layout != "list" else self.nature.layout]
        items = "".join(each.format(url=escape(r.url), title=escape(r.title), date=escape(r.date)) for r in rows)
        has_more = number < self.nature.pages and number * self.nature.shown < len(self._of(0))
        more = f'<a rel="next" href="/news/?page={number + 1}">Older</a>' if has_more else ""
        return html_page(
            "News of the town",
            f"<header><a href='/'>Home</a></header><main><h1>News</h1>{whole.format(items)}{more}</main>",
        )

    def _release(self, row: Row | None) -> str:
        if row is None:
            return html_page("A page", "<article><h1>A page</h1><p>Nothing much.</p></article>")
        told = next((one for one in self.rows if one.story == row.story), row) if row.story is not None else row
        title, rnd = told.title, random.Random(told.title)
        text = "".join(f"<p>{escape(title)}: {' '.join(rnd.sample(WORDS, 14))}.</p>" for _ in range(4))
        day = f'<p class="date">{told.date}</p>' if self.nature.prints_days else ""
        return html_page(title, f"<article><h1>{escape(title)}</h1>{day}{text}</article>")

    # What must hold.

    def entries(self) -> list[tuple[str, str, str]]:
        """Id, title and link of each entry."""
        found = self.store.entries.newest(ALL, limit=1000)
        return [(one.uuid, one.entry.title, one.entry.link) for one in found]

    def faults(self) -> list[str]:
        """What is wrong after everything has been well for a week."""
        entries, listed = self.entries(), self._of(0)[: self.nature.shown * self.nature.pages]
        listed += self._of(1)[: self.nature.shown] if self.nature.lists > 1 else []
        truth = {row.title: row for row in self.rows}
        times = Counter(title for _, title, _ in entries)
        found = [f"false: {title}" for title in times if title not in truth]
        found += [f"{count} times: {title}" for title, count in times.items() if count > 1]
        found += [f"lost: {row.title}" for row in listed if row.title not in times]
        addresses = {row.title: canonicalize(row.url) for row in listed}
        found += [
            f"dead link: {link}"
            for _, title, link in entries
            if canonicalize(link) != addresses.get(title, canonicalize(link))
        ]
        if self.nature.is_rechecked:
            found += [f"text: {one.entry.title}: {len(one.entry.content)}" for one in self._cut()]
        state = self.store.sources.get("town")
        assert state is not None
        if state.state != "well" or self.store.scrapes.open_quarantine("town") is not None:
            found.append(f"{state.state}: {state.reason}")
        return found

    def _cut(self) -> list[StoredEntry]:
        """Entries whose text is not that of their page."""
        truth = {row.title: " ".join(words_of(_told(row.title))) for row in self.rows}
        return [
            one
            for one in self.store.entries.newest(ALL, limit=1000)
            if truth.get(one.entry.title, "") not in " ".join(words_of(TAG.sub(" ", one.entry.content)))
        ]


def _told(title: str) -> str:
    rnd = random.Random(title)
    return " ".join(f"{title}: {' '.join(rnd.sample(WORDS, 14))}." for _ in range(4))


def html_page(title: str, body: str) -> str:
    """A whole document."""
    return f"<html><head><title>{escape(title)}</title></head><body>{body}</body></html>"


#: What texts are made of.
WORDS = (
    "harbour engine granite lantern orchard signal meadow copper violin glacier window timber decided report council "
    "evening summer people bridge station river water public budget mayor school vote plan money street garden"
).split()
