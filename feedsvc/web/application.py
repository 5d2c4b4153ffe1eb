"""The web side as one WSGI application: the front door for feeds, Flask behind it for people."""

from __future__ import annotations

from typing import Protocol

from flask import Flask, Response, abort, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, InternalServerError

from feedsvc.errors import StoreError
from feedsvc.log import get_logger
from feedsvc.service.desk import Desk
from feedsvc.service.feeds import FeedService
from feedsvc.service.figures import HTTP
from feedsvc.service.hub import Hub
from feedsvc.service.readership import Readership
from feedsvc.store import Store
from feedsvc.web.admin import ADMIN
from feedsvc.web.allowance import PER_MINUTE, Allowance
from feedsvc.web.api import BLUEPRINT, api, guard_programs, is_for_programs, refused_by_flask
from feedsvc.web.delivery import Delivery
from feedsvc.web.fault import fault
from feedsvc.web.frontdoor import FrontDoor
from feedsvc.web.gate import guard
from feedsvc.web.guide import guide
from feedsvc.web.health import health
from feedsvc.web.hub import hub
from feedsvc.web.metrics import count_answer, metrics
from feedsvc.web.pages import pages
from feedsvc.web.security import secure
from feedsvc.web.status import status

#: How browsers send a form.
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: Bytes of a form; the longest field of a source is far shorter.
FORM_MAX = 256 * 1024

_log = get_logger(__name__)


class Serving(Protocol):
    """What the web side needs of the service."""

    @property
    def store(self) -> Store: ...

    @property
    def feeds(self) -> FeedService: ...

    @property
    def desk(self) -> Desk: ...

    @property
    def hub(self) -> Hub: ...

    @property
    def readership(self) -> Readership: ...


def create_app(service: Serving) -> FrontDoor:
    """The application that any WSGI server can run. It starts no scheduler."""
    delivery = Delivery()
    service.feeds.each_minute(lambda: _keep_deliveries(service, delivery))
    flask = create_flask(service, delivery=delivery)
    return FrontDoor(
        service.feeds,
        flask.wsgi_app,
        delivery=delivery,
        sends_people_to_pages=lambda: service.feeds.catalogue.settings.feeds.people_to_pages,
    )


def _keep_deliveries(service: Serving, delivery: Delivery) -> None:
    """What was delivered and counted since the last time, into the facts by day and the sums of all processes."""
    service.feeds.demand.note(delivery.asked())
    delivered = delivery.take()
    for one in delivered:
        service.feeds.figures.count(HTTP, "feeds", str(one.status), by=one.requests)
    service.feeds.figures.keep(service.store)
    service.readership.keep(delivered)


def create_flask(service: Serving, *, delivery: Delivery) -> Flask:
    """Everything but feeds: pages, OPML, the hub, health, and the admin's desk behind its gate."""
    app = Flask("feedsvc.web", static_folder="static", template_folder="templates")
    app.extensions["feedsvc"] = service
    app.extensions["feedsvc-delivery"] = delivery
    app.extensions |= {f"feedsvc-{what}": Allowance(count) for what, count in PER_MINUTE.items()}
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = FORM_MAX
    app.config["MAX_FORM_PARTS"] = 1000
    app.url_map.strict_slashes = True
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.register_blueprint(pages)
    app.register_blueprint(guide)
    app.register_blueprint(health)
    app.register_blueprint(status)
    for blueprint in ADMIN:
        app.register_blueprint(blueprint, url_prefix="/admin")
    app.register_blueprint(api)
    app.before_request(_guard)
    app.register_blueprint(hub)
    app.register_blueprint(metrics)
    app.after_request(secure)
    app.after_request(count_answer)
    app.register_error_handler(HTTPException, _plain_error)
    app.register_error_handler(StoreError, _no_store)
    app.register_error_handler(Exception, _bug)
    return app


def _guard() -> Response | None:
    """The one check before every view."""
    if request.blueprint == BLUEPRINT:
        return guard_programs()
    is_form = request.mimetype in _FORMS and request.blueprint != hub.name  # the hub reads its own
    if _holds_nul(request.args) or (is_form and _holds_nul(request.form)):
        abort(400)  # nobody types one, and no database keeps it
    return guard()


def _holds_nul(texts: MultiDict[str, str]) -> bool:
    return any("\0" in text for pair in texts.items(multi=True) for text in pair)


def _plain_error(error: HTTPException) -> Response:
    """A constant body: nothing of the request, no version, no path."""
    if is_for_programs():
        return refused_by_flask(error)
    answer = fault(error.code or 500)
    if error.code == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # type: ignore[attr-defined]
    return answer


def _no_store(error: StoreError) -> Response:
    _log.error("page not served", path=request.path, reason=str(error))
    answer = fault(503)
    answer.headers["Retry-After"] = "30"
    return answer


def _bug(error: Exception) -> Response:
    _log.critical("page failed", path=request.path, exc_info=error)
    if is_for_programs():
        return refused_by_flask(InternalServerError())
    return fault(500)
