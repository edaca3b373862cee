"""Challenge pages against programs, which sites send in place of their own with status 200."""

from __future__ import annotations

import re

from scrapers.http.page import Page

_MAX_PAGE_BYTES = 200_000
"""Largest challenge page in bytes; real pages that quote such a mark are mostly larger."""

_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "challenge"}
_CHALLENGE_MARKS = re.compile(
    r"<title>\s*(?:Just a moment\.\.\.|Attention Required! \| Cloudflare|Pardon Our Interruption"
    r"|Access denied[^<]{0,80}\| Cloudflare|Checking your browser[^<]{0,80}|Request Rejected"
    r"|Robot Check|Are you a robot\?|Human Verification)"
    r"|\b_cf_chl_opt\b|/_Incapsula_Resource\?|Incapsula incident ID|\bAwsWafIntegration\b"
    r"|\bgeo\.captcha-delivery\.com/|<title>\s*Sucuri WebSite Firewall",
    re.IGNORECASE,
)


def find_challenge(page: Page) -> str:
    """Return the mark that shows ``page`` to be a challenge, "" when it is none."""
    for name, value in _CHALLENGE_HEADERS.items():
        if page.headers.get(name, "").strip().lower() == value:
            return f"{name}: {value}"
    if len(page.body) > _MAX_PAGE_BYTES or not page.body.lstrip().startswith(b"<"):
        return ""
    match = _CHALLENGE_MARKS.search(page.body.decode("latin-1"))
    return " ".join(re.sub(r"<[^>]*>", "", match.group()).split()) if match else ""
