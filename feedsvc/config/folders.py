"""Where things live: the configuration directory and the per-user data folder."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

CONFIG_VARIABLE, DATA_VARIABLE = "FEEDSVC_CONFIG", "FEEDSVC_DATA"


def config_directory(environ: Mapping[str, str]) -> Path:
    """``FEEDSVC_CONFIG``, else ``config`` below the working directory."""
    return Path(environ.get(CONFIG_VARIABLE) or "config")


def data_folder(environ: Mapping[str, str]) -> Path:
    """``FEEDSVC_DATA``, else the customary place of this platform for a user's application data."""
    if given := environ.get(DATA_VARIABLE):
        return Path(given).expanduser().absolute()
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or "~").expanduser()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "feedsvc"
    if sys.platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "feedsvc"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "feedsvc"
