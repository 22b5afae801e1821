"""Keys by which entries and articles are recognised. Pure (POLICY: Identity)."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from scraper.addresses import standard_address
from scraper.model import EntryKeys, KeyedEntry, ParsedEntry, ParsedFeed

#: Query parameters that say where a reader came from, not what is read.
_TRACKING = re.compile(
    r"(?:fbclid|gclid|gclsrc|dclid|gbraid|wbraid|srsltid|_ga|_gl|msclkid|yclid|ysclid|_openstat|rb_clickid|twclid|ttclid"
    r"|igshid|igsh|li_fat_id|epik|spm|mc_[ce]id|mkt_tok|oly_(?:anon|enc)_id|vero_(?:id|conv)|wickedid|_hsenc|_hsmi"
    r"|__hs(?:sc|tc|fp)|hsctatracking|s_cid|sc_cid|ncid|cmpid|xtor|wt[_.]mc(?:_id)?|ref_(?:src|url)"
    r"|at_(?:medium|campaign|campaign_type|custom[1-4]|link_(?:id|origin|type)|ptr_name|format|bbc_team)"
    r"|fb_(?:action_ids|action_types|source|ref)|ga_(?:source|medium|term|content|campaign|place)"
    r"|gad_source|gad_campaignid|gpromocode|gqt|_bta_(?:tid|c)|trk_(?:contact|msg|module|sid)|gdf(?:ms|trk|fi)|_k[ex]"
    r"|redirect_(?:log_)?mongo_id|sb_referer_host|mkwid|pcrid|ef_id|s_kwcid|dm_i|_branch_match_id|mk(?:evt|cid|rid)"
    r"|sms_(?:source|click|uph)|ndclid|sccid|rtid|irclickid|vmcid|tw_(?:source|campaign|term|content|adid)"
    r"|ns_(?:campaign|mchannel|source|linkname|fee)|(?:utm|pk|mtm|matomo|piwik|hsa|itm|stm)_.*)\Z",
    re.IGNORECASE,
)
#: RFC 3986, 2.3: these mean the same coded or plain.
_UNRESERVED = re.compile(r"%(2[dDeE]|3[0-9]|4[1-9a-fA-F]|5[0-9aAfF]|6[1-9a-fA-F]|7[0-9aAeE])")
#: A document whose guids are missing or repeated in more than this share of its items has none to rely on.
UNSOUND_SHARE = 0.05


def canonical_url(url: str) -> str:
    """Return the one form of an address: what its spellings share, without fragment and tracking parameters.

    Read as the URL Standard says; beyond it, percent-encoding is in one form (RFC 3986, 6.2.2), a dot at the host's end
    and slashes doubled before the path are dropped, as is a login. Order and case of everything else are kept.
    Idempotent. What is no http(s) address comes back as it is.
    """
    parsed = standard_address(url)
    if parsed is None or parsed.protocol not in ("http:", "https:"):
        return url.strip()
    host = parsed.hostname.rstrip(".")
    if not host:
        return url.strip()
    netloc = f"{host}:{parsed.port}" if parsed.port else host
    path = "/" + _percent(parsed.pathname).lstrip("/")
    query = _query(parsed.search.removeprefix("?"), host)
    return f"{parsed.protocol}//{netloc}{path}" + (f"?{query}" if query else "")


def article_key(url: str) -> str:
    """Return the key under which an address leads to an article: canonical, http like https, www like bare."""
    return re.sub(r"^https?://(www\d?\.)?", "//", canonical_url(url))


def _percent(text: str) -> str:
    """Code what must be coded, decode what need not be, write the rest in upper case."""
    coded = quote(text, safe="%/:@!$&'()*+,;=~-._?", errors="replace")
    coded = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", coded)
    plain = _UNRESERVED.sub(lambda match: chr(int(match[1], 16)), coded)
    return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), plain, flags=re.IGNORECASE)


def _query(query: str, host: str) -> str:
    own = f"ref={host}"  # the site names itself as where the reader came from
    kept = [pair for pair in query.split("&") if pair and pair != own and not is_tracking(pair.partition("=")[0])]
    return _percent("&".join(kept))


def is_tracking(parameter: str) -> bool:
    """Say whether a query parameter only tells where a reader came from."""
    return _TRACKING.match(parameter) is not None


def is_front_page(url: str) -> bool:
    """Say whether an address is that of a site's home page: no path of its own and no query."""
    parts = urlsplit(url)
    return parts.path.strip("/").lower() in ("", "index.html", "index.php", "home") and not parts.query


def is_above(url: str, other: str) -> bool:
    """Say whether an address is that of a directory above another one of its site: /politics/ of /politics/2026/x."""
    path, below = (urlsplit(address).path.strip("/").lower().split("/") for address in (url, other))
    return same_site(url, other) and len(path) < len(below) and below[: len(path)] == path


def same_site(one: str, other: str) -> bool:
    """Say whether two addresses belong to one site: the same host, or one host within the other, `www.` apart."""
    a, b = (re.sub(r"^(www\d?|m|mobile|amp)\.", "", (urlsplit(url).hostname or "").lower()) for url in (one, other))
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))


def page_keys(final_url: str, declared_url: str | None) -> tuple[str, ...]:
    """Return the keys of a fetched page: where it was found, and where it says it lives, when that is believable.

    `rel=canonical` counts only on the same site. A home page is nobody's key.
    """
    urls = [declared_url] if declared_url and same_site(final_url, declared_url) else []
    return tuple(dict.fromkeys(article_key(url) for url in (*urls, final_url) if not is_front_page(url)))


def key_entries(parsed: ParsedFeed) -> tuple[KeyedEntry, ...]:
    """Give each entry of a document its keys; an entry repeated in the document under the same keys is taken once."""
    guids = _sound_guids(parsed.entries)
    links = Counter(article_key(entry.link) for entry in parsed.entries if entry.link)
    front = {article_key(parsed.site_url)} if parsed.site_url else set()
    keyed: dict[tuple[str | None, str | None, str | None], KeyedEntry] = {}
    for entry in parsed.entries:
        key = article_key(entry.link) if entry.link else None
        own_link = key if key and links[key] == 1 and key not in front else None
        keys = EntryKeys(guid=_guid_key(entry, guids), link=own_link, content_hash=content_hash(entry))
        identity = (keys.guid, keys.link, None if keys.guid or keys.link else keys.content_hash)
        leads_to = None if key in front or (entry.link and is_front_page(entry.link)) else key
        keyed.setdefault(identity, KeyedEntry(entry=entry, keys=keys, article_key=leads_to))
    return tuple(keyed.values())


def _sound_guids(entries: Sequence[ParsedEntry]) -> Counter[str] | None:
    """Count the guids of a document; None when too many are missing or repeated to rely on them."""
    counts = Counter(entry.guid for entry in entries if entry.guid)
    missing = sum(1 for entry in entries if not entry.guid)
    repeated = sum(count for count in counts.values() if count > 1)
    return counts if (missing + repeated) <= UNSOUND_SHARE * len(entries) else None


def _guid_key(entry: ParsedEntry, sound: Counter[str] | None) -> str | None:
    """Return the guid, with the link where two entries share it; where guids are unsound, link and date, or title."""
    if sound is not None and entry.guid:
        return entry.guid if sound[entry.guid] == 1 else f"{entry.guid}|{entry.link or entry.title or ''}"
    when = entry.published_at or entry.updated_at
    if entry.link and (when or entry.title):
        return f"{article_key(entry.link)}|{when.isoformat() if when else entry.title}"
    return entry.title


def content_hash(entry: ParsedEntry) -> str:
    """Return the fingerprint of what the feed says in an entry; comment counters and the like are not part of it."""
    when = entry.published_at.isoformat() if entry.published_at else ""
    parts = (entry.title, when, entry.summary_html, entry.content_html, entry.link if not entry.title else None)
    return hashlib.sha256("\x00".join(part or "" for part in parts).encode("utf8", "replace")).hexdigest()
