"""Tells a check for robots from an answer of the site itself. Pure."""

from __future__ import annotations

import re

from scraper.model import Response

#: So much of a page is looked at; checks are small, and name their maker near the top.
_LOOKED_AT = 64 * 1024
#: What the makers of such checks put into them: addresses and names of their scripts, not words for people.
_MARKS = re.compile(
    rb"/cdn-cgi/challenge-platform/|cf-challenge|cf_chl_|_Incapsula_Resource|captcha-delivery\.com|px-captcha"
    rb"|/_sec/cp_challenge|awswaf\.com|AwsWafIntegration|sucuri_cloudproxy_js|ddos-guard|/_Incapsula_|kasada"
    rb"|hcaptcha\.com/1/api\.js|/recaptcha/api\.js|cf-turnstile|anubis_challenge",
    re.IGNORECASE,
)
_HEADERS = ("cf-mitigated", "x-datadome", "x-amzn-waf-action", "x-sucuri-block")


def is_challenge(response: Response) -> bool:
    """Say whether an answer that is no document asks for proof that a person is there.

    To be asked only of an answer that failed: sites put the same scripts beside their forms.
    """
    return any(name in response.headers for name in _HEADERS) or bool(_MARKS.search(response.body[:_LOOKED_AT]))
