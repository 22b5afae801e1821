"""Where the pictures and players of a page are: addresses read from attributes, whatever parser found them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from scraper.urls import domains_of, host_of


class Attributes(Protocol):
    """An element's attributes, whatever parser found them."""

    def get(self, name: str, /) -> object: ...

    def __contains__(self, name: str, /) -> bool: ...


#: Elements that show something from elsewhere, with the attribute that names it and the address it stands for.
PLAYERS = {
    "iframe": ("src", ""), "embed": ("src", ""), "object": ("data", ""), "video": ("src", ""), "audio": ("src", ""),
    "oembed": ("url", ""), "amp-iframe": ("src", ""), "amp-video": ("src", ""), "amp-audio": ("src", ""),
    "amp-youtube": ("data-videoid", "https://www.youtube.com/watch?v={}"),
    "lite-youtube": ("videoid", "https://www.youtube.com/watch?v={}"),
    "youtube-video": ("src", ""),
    "amp-vimeo": ("data-videoid", "https://vimeo.com/{}"),
    "lite-vimeo": ("videoid", "https://vimeo.com/{}"),
    "amp-dailymotion": ("data-videoid", "https://www.dailymotion.com/video/{}"),
    "amp-twitter": ("data-tweetid", "https://x.com/i/status/{}"),
    "amp-instagram": ("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-facebook": ("data-href", ""), "amp-reddit": ("data-src", ""), "amp-tiktok": ("data-src", ""),
    "amp-soundcloud": ("data-trackid", "https://api.soundcloud.com/tracks/{}"),
}  # fmt: skip

#: By the end of the host name; the longest that fits counts.
_PROVIDERS = {
    "youtube.com": "YouTube", "youtube-nocookie.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo",
    "twitter.com": "X", "x.com": "X", "instagram.com": "Instagram", "facebook.com": "Facebook", "fb.watch": "Facebook",
    "tiktok.com": "TikTok", "reddit.com": "Reddit", "redditmedia.com": "Reddit", "spotify.com": "Spotify",
    "soundcloud.com": "SoundCloud", "datawrapper.de": "Datawrapper", "dwcdn.net": "Datawrapper", "bsky.app": "Bluesky",
    "t.me": "Telegram", "telegram.org": "Telegram", "vk.com": "VK", "vk.ru": "VK", "vkvideo.ru": "VK",
    "dailymotion.com": "Dailymotion", "dai.ly": "Dailymotion", "scribd.com": "Scribd", "flo.uri.sh": "Flourish",
    "flourish.studio": "Flourish", "infogram.com": "Infogram", "infogr.am": "Infogram", "threads.net": "Threads",
    "threads.com": "Threads", "linkedin.com": "LinkedIn", "pinterest.com": "Pinterest", "twitch.tv": "Twitch",
    "rumble.com": "Rumble", "rutube.ru": "Rutube", "ok.ru": "OK", "bilibili.com": "Bilibili",
    "nicovideo.jp": "Niconico", "podcasts.apple.com": "Apple Podcasts", "music.apple.com": "Apple Music",
    "bandcamp.com": "Bandcamp", "mixcloud.com": "Mixcloud", "deezer.com": "Deezer", "audioboom.com": "Audioboom",
    "documentcloud.org": "DocumentCloud", "giphy.com": "GIPHY", "imgur.com": "Imgur", "streamable.com": "Streamable",
    "ted.com": "TED", "issuu.com": "Issuu", "slideshare.net": "SlideShare", "codepen.io": "CodePen",
    "openstreetmap.org": "OpenStreetMap", "maps.google.com": "Google Maps", "docs.google.com": "Google Docs",
    "drive.google.com": "Google Drive", "odysee.com": "Odysee", "archive.org": "Internet Archive",
}  # fmt: skip
_GOOGLE_MAPS = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}/maps\b")
_MASTODON = re.compile(r"/@[\w.@-]+/\d+(?:/embed)?/?$")

#: (host and path of a player, what a reader opens instead)
_CANONICAL = tuple((re.compile(pattern), address) for pattern, address in (
    (r"(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed|v|shorts|live|e)/(?!videoseries|live_stream)([\w-]{6,})", "https://www.youtube.com/watch?v={}"),
    (r"youtu\.be/([\w-]{6,})", "https://www.youtube.com/watch?v={}"),
    (r"player\.vimeo\.com/video/(\d+)", "https://vimeo.com/{}"),
    (r"(?:www\.|geo\.)?dailymotion\.com/embed/video/(\w+)", "https://www.dailymotion.com/video/{}"),
    (r"dai\.ly/(\w+)", "https://www.dailymotion.com/video/{}"),
    (r"open\.spotify\.com/embed(?:-podcast)?/(\w+/\w+)", "https://open.spotify.com/{}"),
    (r"(?:www\.)?(?:twitter|x)\.com/(\w+/status/\d+)", "https://x.com/{}"),
    (r"(?:www\.)?instagram\.com/((?:p|reel|tv)/[\w-]+)", "https://www.instagram.com/{}/"),
    (r"(?:www\.)?tiktok\.com/(@[\w.-]+/video/\d+)", "https://www.tiktok.com/{}"),
    (r"(?:embed\.|www\.)(?:reddit|redditmedia)\.com/(r/\w+/comments/[\w/-]+)", "https://www.reddit.com/{}"),
    (r"t\.me/(\w+/\d+)", "https://t.me/{}"),
    (r"embed\.bsky\.app/embed/(did:[\w:.]+)/app\.bsky\.feed\.post/(\w+)", "https://bsky.app/profile/{}/post/{}"),
    (r"(?:www\.)?scribd\.com/embeds/(\d+)", "https://www.scribd.com/document/{}"),
    (r"flo\.uri\.sh/((?:visualisation|story)/\d+)", "https://public.flourish.studio/{}"),
    (r"([\w.-]+/@[\w.@-]+/\d+)/embed/?$", "https://{}"),
))  # fmt: skip
#: A player that names what it plays in its query.
_PLAYS = re.compile(
    r"facebook\.com/(?:v[\d.]+/)?plugins/(?:post|video)|w\.soundcloud\.com/player|embed\.ly/|iframely\."
)
_TWEET_FRAME = re.compile(r"platform\.(?:twitter|x)\.com/embed/")

#: Words of a host or path, each between two marks: what is no part of an article.
_UNWANTED_FRAME = re.compile(
    r"(?:^|[./_-])(?:ads?|adserver|adservice|adsystem|adframe|adtech|advert\w{0,30}|banners?|doubleclick|googlesyndication"
    r"|googletagmanager|tagmanager|analytics|metrics|pixels?|beacon|trackers?|tracking|syncframe|usersync|cookie\w{0,30}|consent"
    r"|recaptcha|captcha|login|signup|sign-up|subscribe|newsletters?|comments|disqus|like(?:box)?|share_button|follow_button|like_box"
    r"|tweet_button|widgets/follow|paywall|piano|blank)(?:$|[./_?-])",
    re.I,
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_SMALL_STYLE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*[0-3](?:px)?\s*(?:;|$|!)", re.I)
_PIXELS = re.compile(r"\s*(\d{1,6})(?:\.\d+)?(?:px)?\s*$")
_FRAME_TITLE = re.compile(
    r"(?:[\w ]{0,30}\b)?(?:video player|player|embed(?:ded)?(?: \w+){0,2}|iframe|widget|advertisement|content frame"
    r"|(?:twitter|x|facebook|instagram) (?:tweet|post|video)|untitled)\W*$",
    re.I,
)
_UNWANTED_TITLE = re.compile(
    r"\b(?:ads?|advert\w*|(?:re)?captcha|anzeige|werbung|cookies?|consent|newsletter|login)\b", re.I
)
_PICTURE_FILE = re.compile(r"\.(?:svg|png|jpe?g|gif|webp|avif|css|js)$", re.I)
_MAX_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """What is shown from elsewhere."""

    #: For a reader to open: the page of a video rather than its player.
    url: str
    #: The provider's name (else its host) and the title, if there is one.
    label: str


def embed_address(name: str, attributes: Attributes) -> str | None:
    """The address a player element names, as written; None if it names none or is not to be seen."""
    if _is_hidden(attributes):
        return None
    attribute, template = PLAYERS[name]
    if template:
        value = _value(attributes, attribute)
        return template.format(value) if re.fullmatch(r"[\w-]{1,40}", value) else None
    names = (
        attribute,
        "data-src",
        "data-lazy-src",
        "data-url",
        "data-orig-src",
        "data-iframe-src",
        "data-litespeed-src",
    )
    return next((value for value in (_value(attributes, each) for each in names) if _is_address(value)), None)


def embed_of(address: str, title: str = "") -> Embed | None:
    """What a reader is told about a player at an absolute address; None for advertising, trackers and buttons."""
    try:
        parts = urlsplit(address)
        query = parse_qs(parts.query, max_num_fields=100)
    except ValueError:
        return None
    host = host_of(address).removeprefix("www.")
    where = f"{host}{parts.path}"
    if not host or _UNWANTED_FRAME.search(where) or _PICTURE_FILE.search(parts.path):
        return None
    if _PLAYS.search(where):
        return _played(query, title)
    url = _canonical(f"{parts.netloc}{parts.path}", query) or address
    provider = _provider(host, where)
    if provider == host and _UNWANTED_TITLE.search(title):
        return None
    title = "" if _FRAME_TITLE.match(title) or len(title) > _MAX_TITLE else title
    return Embed(url=url, label=f"{provider}: {title}" if title and title != provider else provider)


def is_social_post(address: str) -> bool:
    """Whether an absolute address is one post of a network, by the shape of the path."""
    return bool(_SOCIAL_POST.match(address))


_SOCIAL_POST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:(?:twitter|x)\.com/\w+/status|instagram\.com/(?:p|reel|tv)/|tiktok\.com/@[\w.-]+/video"
    r"|facebook\.com/[\w./-]*(?:posts|videos|photos|permalink)|reddit\.com/r/\w+/comments|bsky\.app/profile/[\w.:-]+/post"
    r"|threads\.(?:net|com)/@[\w.-]+/post|t\.me/\w+/\d|vk\.(?:com|ru)/wall|[\w-]+/@[\w.@-]+/\d{9})"
)


def _played(query: dict[str, list[str]], title: str) -> Embed | None:
    inner = next((query[name][0] for name in ("href", "url", "src") if query.get(name)), "")
    if not inner.startswith(("http://", "https://")) or _PLAYS.search(inner):
        return None
    return embed_of(inner, title)


def _canonical(where: str, query: dict[str, list[str]]) -> str | None:
    if _TWEET_FRAME.match(where) and query.get("id", [""])[0].isdigit():
        return f"https://x.com/i/status/{query['id'][0]}"
    if "youtube" in where and "list" in query and re.search(r"/embed/videoseries", where):
        return f"https://www.youtube.com/playlist?list={re.sub(r'[^-_A-Za-z0-9]', '', query['list'][0])}"
    for pattern, address in _CANONICAL:
        match = pattern.match(where)
        if match:
            return address.format(*match.groups())
    return None


def _provider(host: str, where: str) -> str:
    if _GOOGLE_MAPS.match(where):
        return "Google Maps"
    known = next((_PROVIDERS[domain] for domain in domains_of(host) if domain in _PROVIDERS), None)
    return known or ("Mastodon" if _MASTODON.search(where) else host)


def _is_address(value: str) -> bool:
    return bool(value) and not value.lower().startswith(("about:", "javascript:", "data:", "blob:"))


def _value(attributes: Attributes, name: str) -> str:
    value = attributes.get(name)
    return value.strip() if isinstance(value, str) else ""


def _is_hidden(attributes: Attributes) -> bool:
    if "hidden" in attributes or _HIDING_STYLE.search(_value(attributes, "style")):
        return True
    sides = [int(match[1]) for name in ("width", "height") if (match := _PIXELS.match(_value(attributes, name)))]
    return len(sides) == 2 and max(sides) <= 10


# --------------------------------------------------------------------------- pictures

#: A picture narrower or lower than this many pixels is an ornament.
MIN_SIDE = 90
#: The widest picture wanted.
_MAX_WIDTH = 1600
#: What one CSS pixel density stands for where a set names no widths.
_DENSITY_WIDTH = 800
_MAX_CANDIDATES = 40

_LAZY = (
    "data-src", "data-original", "data-lazy-src", "data-lazy", "data-src-large", "data-full", "data-image", "data-url",
    "data-orig-file", "data-hi-res-src", "data-full-src", "data-lazyload", "data-actualsrc",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "srcset")
_USELESS = re.compile(
    r"^(?:data|blob|about|javascript):|(?<![a-z])(?:spacer|blank|1x1|placeholder|transparent|gravatar|avatars?|emojis?|emoticons?"
    r"|smil(?:ey|ies)|icons?|favicon|logos?|sprites?|loading|loader|lazy[-_]?load)(?![a-z])|/ads?/|doubleclick|feedburner|\.svg(?:$|\?)"
    r"|(?<![a-z])(?:tracking|tracker|counter|beacon|pixel|impression|hit|stats?)s?[\w-]{0,20}\.(?:gif|php|aspx?)"
    r"|(?<![a-z])(?:tracking[-_]?)?pixel(?:\.png|[/?])|/(?:p|t|px|b|i|o)\.gif(?:$|\?)",
    re.I,
)


def picture_address(attributes: Attributes, sources: Iterable[Attributes] = ()) -> str | None:
    """The address a picture would show, lazy loading undone; None for tracking pixels and ornaments.

    `sources` are the attributes of the `<source>` elements beside it in a `<picture>`. The widest candidate is taken,
    up to 1,600 pixels where that is said.
    """
    if _is_ornament(attributes):
        return None
    sets = [_value(attributes, name) for name in _SETS if name in attributes]
    sets += [_value(source, "srcset") or _value(source, "data-srcset") for source in sources]
    candidates = [found for value in sets if value for found in _candidates(value)]
    sized = [found for found in candidates if 0 < found[1] <= _MAX_WIDTH]
    widest = sorted(sized, key=lambda found: -found[1])
    lazy = [_value(attributes, name) for name in _LAZY if name in attributes]
    in_order = (*(found[0] for found in widest), *lazy, *(found[0] for found in candidates), _value(attributes, "src"))
    return next((address for address in in_order if address and not _is_useless(address)), None)


@lru_cache(maxsize=1024)
def _is_useless(address: str) -> bool:
    """By the address alone: no picture, or none that tells something (10 us; each is asked for three times)."""
    return bool(_USELESS.search(address))


def _is_ornament(attributes: Attributes) -> bool:
    if "style" in attributes and _SMALL_STYLE.search(_value(attributes, "style")):
        return True
    for name in ("width", "height"):
        side = _PIXELS.match(_value(attributes, name)) if name in attributes else None
        if side is not None and int(side[1]) < MIN_SIDE:
            return True
    return False


def _candidates(value: str) -> list[tuple[str, float]]:
    """The addresses of a srcset with the width in pixels each is for, 0 where unknown; some have blanks in them."""
    found: list[tuple[str, float]] = []
    words = value.split(maxsplit=3 * _MAX_CANDIDATES)[: 3 * _MAX_CANDIDATES]
    words.reverse()
    parts: list[str] = []
    while words and len(found) < _MAX_CANDIDATES:
        word = words.pop()
        descriptor, _, rest = word.partition(",")
        is_descriptor = _DESCRIPTOR.fullmatch(descriptor) is not None
        if is_descriptor and rest:
            words.append(rest)
        elif not is_descriptor and (bare := word.strip(",")):
            parts.append(bare if word.endswith(",") else word.lstrip(",") if not parts else word)
        if parts and (is_descriptor or word.endswith(",") or not words):
            found.append((" ".join(parts), _width(descriptor) if is_descriptor else 0.0))
            parts = []
    return found


_DESCRIPTOR = re.compile(r"\d{1,5}(?:\.\d{1,3})?[wxh]")


def _width(descriptor: str) -> float:
    match = re.fullmatch(r"(\d{1,5}(?:\.\d{1,3})?)([wx])", descriptor)
    if match is None:
        return 0.0
    return float(match[1]) * (1 if match[2] == "w" else _DENSITY_WIDTH)
