"""The admin's desk: one blueprint a page."""

from feedsvc.web.admin.overview import overview
from feedsvc.web.admin.signing import signing

ADMIN = (signing, overview)

__all__ = ["ADMIN"]
