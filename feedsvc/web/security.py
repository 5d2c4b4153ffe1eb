"""Headers on every answer of Flask's: what browsers may do with our pages (reliability section 5)."""

from __future__ import annotations

from flask import Response

#: Public pages: nothing but our own style sheet, icon and forms; no script at all.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: An entry's own pictures, sound and films come from where the release has them.
ENTRY_POLICY = PAGE_POLICY.replace("img-src 'self'", "img-src 'self' https: http:; media-src https: http:")

#: The desk's pages may run the one script that we serve ourselves (htmx), and it may ask only us; never an inline one.
DESK_POLICY = f"{PAGE_POLICY}; script-src 'self'; connect-src 'self'"
#: The same with a release shown in it, as readers will see it.
DESK_ENTRY_POLICY = f"{ENTRY_POLICY}; script-src 'self'; connect-src 'self'"

_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def secure(response: Response) -> Response:
    """The answer with every header that the view has not set itself."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
