"""The configuration that ships with feedsvc: valid, documented, and honest about what it says by default."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from feedsvc.config import Settings, load
from feedsvc.config.environment import setting_keys
from feedsvc.config.loading import SOURCE_KEYS

CONFIG = Path(__file__).parents[2] / "config"
#: Shown as examples since their default is to say nothing.
WITHOUT_DEFAULT = {
    ("defaults", "every"),
    ("defaults", "cron"),
    ("defaults", "budget"),
    ("defaults", "language"),
    ("scrape", "since"),
    ("feeds", "author"),
    ("feeds", "rights"),
    ("feeds", "image"),
    ("alerts", "mail_from"),
    ("alerts", "webhook"),
    ("database", "url"),
}


def uncommented() -> dict[str, dict[str, object]]:
    """feedsvc.toml with every default made real."""
    text = (CONFIG / "feedsvc.toml").read_text(encoding="utf-8")
    return tomllib.loads(re.sub(r"(?m)^# ([a-z_]+ = .*)$", r"\1", text))


def test_it_is_valid_and_needs_no_warning() -> None:
    config = load(CONFIG, {"HOME": "/h"})
    assert config.warnings == ()


def test_the_expo_is_watched_and_everything_else_waits_to_be_enabled() -> None:
    sources = load(CONFIG, {"HOME": "/h"}).sources
    assert [source.key for source in sources if source.is_enabled] == ["ciie-en", "ciie-zh"]
    assert len(sources) >= 14


def test_each_source_that_waits_says_where_its_address_was_found() -> None:
    for source in load(CONFIG, {"HOME": "/h"}).sources:
        if not source.is_enabled:
            text = (CONFIG / "sources" / f"{source.key}.toml").read_text(encoding="utf-8")
            assert "Address found in: " in text
            assert "[rules" not in text


def test_the_example_of_a_source_shows_every_key_and_is_right(tmp_path: Path) -> None:
    text = (CONFIG / "sources" / "example.toml.txt").read_text(encoding="utf-8")
    shown = re.sub(r"(?m)^# (\[[a-z.]+\]|[a-z_]+ = )", r"\1", text)
    written = tomllib.loads(shown)
    rules = written["rules"]
    keys = {*written, *(f"rules.{key}" for key in rules), *(f"rules.release.{key}" for key in rules["release"])}
    assert keys | {"cron", "budget", "rules", "rules.release"} == set(SOURCE_KEYS)
    for name, body in (("as-it-is", text), ("every-key", shown.replace("/releases/", "/news/"))):
        path = tmp_path / "sources" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(body, encoding="utf-8")
    assert len(load(tmp_path, {"HOME": "/h"}).sources) == 2


def test_every_setting_is_documented_beside_its_default() -> None:
    shown = uncommented()
    assert {(table, key) for table, keys in shown.items() for key in keys} == set(setting_keys())
    settings = Settings.model_validate(
        {
            table: {key: value for key, value in keys.items() if (table, key) not in WITHOUT_DEFAULT}
            for table, keys in shown.items()
        }
    )
    assert settings == Settings()
