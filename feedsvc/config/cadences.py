"""Who says how often a source is scraped: its own file, else the nearest of its categories, else ``[defaults]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Protocol

from pydantic import AfterValidator

from feedsvc.config.document import Document, Key
from feedsvc.config.fault import Fault
from feedsvc.config.values import check_active
from feedsvc.model import Cadence

#: Scrapes of a source for which nobody chose a cadence.
DEFAULT_BUDGET = (48, timedelta(days=1))

#: Of these keys a table has one at most.
EXCLUSIVE = ("every", "cron", "budget")

Active = Annotated[str, AfterValidator(check_active)]


class Choice(Protocol):
    """What can choose a cadence: a source's file, a category's table, the defaults."""

    @property
    def every(self) -> timedelta | None:
        """A fixed interval."""

    @property
    def cron(self) -> str | None:
        """A crontab line."""

    @property
    def budget(self) -> tuple[int, timedelta] | None:
        """So many scrapes in so much time."""


class HourlyChoice(Choice, Protocol):
    """A choice that can be narrowed to active hours."""

    @property
    def active(self) -> str | None:
        """Active hours, in the source's zone."""


class SourceChoice(HourlyChoice, Protocol):
    """What a source's file says of its cadence."""

    @property
    def category(self) -> str | None:
        """The path of the category that the file names."""

    @property
    def jitter(self) -> timedelta | None:
        """By how much scrapes may come later."""


def chosen_cadence(table: Choice) -> list[str]:
    """Which of the exclusive keys every, cron and budget a table sets."""
    return [name for name in EXCLUSIVE if getattr(table, name) is not None]


def exclusive(table: Choice, document: Document, above: Key) -> list[Fault]:
    """The fault of a table at ``above`` that sets more than one of them."""
    chosen = chosen_cadence(table)
    if len(chosen) < 2:
        return []
    words = " and ".join(chosen)
    return [document.fault((*above, chosen[1]), message=f"{words} exclude each other", remedy="keep one of them")]


def cadence_of(file: SourceChoice, categories: Mapping[str, Cadence], defaults: Choice) -> Cadence:
    """The cadence of a source; ``categories`` maps paths to what each says itself.

    Active hours are inherited by themselves: a source may have its own interval within its category's hours. A source
    whose file names no category inherits from none: its entries are filed by each page's breadcrumb.
    """
    chosen, _ = _chosen(file, categories, defaults)
    active, _ = _active(file, categories)
    return Cadence(
        every=chosen.every,
        cron=chosen.cron,
        budget=chosen.budget,
        active=active,
        jitter=file.jitter,
    )


def cadence_origin(file: SourceChoice, categories: Mapping[str, Cadence], defaults: Choice) -> str:
    """Who chose it, in words, as "category company/releases"; "" where the source's own file says everything."""
    _, origin = _chosen(file, categories, defaults)
    _, narrowed = _active(file, categories)
    if narrowed in ("", origin):
        return origin
    return f"{origin or 'its own file'}, active hours from {narrowed}"


def _chosen(file: SourceChoice, categories: Mapping[str, Cadence], defaults: Choice) -> tuple[Choice, str]:
    places: list[tuple[Choice, str]] = [(file, ""), *_above(file.category, categories), (defaults, "[defaults]")]
    usual = Cadence(budget=DEFAULT_BUDGET), "the default for new sources"
    return next((place for place in places if chosen_cadence(place[0])), usual)


def _active(file: SourceChoice, categories: Mapping[str, Cadence]) -> tuple[str | None, str]:
    places: list[tuple[HourlyChoice, str]] = [(file, ""), *_above(file.category, categories)]
    return next(((place.active, origin) for place, origin in places if place.active), (None, ""))


def _above(path: str | None, categories: Mapping[str, Cadence]) -> Iterator[tuple[Cadence, str]]:
    """The category at ``path`` and those above it that say anything, the nearest first."""
    parts = path.split("/") if path else []
    for depth in range(len(parts), 0, -1):
        upper = "/".join(parts[:depth])
        if upper in categories:
            yield categories[upper], f"category {upper}"
