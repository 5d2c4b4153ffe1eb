"""A source file, ``config/sources/<key>.toml``, and the Source that it declares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from feedsvc.config.cadences import Active, cadence_of
from feedsvc.config.category_tree import check_category_path
from feedsvc.config.fault import wrong
from feedsvc.config.settings import Content, Cron, Defaults, Language, Table, WebUrl, Zone
from feedsvc.config.values import Budget, Every, Jitter, check_page_selector, check_selector
from feedsvc.model import Cadence, ReleaseRules, Rules, Source, segment

Selector = Annotated[str, AfterValidator(check_selector)]
PageSelector = Annotated[str, AfterValidator(check_page_selector)]
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def _as_list(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _some(written: object) -> object:
    if written == []:
        raise wrong("is empty", "name at least one page")
    return _as_list(written)


class ReleaseRulesTable(Table):
    """CSS selectors for a release page; leave out what should be found automatically."""

    title: Selector | None = None
    subtitle: Selector | None = None
    body: Selector | None = None
    published: Selector | None = None
    updated: Selector | None = None
    author: Selector | None = None
    publisher: Selector | None = None
    category: Selector | None = None
    image: Selector | None = None
    remove: Annotated[tuple[Selector, ...], BeforeValidator(_as_list)] = ()


class RulesTable(Table):
    """CSS selectors for a listing page; leave out what should be found automatically."""

    item: PageSelector | None = None
    link: Selector | None = None
    title: Selector | None = None
    published: Selector | None = None
    summary: Selector | None = None
    image: Selector | None = None
    next: Selector | None = None
    release: ReleaseRulesTable = ReleaseRulesTable()


class SourceFile(Table):
    """One website that is watched. Only ``url`` is required."""

    url: Annotated[tuple[WebUrl, ...], BeforeValidator(_some)] = Field(
        description="The listing page, or a list of them"
    )
    title: str | None = Field(default=None, min_length=1, max_length=200)
    category: Annotated[str, AfterValidator(check_category_path)] | None = Field(
        default=None, description="A path in the tree, as company/releases; default: the page's breadcrumb, else news"
    )
    language: Language | None = None
    time_zone: Zone | None = Field(default=None, description="IANA name, as Asia/Shanghai")
    publisher: str | None = Field(default=None, max_length=200, description="Where the page names none")
    every: Every | None = Field(default=None, description="A fixed interval")
    cron: Cron | None = Field(default=None, description="A crontab line")
    budget: Budget | None = Field(default=None, description="So many scrapes a day or week")
    active: Active | None = Field(
        default=None, description="Hours in the source's zone, as 06:00-23:00 or mon-fri 06:00-23:00"
    )
    jitter: Jitter | None = Field(
        default=None, description="Scrapes come up to this much later than planned; default: a tenth of the interval"
    )
    enabled: bool = True
    kind: Literal["auto", "html", "feed", "sitemap", "json", "wordpress"] = "auto"
    content: Content | None = Field(default=None, description="summary or link where rights allow no more")
    rules: RulesTable = RulesTable()


def check_key(key: str) -> str:
    """A source's key: part of addresses and commands, so plain lower-case ASCII."""
    if not _KEY.fullmatch(key):
        raise wrong("is not a source key", "name the file with lower-case letters, digits, - and _, as acme-news.toml")
    return key


def free_key(url: str, taken: Iterable[str]) -> str:
    """A key made of the address that no other source has."""
    parts = urlsplit(url)
    words = segment(f"{(parts.hostname or '').removeprefix('www.')} {unquote(parts.path)}")
    plain = re.sub(r"[^a-z0-9]+", "-", words.encode("ascii", "ignore").decode())[:50].strip("-") or "website"
    others = set(taken)
    candidates = (plain, *(f"{plain}-{number}" for number in range(2, len(others) + 3)))
    return next(key for key in candidates if key not in others)


def source_of(key: str, file: SourceFile, defaults: Defaults, cadences: Mapping[str, Cadence] | None = None) -> Source:
    """The Source that a file declares, filled in from the cadences of categories, by path, and the defaults."""
    return Source(
        key=key,
        urls=file.url,
        title=file.title or _title_from(file.url[0]),
        category=file.category,
        language=file.language or defaults.language,
        time_zone=file.time_zone or defaults.time_zone,
        publisher=file.publisher,
        cadence=cadence_of(file, cadences or {}, defaults),
        is_enabled=file.enabled,
        kind=file.kind,
        content=file.content or defaults.content,
        rules=_rules(file.rules),
    )


def rules_from(values: Mapping[str, object]) -> Rules:
    """The rules that a ``[rules]`` table holds. Raises ValueError (pydantic's)."""
    return _rules(RulesTable.model_validate(values))


def _rules(table: RulesTable) -> Rules:
    return Rules(
        **{name: getattr(table, name) for name in RulesTable.model_fields if name != "release"},
        release=ReleaseRules(**{name: getattr(table.release, name) for name in ReleaseRulesTable.model_fields}),
    )


def _title_from(url: str) -> str:
    host = url.split("://", 1)[1].split("/", 1)[0].lower()
    return host.removeprefix("www.")
