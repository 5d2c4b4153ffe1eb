"""``config/filters.toml``: saved feeds by words, author, category and age, and feeds that combine categories."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from feedsvc.config.category_tree import check_category_path, fault_of_segment, title_from
from feedsvc.config.fault import wrong
from feedsvc.config.settings import Table
from feedsvc.config.values import Duration, split_list
from feedsvc.lexicon.patterns import PROGRAM_MAX, PROGRAMS_MAX, size
from feedsvc.model import Filter


def _check_pattern(pattern: str) -> str:
    """A pattern of RE2 that is looked for in no time."""
    try:
        instructions = size(pattern)
    except ValueError as error:
        raise wrong(
            f"is not a pattern of RE2: {error}",
            "write plain words, or a pattern without look-around and back-references",
        ) from error
    if instructions > PROGRAM_MAX:
        raise wrong("takes too long to look for", "repeat less, as {0,20} instead of {0,900}, or write plain words")
    return pattern


def _check_patterns(patterns: tuple[str, ...]) -> tuple[str, ...]:
    if sum(map(size, patterns)) > PROGRAMS_MAX:
        raise wrong("take too long to look for, all together", "write fewer or shorter ones, or two saved feeds")
    return patterns


Pattern = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_check_pattern)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(split_list), AfterValidator(_check_patterns)]
Words = Annotated[tuple[str, ...], BeforeValidator(split_list)]


class FilterTable(Table):
    """A saved feed at /feeds/<name>; what is left out narrows nothing."""

    title: str | None = Field(default=None, min_length=1, max_length=200, description="Default: from the name")
    description: str = Field(default="", max_length=2000)
    categories: Annotated[
        tuple[Annotated[str, AfterValidator(check_category_path)], ...], BeforeValidator(split_list)
    ] = Field(default=(), description="Entries of any of these categories, and of all below them")
    sources: Words = Field(default=(), description="Entries of any of these sources")
    words: Patterns = Field(default=(), description="RE2 patterns; one occurs in title, summary or text")
    without: Patterns = Field(default=(), description="RE2 patterns; none occurs in title, summary or text")
    authors: Words = Field(default=(), description="One occurs in the name of an author or of the publisher")
    age: Duration | None = Field(default=None, description="Released within this time before the newest entry")


def check_name(name: str) -> str:
    """The name of a saved feed: a segment of an address."""
    if fault := fault_of_segment(name):
        raise wrong(*fault)
    if name == "new":  # there the desk makes new ones
        raise wrong("is a name that is taken", "choose another")
    return name


def filter_of(name: str, table: FilterTable) -> Filter:
    """The Filter that a table declares."""
    values = {key: getattr(table, key) for key in FilterTable.model_fields}
    return Filter(name=name, **values | {"title": table.title or title_from(name)})
