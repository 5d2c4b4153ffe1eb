"""``config/webhooks.toml``: addresses that are sent the new entries of a feed, signed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, Field

from feedsvc.config.category_tree import check_category_path
from feedsvc.config.fault import wrong
from feedsvc.config.settings import Table, WebUrl
from feedsvc.model import Webhook

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _check_feed(feed: str) -> str:
    """FEED as commands take it: all, a category's path, or source:KEY."""
    if feed != "all" and not feed.startswith("source:"):
        check_category_path(feed)
    return feed


def _check_variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        raise wrong("is not the name of an environment variable", 'write secret_env = "CHAT_SECRET"')
    return name


class WebhookTable(Table):
    """One address that is told of changes."""

    url: WebUrl = Field(description="Where new and changed entries are posted as JSON")
    feed: Annotated[str, AfterValidator(_check_feed)] = Field(
        default="all", description="all, a category's path, the name of a saved feed, or source:KEY"
    )
    secret_env: Annotated[str, AfterValidator(_check_variable)] | None = Field(
        default=None, description="The environment variable that holds the secret which bodies are signed with"
    )


def check_hook_name(name: str) -> str:
    """The name under which it is remembered what a webhook was sent."""
    if not _NAME.fullmatch(name):
        raise wrong("is not a name", "use lower-case letters, digits, - and _, as [team-chat]")
    return name


def webhook_of(name: str, table: WebhookTable, environ: Mapping[str, str]) -> Webhook:
    """The Webhook that a table declares; its secret comes from the environment and stands in no file."""
    kind, _, key = table.feed.partition(":")
    path = f"sources/{key}" if kind == "source" and key else f"feeds/{table.feed}"
    secret = environ.get(table.secret_env, "") if table.secret_env else ""
    return Webhook(name=name, url=table.url, feed=path, secret=secret)
