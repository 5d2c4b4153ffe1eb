"""The web side alone, for any WSGI server (``gunicorn wsgi:application``): it starts no scheduler.

Configuration comes from the environment: FEEDSVC_CONFIG, FEEDSVC_DATA, FEEDSVC_DATABASE_URL, FEEDSVC_BASE_URL, ...
"""

import os

from feedsvc.config import Watch, load
from feedsvc.service.following import Following
from feedsvc.service.lookup import Lookup
from feedsvc.web import create_app

application = create_app(Lookup.open(Following(Watch(load(None, os.environ), os.environ, {}))))
