"""What kind of page it is, and why, in words a reader of the archive understands.

A wall that is none costs a story, so every rule for one asks for little text *and* for the page's own word; a page that
calls itself an article is believed where there is text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scraper.extract.body.blocks import HEADINGS, Line
from scraper.extract.body.roles import Role
from scraper.extract.meta.jsonld import LinkedData
from scraper.extract.words import walls
from scraper.model import Kind

#: Bytes of text below which a page may be something else than it seems ...
_SHORT = 600
#: ... below which there is as good as no text ...
_NOTHING = 140
#: ... and up to which an opening in front of a paywall goes.
_STUB_MAX = 2500
#: A page that only *declares* itself not free is cut off when its text is shorter than this: many serve it in full.
_UNFREE_MAX = 800
_VISIBLE_LINES = 200
#: An empty page with more script than this is built by its scripts.
MANY_SCRIPT_CHARS = 5000
_OPENING_LINES = 12
#: Where a paywall stands: in the last lines of the text, or this many after it.
_END_LINES = (3, 8)
_LABEL_MAX = 300
_SENTENCE_LINKED = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A kind; `has_text` says whether the text found is to be taken for the article's."""

    kind: Kind
    reason: str | None = None
    has_text: bool = True
    #: The page says that there is nothing at its address any more.
    is_gone: bool = False


_ARTICLE = Verdict(kind="article")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What the verdict is given on."""

    title: str
    #: What the page itself says in its head; the feed may have given the other.
    own_title: str
    path: str
    og_type: str
    linked: LinkedData
    #: Bytes of text kept.
    weight: int
    #: All lines of the page, in order.
    lines: Sequence[Line]
    #: Those of them that are the text.
    kept: Sequence[Line]
    #: Pictures of the article, and how many of them have a caption.
    images: int
    captions: int
    script_chars: int

    @property
    def opening(self) -> list[str]:
        """The titles and the first headings, as a reader sees them."""
        first = self.lines[:_OPENING_LINES]
        return [self.title, self.own_title, *(line.text for line in first if line.tag in HEADINGS)]

    @property
    def visible(self) -> list[Line]:
        """The first lines of the page: all of it where a wall stands instead of an article."""
        return list(self.lines[:_VISIBLE_LINES])

    @property
    def sentences(self) -> int:
        """Paragraphs among the lines kept."""
        return sum(line.is_prose for line in self.kept)

    @property
    def claims_article(self) -> bool:
        """Whether structured data calls the page an article."""
        return self.linked.is_article or (self.og_type == "article" and self.weight >= _NOTHING)


def judge_kind(view: PageView) -> Verdict:
    """Walls and shells first, then what sort of text it is."""
    for judge in (_error_page, _empty_shell, _consent, _login, _stub, _live_blog, _video, _gallery, _list, _nothing):
        verdict = judge(view)
        if verdict is not None:
            return verdict
    return _ARTICLE


# --------------------------------------------------------------------------- no article


def _error_page(view: PageView) -> Verdict | None:
    said = next((text for text in view.opening if walls.is_error(text)), None)
    if said is None or view.weight >= _SHORT or view.linked.is_article:
        return None
    reason = f"the page is an error message: {said[:80]!r}"
    return Verdict(kind="error_page", reason=reason, has_text=False, is_gone=any(map(walls.is_gone, view.opening)))


def _empty_shell(view: PageView) -> Verdict | None:
    if view.weight >= _NOTHING:
        return None
    visible = " ".join(line.text for line in view.visible)
    if walls.asks_for_javascript(visible[:8000]) or (len(visible) < 400 and view.script_chars > MANY_SCRIPT_CHARS):
        return Verdict(
            kind="needs_javascript", reason="the page is empty without JavaScript, which is not run", has_text=False
        )
    return None


def _consent(view: PageView) -> Verdict | None:
    """Most of what the page says, and all that could be its text, is about cookies and partners."""
    if view.weight >= 2 * _SHORT or view.claims_article or len(view.lines) > _VISIBLE_LINES:
        return None
    if any(_is_sentence(line) and not walls.asks_for_consent(line.text) for line in view.kept):
        return None
    weight = sum(line.weight for line in view.visible)
    asked = sum(line.weight for line in view.visible if walls.asks_for_consent(line.text))
    text = [line for line in view.kept if line.tag not in HEADINGS]
    is_all_there_is = bool(text) and view.weight < _NOTHING and all(walls.asks_for_consent(line.text) for line in text)
    if asked < _NOTHING / 4 or (asked * 2 < weight and not is_all_there_is):
        return None
    return Verdict(
        kind="consent", reason="the site asks for consent to cookies before it shows the article", has_text=False
    )


def _is_sentence(line: Line) -> bool:
    return line.has_sentence and line.link_share < _SENTENCE_LINKED and line.tag not in HEADINGS


def _login(view: PageView) -> Verdict | None:
    if view.weight >= _SHORT or view.sentences > 1 or view.linked.is_article:
        return None
    if any(walls.asks_for_login(text) for text in view.opening):
        return Verdict(kind="login", reason="the site shows the article only after a login", has_text=False)
    return None


def _stub(view: PageView) -> Verdict | None:
    if view.weight >= _STUB_MAX or view.linked.is_free is True:
        return None
    is_cut_off = view.linked.is_free is False and view.weight < _UNFREE_MAX
    if is_cut_off or any(walls.asks_for_money(line.text) for line in _end_of_text(view)):
        return Verdict(
            kind="paywalled",
            reason="only the opening is free to read; the rest is behind a paywall",
            has_text=view.weight > 0,
        )
    return None


def _end_of_text(view: PageView) -> list[Line]:
    """The short lines at the end of the text and right behind it, where a site says how to read on."""
    inside, behind = _END_LINES
    last = view.kept[-1] if view.kept else None
    index = next((at for at in range(len(view.lines) - 1, -1, -1) if view.lines[at] is last), -1)
    near = [*view.kept[-inside:], *view.lines[index + 1 : index + 1 + behind]]
    return [line for line in near if line.weight <= _LABEL_MAX and line.block.role not in (Role.FOOTER, Role.COMMENTS)]


def _nothing(view: PageView) -> Verdict | None:
    if view.weight:
        return None
    return Verdict(kind="not_an_article", reason="no article text was found on the page", has_text=False)


# --------------------------------------------------------------------------- other sorts of text


def _live_blog(view: PageView) -> Verdict | None:
    if "LiveBlogPosting" in view.linked.types or walls.is_live(view.title) or walls.LIVE_PATH.search(view.path):
        return Verdict(kind="live_blog", reason="a live blog: it goes on changing", has_text=view.weight > 0)
    return None


def _video(view: PageView) -> Verdict | None:
    is_video = "video" in view.og_type or "VideoObject" in view.linked.types or walls.VIDEO_PATH.search(view.path)
    if is_video and view.weight < _SHORT:
        return Verdict(kind="video", reason="the page is about a video; its text is short", has_text=view.weight > 0)
    return None


def _gallery(view: PageView) -> Verdict | None:
    """It calls itself one, or it has more captions than text; many pictures alone do not make a gallery."""
    if view.weight >= 3 * _SHORT or view.images < 2:
        return None
    is_called_so = walls.is_gallery(view.title) or walls.GALLERY_PATH.search(view.path)
    if is_called_so or (view.captions >= 6 and view.sentences < 3):
        return Verdict(kind="gallery", reason="a picture gallery", has_text=view.weight > 0)
    return None


def _list(view: PageView) -> Verdict | None:
    """Headlines that are links, and nobody calls it an article."""
    if view.sentences or view.linked.is_article or view.og_type == "article":
        return None
    linked = [line for line in view.lines if line.link_share > 0.8 and line.weight >= 20]
    if len(linked) < 6 or sum(line.weight for line in linked) < view.weight:
        return None
    return Verdict(kind="list", reason="the page lists stories rather than telling one", has_text=False)
