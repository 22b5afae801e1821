# ruff: noqa: E501 - tables of words read better unbroken
"""What a block says about itself: tags, ARIA roles, microdata and the common words of class names and ids.

Only a general vocabulary, and only weak evidence: a role counts as long as the block is a small part of the page's
prose (see root.py).
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache

from lxml import etree

_Element = etree._Element


class Role(Enum):
    """A part of a page that is not the article's text."""

    ADVERTISEMENT = auto()
    ASIDE = auto()
    AUTHOR = auto()
    BYLINE = auto()
    CAPTION = auto()
    COMMENTS = auto()
    CONSENT = auto()
    DATE = auto()
    FOOTER = auto()
    HIDDEN = auto()
    NAVIGATION = auto()
    NEWSLETTER = auto()
    RELATED = auto()
    SHARE = auto()
    STANDFIRST = auto()
    TAGS = auto()


#: Words of class names and ids, most telling role first. Add words here, lower case, without separators.
_WORDS: tuple[tuple[Role, str], ...] = (
    (Role.COMMENTS, "comment comments commentlist disqus livefyre respond commenting kommentare comentarios commentaires"),
    (Role.NEWSLETTER, "newsletter newsletters subscribe subscription signup optin mailchimp mailinglist"),
    (Role.SHARE, "share shares sharing sharebar sharedaddy social socials addthis addtoany socialmedia sharethis"),
    (Role.RELATED, "related relatedposts recommended recommendation recommendations recirc recirculation outbrain taboola "
     "mostread mostpopular popular trending readmore morefrom seealso upnext yarpp jp-relatedposts relacionadas verwandte "
     "teasers"),
    (Role.ADVERTISEMENT, "ad ads advert advertisement advertising adslot adsense adcontainer sponsor sponsored banner dfp gpt "
     "promo promos promobox promotion advertorial anzeige werbung publicidad publicite"),
    (Role.CONSENT, "cookie cookies gdpr consent cookiebar modal popup lightbox"),
    (Role.CAPTION, "caption captions figcaption credit credits photocredit imagecredit imagecaption wp-caption-text bildunterschrift"),
    (Role.NAVIGATION, "nav navigation navbar breadcrumb breadcrumbs pagination pager menu submenu"),
    (Role.TAGS, "tags taglist tagcloud keywords topics postmeta"),
    (Role.AUTHOR, "authorbox authorbio aboutauthor bio authorinfo"),
    (Role.BYLINE, "byline bylines author authors autor autoren auteur"),
    (Role.DATE, "timestamp dateline pubdate published datetime postdate date"),
    (Role.STANDFIRST, "standfirst dek subtitle subheadline deck sottotitolo"),
    (Role.ASIDE, "sidebar"),
    (Role.FOOTER, "footer colophon"),
)  # fmt: skip
_ROLE_OF_WORD = {word: role for role, words in reversed(_WORDS) for word in words.split()}
#: A name with one of these says that the block *has* such a part, or is laid out beside one.
_MODIFIERS = frozenset(
    ["has", "with", "no", "without", "show", "hide", "enable", "enabled", "is", "sticky", "js", "toggle", "open"]
)

#: What is shared from elsewhere, no buttons to share with.
_SHOWN = frozenset(("embed", "embeds", "embedded", "post", "posts", "quote", "tweet"))
_WHOLE_PAGE = frozenset(("html", "body", "main"))
_TAG_ROLES = {
    "aside": Role.ASIDE, "footer": Role.FOOTER, "figcaption": Role.CAPTION, "noscript": Role.HIDDEN, "form": Role.NEWSLETTER,
    "amp-lightbox": Role.CONSENT, "amp-sidebar": Role.NAVIGATION,
}  # fmt: skip
_ARIA_ROLES = {
    "navigation": Role.NAVIGATION, "complementary": Role.ASIDE, "contentinfo": Role.FOOTER, "menu": Role.NAVIGATION,
    "dialog": Role.CONSENT, "alertdialog": Role.CONSENT, "search": Role.NAVIGATION, "toolbar": Role.SHARE,
    "menubar": Role.NAVIGATION, "banner": Role.NAVIGATION, "alert": Role.CONSENT,
}  # fmt: skip
#: Characters beyond which a block's names are no names.
_MAX_NAMES = 400
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
#: What a post is filed under, as its class names tell: "tag-cookies" is no banner.
_TOPICS = ("tag-", "category-")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SEPARATORS = re.compile(r"[^a-zA-Z0-9]+")
_DIGITS = "0123456789"
#: A digit before a letter: a number or a hash, not a word.
_HASH = re.compile(r"\d[a-zA-Z]")
_BODY_WORDS = frozenset((
    "articlebody", "article-body", "article__body", "article_body", "articlecontent", "article-content", "article__content", "article-text",
    "articletext", "entry-content", "post-content", "post-body", "postbody", "storybody", "story-body", "story-content", "story__content",
    "body-content", "content-body", "content__body",
))  # fmt: skip


def own_names(element: _Element) -> tuple[Role | None, bool]:
    """The role a block's own markup gives it, its ancestors left aside, and whether it calls itself an article's body."""
    tag = element.tag
    role = _TAG_ROLES.get(tag) or (_named_role(tag) if "-" in tag else None)
    attributes = element.keys()
    if not attributes:
        return role, False
    get = element.get
    names = get("class") or ""
    named, is_body = _told_by(names) if len(names) <= _MAX_NAMES else (None, False)
    if named is Role.NAVIGATION and tag in _HEADINGS:
        named = None
    if tag in _WHOLE_PAGE:
        return None, is_body
    if attributes == _CLASS_ONLY:
        return role or named, is_body
    identity = get("id")
    if identity and named is None and tag not in _ANCHORED and len(names) + len(identity) < _MAX_NAMES:
        named = _named_role(identity)
    if _TELLING.isdisjoint(attributes):
        return role or named, is_body
    prop = get("itemprop")
    is_body = is_body or bool(prop and ("articleBody" in prop or prop in ("reviewBody", "text")))
    return _declared_role(element) or role or named, is_body


_CLASS_ONLY = ["class"]
#: None of these is a menu.
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: Their ids are anchors that a table of contents or a quotation leads to, not names.
_ANCHORED = frozenset((*_HEADINGS, "p", "li", "dt", "dd", "blockquote"))
#: Attributes that say something which is no name.
_TELLING = frozenset(("itemprop", "hidden", "aria-hidden", "style", "role"))


def _declared_role(element: _Element) -> Role | None:
    """What attributes say that are not names."""
    get = element.get
    if get("hidden") is not None or get("aria-hidden") == "true":
        return Role.HIDDEN
    style = get("style")
    if style and _HIDING_STYLE.search(style):
        return Role.HIDDEN
    return _ARIA_ROLES.get(get("role") or "")


@lru_cache(maxsize=4096)
def _told_by(names: str) -> tuple[Role | None, bool]:
    """What class names say."""
    return _named_role(names), not _BODY_WORDS.isdisjoint(names.lower().split())


@lru_cache(maxsize=4096)
def _named_role(names: str) -> Role | None:
    for name in names.split():
        role = None if name.startswith(_TOPICS) else _role_of_name(name)
        if role is not None:
            return role
    return None


@lru_cache(maxsize=8192)
def _role_of_name(name: str) -> Role | None:
    parts = [part for part in _SEPARATORS.split(name) if part and not _HASH.search(part)]
    words = [word.lower() for part in parts for word in _CAMEL.split(part.rstrip(_DIGITS))]
    if not words or not _MODIFIERS.isdisjoint(words):
        return None
    joined = "".join(words)
    if joined in _ROLE_OF_WORD:
        return _ROLE_OF_WORD[joined]
    if "author" in words and not {"bio", "box", "info", "about", "profile", "card"}.isdisjoint(words):
        return Role.AUTHOR
    found = [_ROLE_OF_WORD[word] for word in words if word in _ROLE_OF_WORD]
    role = min(found, key=_PRIORITY.__getitem__) if found else None
    return None if role is Role.SHARE and not _SHOWN.isdisjoint(words) else role


_PRIORITY = {role: index for index, (role, _) in enumerate(_WORDS)}
