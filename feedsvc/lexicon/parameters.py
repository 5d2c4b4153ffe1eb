"""Parameters of addresses that say nothing of the page: where a reader came from, sessions, cache busters."""

from __future__ import annotations

import re

#: Parameters that say where a reader came from, never what the page shows. A trailing ``*`` stands for any ending.
_TRACKING = (
    "utm_*", "utm", "mtm_*", "pk_*", "piwik_*", "matomo_*", "hsa_*", "hsctatracking", "_hsenc", "_hsmi", "__hs*",
    "fbclid", "fb_*", "gclid", "gclsrc", "gbraid", "wbraid", "dclid", "gad_source", "gad_campaignid", "msclkid",
    "yclid", "ysclid", "twclid", "ttclid", "tblci", "igshid", "igsh", "li_fat_id", "scid", "rdt_cid", "epik", "mc_cid",
    "mc_eid", "mkt_tok", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "_openstat", "_ga", "_gl", "_ke", "ga_*",
    "trk",
    "trkcampaign", "trkemail", "wickedid", "s_kwcid", "ef_id", "cmpid", "ncid", "icid", "xtor", "at_medium",
    "at_campaign", "at_custom*", "wt_mc", "wt.mc_id", "wt_zmc", "spm", "scm", "bxsign", "share_token", "share_source",
    "share_medium", "sharefrom", "isappinstalled", "nsukey", "wfr", "from_source", "ref_src", "ref_url", "referrer",
    "rss", "feed_id", "dicbo", "guccounter", "guce_referrer", "guce_referrer_sig", "taboola*", "outbrain*", "sc_cid",
    "sc_campaign", "sc_channel", "elqtrack*", "elq", "assetid_tracking", "mbid", "smid", "smtyp", "partner_tracking",
)  # fmt: skip
#: Parameters that often track but sometimes name the page: dropped only where the value is a word or a host.
_TRACKING_WORDS = ("ref", "source", "from", "src", "via", "medium", "campaign", "cid", "share", "tracking")
#: Sessions, always.
_SESSIONS = ("jsessionid", "phpsessid", "aspsessionid*", "asp.net_sessionid", "cfid", "cftoken", "zenid", "oscsid")
#: Sessions where the value looks like a token; otherwise ``sid`` may be a story's number.
_SESSION_TOKENS = ("sid", "session", "sessid", "session_id", "sessionid", "sess", "s", "token", "osessionid", "xid")
#: Cache busters where the value looks like a clock reading or a random number.
_CACHE_BUSTERS = ("_", "ts", "t", "timestamp", "time", "rand", "random", "rnd", "nocache", "cachebuster", "cb", "_t")
_TOKEN = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[0-9A-Za-z_\-]{16,}\Z")
_WORD = re.compile(r"[A-Za-z_\-. ]{1,60}\Z")
_CLOCK = re.compile(r"(?:1[0-9]{9}|1[0-9]{12}|0?\.[0-9]{6,})\Z")


def names_the_page(pair: str) -> bool:
    """Whether a parameter of a query, as ``name=value``, may tell what the page shows."""
    name, _, value = pair.partition("=")
    name = name.lower()
    return not (
        _is_among(name, _TRACKING)
        or _is_among(name, _SESSIONS)
        or (name in _TRACKING_WORDS and _WORD.match(value))
        or (name in _SESSION_TOKENS and _TOKEN.match(value))
        or (name in _CACHE_BUSTERS and _CLOCK.match(value))
    )


def _is_among(name: str, names: tuple[str, ...]) -> bool:
    return any(name.startswith(one[:-1]) if one.endswith("*") else name == one for one in names)
