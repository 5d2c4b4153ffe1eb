"""Bad days of a site: what its listing shows instead of itself, by name. Rows say which story is behind each item."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from feedsvc.lexicon.pagelooks import Look

#: Items of the listing, as few as a small press office shows.
SHOWN = 12
TOPICS = (
    "harbour", "library", "tram line", "power grid", "school board", "museum", "night bus", "water works",
    "city budget", "bicycle bridge", "market hall", "fire brigade", "opera house", "zoning plan", "wind farm",
    "rail depot", "town archive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One item as a page shows it; ``story`` is the truth behind it, None for what is no release of this source."""

    url: str
    title: str
    date: str
    story: int | None


@dataclass(frozen=True, slots=True)
class View:
    """A listing page as it is shown, and how release pages answer meanwhile."""

    rows: tuple[Row, ...]
    look: Look | None = None
    #: How the list is marked up: "list", "table" or "cards".
    layout: str = "list"
    #: What the listing and the release pages answer instead of 200.
    status: int = 200
    release_status: int = 200
    #: How much of the listing arrives, and what its head says besides.
    share: float = 1.0
    headers: tuple[tuple[str, str], ...] = ()
    #: What release pages show instead of themselves: a look, "the listing", or "one of them".
    release_shows: Look | str | None = None


def release(story: int, at: datetime) -> Row:
    slug = TOPICS[story % len(TOPICS)].replace(" ", "-")
    return Row(
        url=f"http://n.example/news/{at:%Y}/{1000 + story}-{slug}.html",
        title=f"Council report {story} on the {TOPICS[story % len(TOPICS)]}",
        date=f"{at:%Y-%m-%d}",
        story=story,
    )


Mode = Callable[[tuple[Row, ...]], View]
MODES: dict[str, Mode] = {}


def mode(name: str) -> Callable[[Mode], Mode]:
    def register(function: Mode) -> Mode:
        MODES[name] = function
        return function

    return register


def every(change: Callable[[Row, int], Row]) -> Mode:
    return lambda rows: View(tuple(change(row, place) for place, row in enumerate(rows)))


def urls(change: Callable[[str, int], str]) -> Mode:
    return every(lambda row, place: replace(row, url=change(row.url, place)))


def junk(count: int, prefix: str = "https://n.example/", date: str = "") -> tuple[Row, ...]:
    words = (
        "About us|Contact|Careers|Imprint|Privacy policy|Our services|Press kit|Downloads|Events calendar|Sitemap|Help"
    )
    names = [*words.split("|"), *(f"Topic number {at}" for at in range(50))]
    return tuple(Row(f"{prefix}{name.lower().replace(' ', '-')}", name, date, None) for name in names[:count])


def in_turn(*modes: Mode) -> Mode:
    """One mode after the other, from page to page."""
    turns = itertools.cycle(modes)
    return lambda rows: next(turns)(rows)


def as_it_is(rows: tuple[Row, ...]) -> View:
    return View(rows)


def a_day_off(row: Row, days: int) -> Row:
    return replace(row, date=f"{date.fromisoformat(row.date) + timedelta(days=days)}")


def in_another_language(row: Row) -> Row:
    return replace(row, title=f"Informe municipal {row.story} sobre {TOPICS[(row.story or 0) % len(TOPICS)][::-1]}")


def shown_instead(look: Look | None, rows: tuple[Row, ...] = ()) -> Mode:
    return lambda _rows: View(rows, look)


MODES |= {
    "an empty page": shown_instead(Look.EMPTY),
    "a list without items": shown_instead(None),
    "a login wall": shown_instead(Look.LOGIN),
    "a login wall with a menu": shown_instead(Look.LOGIN, junk(8)),
    "a captcha": shown_instead(Look.CHALLENGE),
    "an error page with status 200": shown_instead(Look.ERROR, junk(3)),
    "a maintenance page": shown_instead(Look.MAINTENANCE),
    "a not-found page with popular links": shown_instead(Look.NOT_FOUND, junk(11)),
    "an app shell": shown_instead(Look.APP_SHELL),
    "a consent wall": shown_instead(Look.CONSENT, junk(2)),
    "a block page": shown_instead(Look.BLOCKED),
    "a paywall": shown_instead(Look.PAYWALL, junk(4)),
    "a parked domain": shown_instead(Look.PARKED, junk(12, "https://ads.example/")),
    "only the navigation": shown_instead(None, junk(11)),
    "the navigation and a widget, dated today": shown_instead(None, junk(12, date="2024-03-15")),
    "another section of the site": shown_instead(
        None, tuple(Row(f"https://n.example/sports/{at}", f"Match report {at}", "2024-03-14", None) for at in range(12))
    ),
    "a spam list": shown_instead(
        None, tuple(Row(f"https://spam.example/{at}", f"Cheap pills {at}", "2024-03-15", None) for at in range(12))
    ),
    "another section, undated": shown_instead(None, junk(12, "https://n.example/blog/")),
    "an old page of the archive": shown_instead(
        None,
        tuple(
            Row(f"https://n.example/news/2009/{at}", f"An old report {at}", f"2009-05-{at + 1:02}", None)
            for at in range(12)
        ),
    ),
    "a year of the archive without its items' dates": shown_instead(
        None, tuple(Row(f"https://n.example/news/2009/{at}.html", f"An old report {at}", "", None) for at in range(12))
    ),
    "one item": lambda rows: View(rows[:1]),
    "less than half the list": lambda rows: View(rows[:5]),
    "half the list": lambda rows: View(rows[: SHOWN // 2]),
    "the lower half of the list": lambda rows: View(rows[SHOWN // 2 :]),
    "https links": urls(lambda url, _: url.replace("http:", "https:")),
    "a trailing slash": urls(lambda url, _: url + "/"),
    "tracking parameters": urls(lambda url, at: f"{url}?utm_source=home&utm_content={at}&fbclid=x{at}"),
    "a session in the query": urls(lambda url, at: f"{url}?PHPSESSID=abc{at}"),
    "a session in the path": urls(lambda url, at: f"{url};jsessionid=00FF{at}"),
    "a session named sid": urls(lambda url, at: f"{url}?sid=a8f3b2c4d5e6f7a8b9c{at}"),
    "cache busters": urls(lambda url, at: f"{url}?_={1710000000000 + at}"),
    "fragments": urls(lambda url, _: f"{url}#comments"),
    "a port": urls(lambda url, _: url.replace("n.example", "n.example:80")),
    "host in capitals": urls(lambda url, _: url.replace("n.example", "N.EXAMPLE")),
    "doubled slashes": urls(lambda url, _: url.replace("/news/", "//news//")),
    "needless escapes": urls(lambda url, _: url.replace("news", "%6eews")),
    "another host name": urls(lambda url, _: url.replace("//n.", "//www.n.")),
    "a staging host": urls(lambda url, _: url.replace("//n.", "//staging-7.n.")),
    "relinked slugs": urls(lambda url, at: url.replace("/news/", f"/press/room/{at}/").replace(".html", "")),
    "other numbers": urls(lambda url, _: url.replace("/1", "/77")),
    "links to print versions": urls(lambda url, _: f"{url}?print=1"),
    "links to AMP versions": urls(lambda url, _: url.replace(".html", ".amp.html")),
    "a redirector": urls(lambda url, at: f"https://click.example/r/{at * 7919}"),
    "one link for all": urls(lambda _, __: "https://n.example/news/"),
    "one link for all with numbers": urls(lambda _, at: f"https://n.example/news/#{at}"),
    "links to a calendar": urls(lambda _, at: f"https://n.example/calendar?day={at}"),
    "dates gone": every(lambda row, _: replace(row, date="")),
    "dates that are words": every(lambda row, _: replace(row, date="Date")),
    "dates in the future": every(lambda row, _: replace(row, date=f"2031-01-{row.story or 0:02}")),
    "all dates today": every(lambda row, _: replace(row, date="2024-03-15")),
    "all dates 1970": every(lambda row, _: replace(row, date="1970-01-01")),
    "relinked, all dates today": every(lambda row, at: replace(row, date="2024-03-15", url=f"https://n.example/x/{at}")),
    "relinked without dates": every(lambda row, at: replace(row, date="", url=f"https://n.example/x/{at}")),
    "relinked with other titles": every(
        lambda row, at: replace(row, title=f"Read more, part {at}", url=f"https://n.example/x/{at}")
    ),
    "all titles equal": every(lambda row, _: replace(row, title="Read more")),
    "titles gone": every(lambda row, _: replace(row, title="")),
    "relinked, titles equal": every(lambda row, at: replace(row, title="Read more", url=f"https://n.example/x/{at}")),
    "garbled titles": every(lambda row, at: replace(row, title="Ã¤Â¸Â­" * (at + 2))),
    "titles with the site's name": every(lambda row, _: replace(row, title=f"{row.title} | News of the town")),
    "titles in capitals": every(lambda row, _: replace(row, title=row.title.upper())),
    "titles cut": every(lambda row, _: replace(row, title=row.title[:24] + "…")),
    "oldest first": lambda rows: View(rows[::-1]),
    "shuffled": lambda rows: View(tuple(random.Random(1).sample(rows, len(rows)))),
    "each item twice": lambda rows: View(tuple(row for row in rows for _ in range(2))),
    "each item twice, the copy elsewhere": lambda rows: View(
        (*rows, *(replace(row, url=row.url.replace("/news/", "/featured/")) for row in rows))
    ),
    "each address with the next title": lambda rows: View(
        tuple(replace(row, url=other.url) for row, other in zip(rows, (*rows[1:], rows[0]), strict=True))
    ),
    "advertisements between items": lambda rows: View(
        tuple(one for pair in zip(rows, junk(12, "https://ads.example/"), strict=True) for one in pair)
    ),
    "a menu above the items": lambda rows: View((*junk(11, "https://shop.example/"), *rows)),
    "a page of a cache, a week old": lambda rows: View(rows[3:]),
    "a new page and an old one in turn": in_turn(as_it_is, lambda rows: View(rows[3:])),
    "half of the servers gone": in_turn(lambda rows: View(rows, status=502), as_it_is),
    "the listing answers 503": lambda rows: View(rows, status=503),
    "the listing answers 404": lambda rows: View(rows, status=404),
    "the listing answers 403": lambda rows: View(rows, status=403),
    "release pages answer 503": lambda rows: View(rows, release_status=503),
    "release pages answer 404": lambda rows: View(rows, release_status=404),
    "release pages ask for a login": lambda rows: View(rows, release_status=401),
    "a table instead of the list": lambda rows: View(rows, layout="table"),
    "cards instead of the list": lambda rows: View(rows, layout="cards"),
    "two layouts in turn": in_turn(lambda rows: View(rows, layout="cards"), as_it_is),
    "relinked and another layout": lambda rows: View(
        tuple(replace(row, url=row.url.replace("/news/", "/newsroom/")) for row in rows), layout="cards"
    ),
    "dates a day later by another zone": every(lambda row, _: a_day_off(row, 1)),
    "dates a day earlier by another zone": every(lambda row, _: a_day_off(row, -1)),
    "titles in another language": every(lambda row, _: in_another_language(row)),
    "another language under other addresses": every(
        lambda row, _: replace(in_another_language(row), url=row.url.replace("/news/", "/es/noticias/"))
    ),
    "another domain": urls(lambda url, _: url.replace("http://n.example", "https://town-news.example")),
    "https and another host name": urls(lambda url, _: url.replace("http://n.", "https://www.n.")),
    "https and tracking": urls(lambda url, at: url.replace("http:", "https:") + f"?utm_medium=rss&gclid={at}"),
    "each item three times under other queries": lambda rows: View(
        tuple(replace(row, url=f"{row.url}?from={place}") for row in rows for place in ("top", "side", "list"))
    ),
    "an advertisement pinned to the top": lambda rows: View(
        (Row("https://ads.example/offer", "Our best offer of the week", "", None), *rows)
    ),
    "a subscription box pinned to the top": lambda rows: View(
        (Row("http://n.example/newsletter/subscribe", "Subscribe to our newsletter today", "", None), *rows)
    ),
    "a soft 404 with few links": shown_instead(None, junk(2)),
    "http and https in turn": in_turn(as_it_is, urls(lambda url, _: url.replace("http:", "https:"))),
    "www now and then": in_turn(urls(lambda url, _: url.replace("//n.", "//www.n.")), as_it_is),
    "www for half of the links": urls(lambda url, at: url.replace("//n.", "//www.n.") if at % 2 else url),
    "another base for half of the links": urls(lambda url, at: url.replace("/news/", "/en/news/") if at % 2 else url),
    "the port of the server behind": urls(lambda url, _: url.replace("n.example", "n.example:8080")),
    "a host for telephones": urls(lambda url, _: url.replace("//n.", "//m.n.")),
    "other case in paths": urls(lambda url, _: url.replace("/news/", "/News/")),
    "an index behind each path": urls(lambda url, _: url.replace(".html", "/index.html")),
    "no ending any more": urls(lambda url, _: url.replace(".html", "")),
    "a language in the query": urls(lambda url, _: f"{url}?lang=en"),
    "a reference in the query": urls(lambda url, at: f"{url}?ref=home-{at}"),
    "a folder for printing": urls(lambda url, _: url.replace("/news/", "/print/news/")),
    "titles marked as new": every(lambda row, at: replace(row, title=f"NEW! {row.title}" if at < 4 else row.title)),
    "titles with counters": every(lambda row, at: replace(row, title=f"{row.title} ({at + 3} comments)")),
    "numbered titles": every(lambda row, at: replace(row, title=f"{at + 1}. {row.title}")),
    "titles behind their section": every(lambda row, _: replace(row, title=f"City hall: {row.title}")),
    "titles behind their date": every(lambda row, _: replace(row, title=f"{row.date} – {row.title}")),
    "titles marked as new under other addresses": every(
        lambda row, at: replace(row, title=f"NEW! {row.title}", url=row.url.replace("/news/", f"/x/{at}/"))
    ),
    "dates written another way": every(lambda row, _: replace(row, date=f"{date.fromisoformat(row.date):%d.%m.%Y}")),
    "an old item pinned to the top": lambda rows: View((rows[9], *rows[:9], *rows[10:])),
    "the archive below the list": lambda rows: View(
        (
            *rows,
            *(
                Row(f"http://n.example/news/2009/{at}-old.html", f"An old report {at}", f"2009-0{at % 9 + 1}-11", None)
                for at in range(60)
            ),
        )
    ),
    "advertisements instead of the items": shown_instead(None, junk(12, "https://ads.example/", "2024-03-14")),
    "a notice that the page has moved": shown_instead(
        None, (Row("https://n.example/home", "This page has moved to our new home", "", None),)
    ),
    "the first half of the page": lambda rows: View(rows, share=0.5),
    "the first tenth of the page": lambda rows: View(rows, share=0.1),
    "a gzip that is none": lambda rows: View(rows, headers=(("Content-Encoding", "gzip"),)),
    "a charset that is wrong": lambda rows: View(rows, headers=(("Content-Type", "text/html; charset=utf-16"),)),
    "a type that is none": lambda rows: View(rows, headers=(("Content-Type", "application/octet-stream"),)),
    "release pages are soft 404s": lambda rows: View(rows, release_shows=Look.NOT_FOUND),
    "release pages are a login wall": lambda rows: View(rows, release_shows=Look.LOGIN),
    "release pages are empty shells": lambda rows: View(rows, release_shows=Look.APP_SHELL),
    "release pages show the listing": lambda rows: View(rows, release_shows="the listing"),
    "release pages all show one of them": lambda rows: View(rows, release_shows="one of them"),
    "addresses used again for other stories": every(
        lambda row, at: replace(row, title=f"A wholly different matter {at}", date="2024-03-14")
    ),
    "today's list of another newsroom": shown_instead(
        None, tuple(Row(f"https://o.example/n/{at}", f"Foreign news {at}", "2024-03-15", None) for at in range(12))
    ),
}  # fmt: skip


@dataclass
class Site:
    """Publishes a release every two days, the last one amid the bad day."""

    rows: list[Row] = field(default_factory=list)

    def publish(self, at: datetime) -> None:
        self.rows.insert(0, release(len(self.rows), at))

    @property
    def listing(self) -> tuple[Row, ...]:
        return tuple(self.rows[:SHOWN])
