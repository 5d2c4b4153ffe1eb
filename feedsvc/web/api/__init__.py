"""``/api/v1/``: everything the desk does, for programs."""

from feedsvc.web.api.access import BLUEPRINT, DOCUMENT, guard_programs
from feedsvc.web.api.dispatch import is_for_programs, refused_by_flask
from feedsvc.web.api.routes import api

__all__ = ["BLUEPRINT", "DOCUMENT", "api", "guard_programs", "is_for_programs", "refused_by_flask"]
