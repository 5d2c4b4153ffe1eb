"""A form knows what it was filled with: what somebody else changed meanwhile is not overwritten unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from flask import request

#: What is said in the place of saving.
STALE = "Somebody changed it since you looked, so nothing was saved. Save again to put what stands below in its place."

#: The same of a form that ends something.
CHANGED = "Somebody changed it since you looked, so nothing was done. It is as shown below now: choose again."


def mark(values: Mapping[str, str], *, is_told: bool = False) -> str:
    """What a form carries of the values that it was filled with: those in force when somebody first looked.

    So a form that is shown again, with a fault or a trial, goes on from there; unless somebody ``is_told`` of what
    changed meanwhile.
    """
    return _digest(values) if is_told else request.form.get("seen", "")[:64] or _digest(values)


def is_stale(values: Mapping[str, str]) -> bool:
    """Whether the form that came was filled with other values than these, which are in force now."""
    seen = request.form.get("seen", "")
    return bool(seen) and seen != _digest(values)


def _digest(values: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]
