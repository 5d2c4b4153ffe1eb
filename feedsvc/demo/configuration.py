"""The configuration of the demo: real files in a real directory, to be read, changed and learnt from."""

from __future__ import annotations

from pathlib import Path

_SETTINGS = """\
# The demo's settings. Change them while it runs: feedsvc takes them up.
[server]
base_url = "{base_url}"

[fetch]
allow_targets = ["{target}"]   # the demo's website is on this machine, which is refused otherwise
host_interval = "0s"

[feeds]
title = "feedsvc demo"

[defaults]
every = "10s"
"""
_CATEGORIES = """\
# The topics of the demo. The feed of "observatory" rolls up those below it.
[observatory]
title = "Tern Island Observatory"
description = "Everything from an island that does not exist."

[observatory.research]
title = "Research"

[observatory.instruments]
title = "Instruments"

[observatory.island]
title = "Island Life"

[observatory.visitors]
title = "Visitors"

[observatory.zhongwen]
title = "中文新闻"
language = "zh-CN"
"""
_RULES = """
# CSS rules, as an admin would write them; the other sections are found without any.
[rules]
item = ".list > .item"
link = ".brief a"
title = ".brief a"
published = ".when"
summary = "p"
next = ".pager a.next"

[rules.release]
title = "h1"
body = ".text"
"""
_SOURCES = {
    "research": ("Research at Tern Island", "en", ""),
    "instruments": ("Instruments of Tern Island", "en", _RULES),
    "island": ("Island Life", "en", ""),
    "visitors": ("Visiting Tern Island", "en", ""),
    "zhongwen": ("燕鸥岛天文台新闻", "zh-CN", ""),
}


def write_configuration(directory: Path, *, site_url: str, base_url: str) -> None:
    """Write feedsvc.toml, categories.toml and a file for each section of the demo's website."""
    target = site_url.removeprefix("http://").rstrip("/")
    sources = directory / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    _write(directory / "feedsvc.toml", _SETTINGS.format(base_url=base_url.rstrip("/"), target=target))
    _write(directory / "categories.toml", _CATEGORIES)
    for key, (title, language, rules) in _SOURCES.items():
        lines = (
            f'url = "{site_url}news/{key}/"',
            f'title = "{title}"',
            f'category = "observatory/{key}"',
            f'language = "{language}"',
            'time_zone = "UTC"',
        )
        _write(sources / f"{key}.toml", "\n".join(lines) + "\n" + rules)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
