# ruff: noqa: E501 - tables of words read better unbroken
"""What kind of page it is, and why, in words a reader of the archive understands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.extract.blocks import Line
from scraper.extract.jsonld import LinkedData
from scraper.model import Kind

#: An article's text has at least this many bytes; shorter ones are judged by what else the page says.
_SHORT = 600
#: An empty page with more script than this is built by its scripts.
MANY_SCRIPT_BYTES = 5000
_CONSENT = re.compile(
    r"(?:before you continue|we (?:and our (?:\d+ )?partners )?(?:use|value).{0,30}(?:cookies|privacy)|accept (?:all )?cookies|cookie (?:consent|settings|policy)|"
    r"your privacy (?:choices|matters)|alle akzeptieren|cookies? akzeptieren|tout accepter|aceptar (?:todo|cookies)|accetta (?:tutto|tutti)|consent)",
    re.I,
)
_LOGIN = re.compile(
    r"(?:log ?in|sign ?in|einloggen|anmelden|se connecter|iniciar sesión|accedi|войти|войдите|ログイン|登录|로그인)",
    re.I,
)
_PAYWALL = re.compile(
    r"(?:subscribe (?:to|now to|today to)? ?(?:continue|read|keep|unlock|access)|to (?:continue|keep) reading|this (?:article|content|story) is (?:for|only|exclusive|available|reserved)|"
    r"subscribers? only|(?:for|exclusive to) (?:our )?subscribers|become a (?:subscriber|member) to|already a subscriber|start your (?:free )?trial|"
    r"weiterlesen mit|jetzt (?:weiterlesen|testen)|nur für abonnenten|diesen artikel weiterlesen|mit .{0,10}abo (?:weiter)?lesen|réservé (?:à nos|aux) abonnés|abonnez-vous pour|"
    r"exclusivo para suscriptores|suscríbete para (?:seguir|leer|continuar)|riservato agli abbonati|abbonati per|exclusivo para assinantes|только для подписчиков|"
    r"この記事は(?:有料|会員)|会員限定|有料会員|残り\d+文字)",
    re.I,
)
_JAVASCRIPT = re.compile(
    r"(?:enable|turn on|requires?|activate|activer|aktivieren|activar|включите|有効).{0,30}java ?script|java ?script.{0,40}(?:enable|disabled|required|aktivieren|activ|отключен|включ|有効)",
    re.I,
)
_ERROR = re.compile(
    r"(?:\b(?:404|410|403|500|502|503)\b.{0,40}(?:error|not found|forbidden|page|gone)?|page (?:not found|cannot be found|does(?:n.t| not) exist|no longer exists)|not found$|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non trovata|página não encontrada|страница не найдена|"
    r"access denied|just a moment|are you (?:a )?(?:human|robot)|attention required|service unavailable|ページが見つかりません|页面不存在|bad gateway)",
    re.I,
)
_LIVE = re.compile(
    r"(?:\blive(?: blog| updates?|blog|ticker)\b|\bliveticker\b|\ben direct\b|\bminuto a minuto\b|онлайн-трансляция)",
    re.I,
)
_GALLERY = re.compile(
    r"/(?:gallery|galleries|photos?|pictures|slideshow|bildergalerie|diaporama|fotogaler\w+|fotostrecke)(?:/|-|$)", re.I
)
_VIDEO = re.compile(r"/(?:videos?|watch|mediathek)(?:/|$)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A kind; `has_text` says whether the text found is to be taken for the article's."""

    kind: Kind
    reason: str | None = None
    has_text: bool = True


_ARTICLE = Verdict(kind="article")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """What the verdict is given on."""

    title: str
    path: str
    og_type: str
    linked: LinkedData
    #: Bytes of text kept.
    weight: int
    #: Everything visible, cut at some thousand characters.
    visible: str
    kept: Sequence[Line]
    images: int
    script_bytes: int


def judge_kind(view: PageView) -> Verdict:
    """Walls and shells first, then what sort of text it is."""
    for judge in (_error_page, _empty_shell, _wall, _stub, _special):
        verdict = judge(view)
        if verdict is not None:
            return verdict
    return _ARTICLE


def _error_page(view: PageView) -> Verdict | None:
    if view.weight < _SHORT and _ERROR.search(view.title[:120]):
        return Verdict(kind="error_page", reason=f"the page is an error message: {view.title[:80]!r}", has_text=False)
    return None


def _empty_shell(view: PageView) -> Verdict | None:
    if view.weight >= 140:
        return None
    if _JAVASCRIPT.search(view.visible) or (len(view.visible) < 400 and view.script_bytes > MANY_SCRIPT_BYTES):
        return Verdict(
            kind="needs_javascript", reason="the page is empty without JavaScript, which is not run", has_text=False
        )
    return None


def _wall(view: PageView) -> Verdict | None:
    if view.weight >= _SHORT or len(view.visible) > 6000:
        return None
    if _CONSENT.search(view.visible) and _sentences(view) == 0:
        return Verdict(
            kind="consent", reason="the site asks for consent to cookies before it shows the article", has_text=False
        )
    if _LOGIN.search(view.title) or (_LOGIN.search(view.visible[:300]) and view.weight < 140):
        return Verdict(kind="login", reason="the site shows the article only after a login", has_text=False)
    return None


def _sentences(view: PageView) -> int:
    return sum(line.is_prose for line in view.kept)


def _stub(view: PageView) -> Verdict | None:
    if view.weight < 2500 and (view.linked.is_free is False or _PAYWALL.search(view.visible)):
        return Verdict(
            kind="paywalled",
            reason="only the opening is free to read; the rest is behind a paywall",
            has_text=view.weight > 0,
        )
    return None


def _special(view: PageView) -> Verdict | None:
    if "LiveBlogPosting" in view.linked.types or _LIVE.search(view.title):
        return Verdict(kind="live_blog", reason="a live blog: it goes on changing")
    if view.weight < _SHORT and (
        _VIDEO.search(view.path) or "video" in view.og_type or "VideoObject" in view.linked.types
    ):
        return Verdict(kind="video", reason="the page is about a video; its text is short", has_text=view.weight > 0)
    if view.weight < 3 * _SHORT and (_GALLERY.search(view.path) or view.images >= 8):
        return Verdict(kind="gallery", reason="a picture gallery", has_text=view.weight > 0)
    if not view.weight:
        return Verdict(kind="not_an_article", reason="no article text was found on the page", has_text=False)
    if _sentences(view) < 2 and len(view.kept) > 12 and not view.linked.is_article:
        return Verdict(kind="list", reason="the page lists things rather than telling a story")
    return None
