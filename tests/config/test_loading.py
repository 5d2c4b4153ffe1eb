"""A configuration is read whole, or every fault in it is named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic_core import PydanticCustomError

from feedsvc.config import Config, ConfigErrors, load
from feedsvc.config.document import parse
from feedsvc.config.fault import Fault
from feedsvc.config.values import check_web_url
from feedsvc.model import Cadence, ReleaseRules, Rules, Source


def write(directory: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def read(directory: Path, files: dict[str, str], **environ: str) -> Config:
    return load(write(directory, files), {"HOME": str(directory), **environ})


def faults(directory: Path, files: dict[str, str], **environ: str) -> list[str]:
    with pytest.raises(ConfigErrors) as caught:
        read(directory, files, **environ)
    return [str(fault).replace(f"{directory}/", "") for fault in caught.value.faults]


def test_only_the_url_of_a_source_is_required(tmp_path: Path) -> None:
    config = read(tmp_path, {"sources/acme.toml": 'url = "https://www.acme.example/news/"\n'})
    assert config.sources == (
        Source(
            key="acme",
            urls=("https://www.acme.example/news/",),
            title="acme.example",
            cadence=Cadence(budget=(48, timedelta(days=1))),
        ),
    )
    assert [category.path for category in config.categories] == ["news"]


def test_every_key_of_a_source_file_reaches_the_source(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        {
            "sources/acme.toml": """
url = ["https://acme.example/a", "https://acme.example/b"]
title = "Acme"
category = "company/releases"
language = "en"
time_zone = "Asia/Shanghai"
publisher = "Acme Bureau"
cron = "*/20 8-18 * * MON-FRI"
active = "06:00-23:00"
enabled = false
kind = "html"
content = "summary"
[rules]
item = "ul.list > li"
link = "a"
title = "a"
published = "span.date"
summary = "p"
image = "img"
next = "a.next"
[rules.release]
title = "h1"
subtitle = "h2"
body = "#content"
published = ".date"
updated = ".updated"
author = ".author"
publisher = ".source"
category = ".breadcrumb a"
image = "img.lead"
remove = [".share", ".related"]
"""
        },
    )
    assert config.sources == (
        Source(
            key="acme",
            urls=("https://acme.example/a", "https://acme.example/b"),
            title="Acme",
            category="company/releases",
            language="en",
            time_zone="Asia/Shanghai",
            publisher="Acme Bureau",
            cadence=Cadence(cron="*/20 8-18 * * mon-fri", active="06:00-23:00"),
            is_enabled=False,
            kind="html",
            content="summary",
            rules=Rules(
                item="ul.list > li",
                link="a",
                title="a",
                published="span.date",
                summary="p",
                image="img",
                next="a.next",
                release=ReleaseRules(
                    title="h1",
                    subtitle="h2",
                    body="#content",
                    published=".date",
                    updated=".updated",
                    author=".author",
                    publisher=".source",
                    category=".breadcrumb a",
                    image="img.lead",
                    remove=(".share", ".related"),
                ),
            ),
        ),
    )


def test_defaults_fill_in_what_a_source_leaves_out(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        {
            "feedsvc.toml": '[defaults]\nevery = "1h30m"\ntime_zone = "Europe/Berlin"\n'
            'language = "de"\ncontent = "summary"',
            "sources/a.toml": 'url = "https://a.example/"',
            "sources/b.toml": 'url = "https://b.example/"\nbudget = "28/week"',
        },
    )
    first, second = config.sources
    assert (first.cadence.every, first.time_zone, first.language, first.content) == (
        timedelta(minutes=90),
        "Europe/Berlin",
        "de",
        "summary",
    )
    assert second.cadence == Cadence(budget=(28, timedelta(weeks=1)))


def test_the_tree_keeps_declared_titles_and_parents_come_first(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        {
            "categories.toml": '[company.releases]\ntitle = "Press releases"\ncontent = "link"\n["新闻"]\n',
            "sources/a.toml": 'url = "https://a.example/"\ncategory = "science/space-news"',
        },
    )
    assert [(category.path, category.title) for category in config.categories] == [
        ("company", "Company"),
        ("company/releases", "Press releases"),
        ("新闻", "新闻"),
        ("science", "Science"),
        ("science/space-news", "Space news"),
    ]
    hint = "add it to categories.toml to give it a title"
    assert config.warnings == (f"sources/a.toml: category science/space-news is not in categories.toml ({hint})",)


def test_options_stand_above_variables_and_variables_above_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"feedsvc.toml": '[server]\nport = 1\nhost = "a"\nbase_url = "http://a/"'})
    environ = {"HOME": "/h", "FEEDSVC_PORT": "2", "FEEDSVC_BASE_URL": "https://x.example/news/"}
    config = load(tmp_path, environ, {"server.port": 3, "server.host": None})
    server = config.settings.server
    assert (server.port, server.host, server.base_url) == (3, "a", "https://x.example/news")


def test_any_setting_has_a_variable(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        {},
        FEEDSVC_ALLOW_TARGETS="127.0.0.1:8000, localhost:81",
        FEEDSVC_HOST_INTERVAL="0",
        FEEDSVC_SCRAPE_MAX_PAGES="3",
        FEEDSVC_DATABASE_URL="sqlite:////tmp/x.sqlite3",
    )
    assert config.settings.fetch.allow_targets == ("127.0.0.1:8000", "localhost:81")
    assert config.settings.fetch.host_interval == timedelta(0)
    assert config.settings.scrape.max_pages == 3
    assert config.database_url == "sqlite:////tmp/x.sqlite3"


def test_a_wrong_variable_is_named_itself(tmp_path: Path) -> None:
    found = faults(tmp_path, {}, FEEDSVC_PORT="eighty")
    assert len(found) == 1
    assert found[0].startswith('FEEDSVC_PORT: server.port = "eighty": input should be a valid integer')
    assert found[0].endswith("(write a whole number without quotes)")


def test_an_unknown_variable_is_a_warning(tmp_path: Path) -> None:
    config = read(tmp_path, {}, FEEDSVC_BASEURL="http://x")
    assert config.warnings == ("FEEDSVC_BASEURL sets nothing (did you mean FEEDSVC_BASE_URL?)",)


def test_the_data_folder_is_the_users_own_unless_named(tmp_path: Path) -> None:
    assert load(tmp_path, {"XDG_DATA_HOME": "/x"}).data == Path("/x/feedsvc")
    assert load(tmp_path, {"FEEDSVC_DATA": "/y"}).data == Path("/y")
    config = load(tmp_path, {"FEEDSVC_DATA": "/y"}, {"data": "/z"})
    assert (config.data, config.database_url) == (Path("/z"), "sqlite:////z/feedsvc.sqlite3")


def test_a_missing_directory_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors, match=r"no such directory .*feedsvc init"):
        load(tmp_path / "absent", {})


def test_every_fault_is_reported_at_once_with_file_line_key_value_and_remedy(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        {
            "feedsvc.toml": '[server]\nprot = 80\nbase_url = "example.org"\n[scrap]\nflood = 0\n',
            "categories.toml": '[all]\n["Press Releases"]\nlanguag = "en"\n',
            "sources/a.toml": 'url = "https://a.example/"\n[rules]\nitem = "ul > > li"\n',
            "sources/b.toml": "title = 3\n",
            "sources/c.toml": "url = https://c.example/\n",
        },
    )
    assert found == [
        'feedsvc.toml:3: server.base_url = "example.org": is not an absolute http(s) URL (write "https://example.org")',
        "feedsvc.toml:2: server.prot: unknown key (did you mean port?)",
        "feedsvc.toml:4: scrap: unknown key (did you mean scrape?)",
        (
            "categories.toml:1: all: all is a reserved name"
            " (choose another: all, and names that begin with _, serve addresses)"
        ),
        (
            "categories.toml:2: Press Releases: Press Releases is not a path segment"
            ' (write "press-releases" and title = "Press Releases")'
        ),
        "categories.toml:3: Press Releases.languag: unknown key (did you mean language?)",
        found[6],
        "sources/b.toml: url: is missing (add url = ...)",
        'sources/b.toml:1: title = 3: input should be a valid string (write it in quotes, as "text")',
        "sources/c.toml:1: is not TOML: invalid value (text needs quotes; the line reads: url = https://c.example/)",
    ]
    assert found[6].startswith('sources/a.toml:3: rules.item = "ul > > li": is not a CSS selector: ')


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('cron = "* * * *"', "has 4 fields, not 5"),
        ('cron = "61 * * * *"', "minute: 61 is not within 0-59"),
        ('cron = "* 8-25 * * *"', "hour: 25 is not within 0-23"),
        ('cron = "* * * * mno"', "weekday: mno is not a number or name (did you mean mon?)"),
        ('cron = "* 18-8 * * *"', "hour: 18-8 runs backwards (write the smaller first, or two spans: 18-23,0-8)"),
        ('cron = "*/0 * * * *"', "minute: 0 after the / is not a step"),
        ('cron = "0 0 31 2 *"', "names a day that none of its months has"),
        ('every = "half an hour"', "is not a duration"),
        ('every = "0s"', "is shorter than a second"),
        ('budget = "48/fortnight"', "is not a budget"),
        ('budget = "0/day"', "is not a budget"),
        ('active = "6-23"', "is not a span of hours"),
        ('active = "06:00-06:00"', "is not a span of hours"),
        ('time_zone = "Asia/Shangai"', "is not a time zone (did you mean Asia/Shanghai?)"),
        ('language = "english please"', "is not a language tag"),
        ('category = "Company/Press Releases"', 'write "company/press-releases"'),
        ('category = "all"', "reserved"),
        ('category = "a/b/c/d/e/f/g"', "is 7 levels deep"),
        ('kind = "rss"', "should be 'auto', 'html', 'feed'"),
        ('every = "1h"\nbudget = "3/day"', "every and budget exclude each other"),
        ("enabled = 7", "write true or false"),
        ("item = 'li'", "it belongs into [rules]"),
        ("[rules]\nremove = '.x'", "it belongs into [rules.release]"),
    ],
)
def test_a_typo_in_a_source_file_is_explained(tmp_path: Path, line: str, says: str) -> None:
    found = faults(tmp_path, {"sources/a.toml": f'url = "https://a.example/"\n{line}\n'})
    assert len(found) == 1
    assert says in found[0]


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "/news", "https://u:p@a.example/", "https://a.example/a b", "https://a.example:x/"]
)
def test_an_unusable_url_is_a_fault(tmp_path: Path, url: str) -> None:
    assert len(faults(tmp_path, {"sources/a.toml": f'url = "{url}"\n'})) == 1


def test_one_page_cannot_be_watched_by_two_sources(tmp_path: Path) -> None:
    found = faults(
        tmp_path,
        {"sources/a.toml": 'url = "https://a.example/news"', "sources/b.toml": 'url = "http://A.example/news/"'},
    )
    assert found == [
        'sources/b.toml:1: url = "http://A.example/news/": is in sources/a.toml already (remove one of the two)'
    ]


def test_a_file_name_that_cannot_be_an_address_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, {"sources/Acme News.toml": 'url = "https://a.example/"'})
    assert "is not a source key" in found[0]


def test_files_that_nothing_reads_are_a_warning(tmp_path: Path) -> None:
    config = read(tmp_path, {"category.toml": "", "sources/acme.yaml": ""})
    assert [warning.rpartition("/")[2] for warning in config.warnings] == [
        "category.toml is not read (did you mean categories.toml?)",
        "acme.yaml is not read (write it in TOML, as acme.toml)",
    ]


def test_a_text_whose_quote_is_not_closed_is_named_so() -> None:
    fault = parse('url = "https://news.example/\n', name="sources/a.toml")
    assert isinstance(fault, Fault)
    assert fault.remedy == 'the quote is not closed; the line reads: url = "https://news.example/'


@pytest.mark.parametrize("url", ["javascript:alert(1)", "mailto:press@news.example"])
def test_an_address_that_leads_to_no_page_is_not_proposed_again(url: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        check_web_url(url)
    assert refused.value.context
    assert refused.value.context["remedy"] == 'write "https://host/path"'
