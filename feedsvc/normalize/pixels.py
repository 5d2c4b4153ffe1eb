"""Images that are there to be counted, not to be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

#: Hosts that serve counters only.
PIXEL_HOSTS = (
    "doubleclick.net", "google-analytics.com", "googletagmanager.com", "scorecardresearch.com", "quantserve.com",
    "stats.wp.com", "pixel.wp.com", "feedburner.com", "feedsportal.com", "hm.baidu.com", "cnzz.com", "mc.yandex.ru",
    "counter.yadro.ru", "xiti.com", "webtrekk.net", "ivwbox.de", "ioam.de", "vgwort.de", "omtrdc.net", "2o7.net",
    "bat.bing.com", "analytics.twitter.com", "px.ads.linkedin.com", "imrworldwide.com", "chartbeat.net", "krxd.net",
)  # fmt: skip
_PIXEL_PATH = re.compile(
    r"/(?:pixel|beacon|tracker|tracking|count(?:er)?|1x1|clear|spacer|blank|transparent)\.(?:gif|png|php|aspx?)\Z|/tr/?\Z",
    re.I,
)


def is_tracking_pixel(url: str, attributes: Mapping[str, str]) -> bool:
    """Whether an image is a counter, by its size as written, its host or its path."""
    sizes = [attributes[side].strip().removesuffix("px") for side in ("width", "height") if attributes.get(side)]
    if sizes and all(size in ("0", "1", "2") for size in sizes):
        return True
    parts = urlsplit(url)
    host = parts.hostname or ""
    return any(host == one or host.endswith(f".{one}") for one in PIXEL_HOSTS) or bool(_PIXEL_PATH.search(parts.path))
