"""Names that people give, and the one they probably meant where there is none such."""

from __future__ import annotations

from collections.abc import Iterable

from feedsvc.config.fault import nearest
from feedsvc.errors import ServiceError


def unknown_source(key: str, known: Iterable[str]) -> ServiceError:
    """The error for a key that no source has."""
    return ServiceError("there is no such source", subject=key, remedy=_meant(key, known) or "see `feedsvc sources`")


def unknown_category(path: str, known: Iterable[str]) -> ServiceError:
    """The error for a category that does not exist."""
    remedy = _meant(path, known) or "see config/categories.toml"
    return ServiceError("there is no such category", subject=path, remedy=remedy)


def unknown_target(target: str, known: Iterable[str]) -> ServiceError:
    """The error for what is neither an address nor a key."""
    remedy = _meant(target, known) or "write https://..., or see `feedsvc sources`"
    return ServiceError("is neither a URL nor the key of a source", subject=target, remedy=remedy)


def _meant(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f"did you mean {close}?" if close else ""
