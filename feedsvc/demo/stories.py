"""The releases that lie beside this module as TOML: texts are data."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from feedsvc.demo.story import Story


def _read(name: str) -> tuple[Story, ...]:
    text = resources.files("feedsvc.demo").joinpath(name).read_text(encoding="utf-8")
    return tuple(_story(values) for values in tomllib.loads(text)["story"])


def _story(values: dict[str, Any]) -> Story:
    paragraphs = values.pop("text").strip().split("\n\n")
    return Story(paragraphs=tuple(" ".join(paragraph.split("\n")) for paragraph in paragraphs), **values)


_ALL = (*_read("stories.toml"), *_read("stories_zh.toml"))

#: Those that are out when the demo opens, and those that appear while it runs, in order.
STORIES = tuple(story for story in _ALL if story.days_ago is not None)
FRESH = tuple(story for story in _ALL if story.days_ago is None)
