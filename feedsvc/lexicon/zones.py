"""Abbreviations of time zones that pages print, with their offset from UTC (RFC 822 section 5.1 and common use)."""

from __future__ import annotations

from collections.abc import Mapping

#: Minutes east of UTC. Ambiguous letters (IST, CST, BST) have the reading that news pages mean most.
ZONE_OFFSETS: Mapping[str, int] = {
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "WEST": 60,
    "BST": 60,
    "CET": 60,
    "CEST": 120,
    "MEZ": 60,
    "MESZ": 120,
    "EET": 120,
    "EEST": 180,
    "TRT": 180,
    "MSK": 180,
    "МСК": 180,
    "IRST": 210,
    "GST": 240,
    "PKT": 300,
    "IST": 330,
    "WIB": 420,
    "ICT": 420,
    "HKT": 480,
    "SGT": 480,
    "AWST": 480,
    "JST": 540,
    "KST": 540,
    "ACST": 570,
    "AEST": 600,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "BRT": -180,
    "ART": -180,
    "AST": -240,
    "ADT": -180,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
}

#: Abbreviations that say 'local time of ...', standard or summer as the day has it -> IANA zone.
CIVIL_ZONES: Mapping[str, str] = {
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
    "北京时间": "Asia/Shanghai",
    "北京時間": "Asia/Shanghai",
}
