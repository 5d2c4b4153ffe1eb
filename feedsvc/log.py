"""Logs: one event, one line, as ``time level event key=value ...``.

Whatever comes from outside (a title, a URL, a header) may try to forge a line or carry a secret, so control characters
are escaped and secrets masked here, at the last moment, for every library's messages too.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

#: Field names whose values never reach a log.
_SECRET_FIELDS = re.compile(r"(?i)pass(word|wd|phrase)?$|secret|token|api_?key|authorization|cookie|credential")
_USERINFO = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^/\s?#@\"']+@")
_SECRET_PARAMETERS = re.compile(
    r"(?i)([?&;](?:access_token|auth|api_?key|key|password|pass|secret|sig|signature|token)=)[^&#\s\"']+"
)
#: C0 and C1 controls, line and paragraph separators, bidi overrides and isolates: whatever can forge or reorder a line.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BARE = re.compile(r"[^\s\"=]+")
_VALUE_MAX = 2000
MASK = "***"


def masked(text: str) -> str:
    """The text with passwords in URLs and secret query parameters replaced by ``***``."""
    return _SECRET_PARAMETERS.sub(rf"\1{MASK}", _USERINFO.sub(rf"\1{MASK}@", text))


def escaped(text: str) -> str:
    """The text with control characters written as ``\\n`` or ``\\u202e``."""
    return _CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def configure(*, stream: TextIO | None = None, level: str = "info") -> None:
    """Send every event of this process, also those of libraries, to ``stream`` (default: standard error)."""
    shared = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
        structlog.processors.format_exc_info,
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    for reader in ("trafilatura", "htmldate"):
        # What they say of a page ("discarding data: None") names no page, and what came of it is told by us.
        logging.getLogger(reader).setLevel(logging.CRITICAL)


def get_logger(name: str) -> FilteringBoundLogger:
    """The logger of a module: ``log.info("scraped", source="ciie", new=3)``."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


def render(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """The finished line of an event."""
    fields = dict(event)
    head = [str(fields.pop(name, "")) for name in ("timestamp", "level")]
    message = escaped(masked(str(fields.pop("event", ""))))
    exception = fields.pop("exception", None)
    words = [*head, message, *(f"{name}={_value(name, value)}" for name, value in fields.items())]
    if exception:
        words.append(f"traceback={_quoted(masked(str(exception)))}")
    return " ".join(word for word in words if word)


def _value(name: str, value: object) -> str:
    if _SECRET_FIELDS.search(name):
        return MASK
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, Mapping):
        value = {key: MASK if _SECRET_FIELDS.search(str(key)) else inner for key, inner in value.items()}
    text = masked(str(value))
    text = text if len(text) <= _VALUE_MAX else text[:_VALUE_MAX] + "…"
    return text if _BARE.fullmatch(text) and not _CONTROLS.search(text) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + escaped(text.replace("\\", "\\\\").replace('"', '\\"')) + '"'


def bind(**fields: Any) -> None:
    """Add fields to every later event of this thread or task: ``bind(role="clock")``."""
    structlog.contextvars.bind_contextvars(**fields)
