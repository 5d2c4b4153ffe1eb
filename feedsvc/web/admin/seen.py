"""A form knows what it was filled with: what somebody else changed meanwhile is not overwritten unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from flask import request

#: What is said in the place of saving.
STALE = "Somebody changed it since you looked, so nothing was saved. Save again to put what stands below in its place."


def mark(values: Mapping[str, str]) -> str:
    """What a form carries of the values that it was filled with."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def is_stale(values: Mapping[str, str]) -> bool:
    """Whether the form that came was filled with other values than these."""
    seen = request.form.get("seen", "")
    return bool(seen) and seen != mark(values)
