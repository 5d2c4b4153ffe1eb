"""Huginn: a scenario as JSON; its website and RSS agents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from feedsvc.importers.wish import Wish

_SCHEDULE = re.compile(r"every_(\d{1,3})(m|h|d)")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def is_huginn(document: object) -> bool:
    """Whether a JSON document is a scenario."""
    return isinstance(document, Mapping) and isinstance(document.get("agents"), list)


def read_huginn(document: Mapping[str, Any]) -> Iterator[Wish]:
    """The agents that watch pages or read feeds."""
    for agent in document["agents"]:
        options = agent.get("options") if isinstance(agent, Mapping) else None
        kind = str(agent.get("type", "")) if isinstance(agent, Mapping) else ""
        if not isinstance(options, Mapping) or kind not in ("Agents::WebsiteAgent", "Agents::RssAgent"):
            continue
        given = options.get("url")
        for url in given if isinstance(given, list) else [given]:
            if isinstance(url, str) and url.strip():
                is_feed = kind == "Agents::RssAgent"
                yield Wish(
                    url=url.strip(),
                    title=str(agent.get("name") or ""),
                    kind="feed" if is_feed else "auto",
                    every=_every(str(agent.get("schedule", ""))),
                    is_enabled=not agent.get("disabled"),
                    remark="" if is_feed else "what it extracts is not taken over: the list is found by itself",
                )


def _every(schedule: str) -> timedelta | None:
    found = _SCHEDULE.fullmatch(schedule)
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) or None if found else None
