"""A cadence comes from a source's own file, else from the nearest of its categories, else from the defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from feedsvc.config import Config, ConfigErrors, load
from feedsvc.model import Cadence
from feedsvc.service.source_document import new_source

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
TREE = """
[company]
budget = "24/day"
active = "06:00-23:00"
[company.releases]
every = "15m"
[company.blog]
title = "Blog"
[company.reports]
active = "mon-fri 08:00-18:00"
[news]
cron = "0 9 * * *"
"""


def read(directory: Path, source: str, *, tree: str = TREE, settings: str = "") -> Config:
    (directory / "sources").mkdir()
    (directory / "sources/acme.toml").write_text(f'url = "https://acme.example/"\n{source}', encoding="utf-8")
    (directory / "categories.toml").write_text(tree, encoding="utf-8")
    (directory / "feedsvc.toml").write_text(settings, encoding="utf-8")
    return load(directory, {"HOME": str(directory)})


@pytest.mark.parametrize(
    ("source", "cadence", "origin"),
    [
        (
            'category = "company/releases"',
            Cadence(every=HOUR / 4, active="06:00-23:00"),
            "category company/releases, active hours from category company",
        ),
        ('category = "company/blog"', Cadence(budget=(24, DAY), active="06:00-23:00"), "category company"),
        (
            'category = "company/reports"',
            Cadence(budget=(24, DAY), active="mon-fri 08:00-18:00"),
            "category company, active hours from category company/reports",
        ),
        ('category = "company/papers/old"', Cadence(budget=(24, DAY), active="06:00-23:00"), "category company"),
        (
            'category = "company/releases"\ncron = "0 8 * * 7"\nactive = "00:00-24:00"\njitter = "2m"',
            Cadence(cron="0 8 * * 7", active="00:00-24:00", jitter=timedelta(minutes=2)),
            "",
        ),
        (
            'category = "company/releases"\nevery = "1h"',
            Cadence(every=HOUR, active="06:00-23:00"),
            "its own file, active hours from category company",
        ),
        ('category = "science"', Cadence(every=3 * HOUR), "[defaults]"),
        # entries of a source without a category are filed by breadcrumb, whatever the category of last resort says
        ("", Cadence(every=3 * HOUR), "[defaults]"),
    ],
)
def test_the_nearest_that_chooses_counts(tmp_path: Path, source: str, cadence: Cadence, origin: str) -> None:
    config = read(tmp_path, source, settings='[defaults]\nevery = "3h"\n')
    assert config.sources[0].cadence == cadence
    assert config.cadence_origins.get("acme", "") == origin


def test_a_source_for_which_nothing_chooses_has_a_budget(tmp_path: Path) -> None:
    config = read(tmp_path, "", tree="[company]\n")
    assert config.sources[0].cadence == Cadence(budget=(48, DAY))
    assert config.cadence_origins == {"acme": "the default for new sources"}


def test_two_cadences_of_a_category_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(ConfigErrors) as caught:
        read(tmp_path, "", tree='[company.releases]\nevery = "1h"\nbudget = "4/day"\n')
    (fault,) = caught.value.faults
    assert str(fault).replace(f"{tmp_path}/", "") == (
        "categories.toml:3: company.releases.budget: every and budget exclude each other (keep one of them)"
    )


@pytest.mark.parametrize("line", ['cron = "61 * * * *"', 'budget = "often"', 'active = "morning"', 'every = "0s"'])
def test_what_a_source_could_not_say_a_category_cannot_either(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigErrors, match=f"categories.toml:2: company.{line.split()[0]}"):
        read(tmp_path, "", tree=f"[company]\n{line}\n")


def test_a_source_that_a_program_adds_inherits_too(tmp_path: Path) -> None:
    config = read(tmp_path, "")
    added = new_source("new", {"url": "https://new.example/", "category": "company/blog"}, config)
    assert added.cadence == Cadence(budget=(24, DAY), active="06:00-23:00", from_category=True)
