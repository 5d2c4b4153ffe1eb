"""Embedded players, as links: no frame of a stranger goes into a feed (specs/feeds.md 2.3)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

#: (host pattern, path pattern, the page of what is played); groups of the path fill the page.
PLAYERS = (
    (r"(?:www\.)?youtube(?:-nocookie)?\.com", r"/embed/([\w-]{11})", "https://www.youtube.com/watch?v={0}"),
    (r"player\.vimeo\.com", r"/video/(\d+)", "https://vimeo.com/{0}"),
    (r"(?:www|geo)\.dailymotion\.com", r"/embed/video/(\w+)", "https://www.dailymotion.com/video/{0}"),
    (r"open\.spotify\.com", r"/embed/(track|album|episode|show|playlist)/(\w+)", "https://open.spotify.com/{0}/{1}"),
    (r"embed\.podcasts\.apple\.com", r"/([\w/%.-]+)", "https://podcasts.apple.com/{0}"),
    (r"(?:www\.)?loom\.com", r"/embed/(\w+)", "https://www.loom.com/share/{0}"),
    (r"embed\.ted\.com", r"/talks/([\w/-]+)", "https://www.ted.com/talks/{0}"),
    (r"rutube\.ru", r"/play/embed/(\w+)", "https://rutube.ru/video/{0}/"),
    (r"archive\.org", r"/embed/([\w.-]+)", "https://archive.org/details/{0}"),
)


def page_of_embed(url: str) -> str | None:
    """The page that shows what an https frame plays, or None where the frame is not a known player."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.port not in (None, 443):
        return None
    for host, path, page in PLAYERS:
        found = re.fullmatch(path + "/?", parts.path) if re.fullmatch(host, parts.hostname or "") else None
        if found:
            return page.format(*found.groups())
    if parts.hostname == "player.bilibili.com":
        video = parse_qs(parts.query).get("bvid", [""])[0]
        return f"https://www.bilibili.com/video/{video}" if re.fullmatch(r"BV\w{10}", video) else None
    return None
