"""TOML, environment and options → typed settings, categories and sources; or every fault at once."""

from feedsvc.config.fault import ConfigErrors, Fault
from feedsvc.config.folders import config_directory, data_folder
from feedsvc.config.loading import Config, load, load_rules
from feedsvc.config.settings import Settings
from feedsvc.config.watch import Watch
from feedsvc.config.writing import source_path, source_toml, write_source

__all__ = [
    "Config",
    "ConfigErrors",
    "Fault",
    "Settings",
    "Watch",
    "config_directory",
    "data_folder",
    "load",
    "load_rules",
    "source_path",
    "source_toml",
    "write_source",
]
