"""Kinds of page: walls are told in many languages, and an article is never taken for one."""

from __future__ import annotations

import pytest

from scraper.extract import extract_article
from scraper.extract.words import walls
from scraper.model import Extraction

OPENING = "<p>The canal lock has been opened again after eleven years. Six boats went through it before breakfast.</p>"
LABEL = "<div>{}</div>"


def page(body: str, *, title: str = "Canal lock reopens", head: str = "", path: str = "/a/1") -> Extraction:
    html = f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"
    return extract_article(html, url=f"https://news.example{path}")


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to continue reading", "This article is for subscribers only.", "You have reached your limit of free articles", "Diesen Artikel weiterlesen mit Plus",
        "Nur für Abonnenten", "Article réservé aux abonnés", "Il vous reste 80 % de cet article à lire", "Suscríbete para seguir leyendo", "Exclusivo para suscriptores",
        "Contenuto riservato agli abbonati", "Exclusivo para assinantes", "Alleen voor abonnees", "För att läsa vidare: logga in", "Tylko dla prenumeratorów", "Pouze pro předplatitele",
        "Чтобы читать дальше, оформите подписку", "Лише для передплатників", "Μόνο για συνδρομητές", "Sadece aboneler okuyabilir", "この記事は有料会員限定です", "残り1240文字", "订阅后可阅读全文", "訂閱後即可閱讀全文",
        "유료 회원 전용 기사입니다", "للمشتركين فقط", "למנויים בלבד", "आगे पढ़ने के लिए सदस्य बनें", "Khusus untuk pelanggan",
    ],
)  # fmt: skip
def test_paywall_behind_an_opening_is_seen(line: str) -> None:
    found = page(OPENING + LABEL.format(line))
    assert found.kind == "paywalled"
    assert "paywall" in (found.reason or "")
    assert found.text.startswith("The canal lock")


@pytest.mark.parametrize(
    "line",
    [
        "Already a subscriber? Log in", "Start your free trial today", "Become a member", "有料会員になると会員限定の有料記事もお読みいただけます。", "Newsletter abonnieren",
        "Subscribe to our newsletter", "Abonnez-vous à notre lettre", "Подписывайтесь на наш канал",
    ],
)  # fmt: skip
def test_offer_beside_a_short_article_is_no_wall(line: str) -> None:
    assert page(OPENING + LABEL.format(line)).kind == "article"


def test_wall_wording_far_from_the_end_or_under_a_long_text_is_none() -> None:
    wall = LABEL.format("Subscribe to continue reading")
    assert (
        page(wall + OPENING * 2 + "<p>Nobody was hurt, and the lock keeper went home for his tea at four.</p>").kind
        == "article"
    )
    long_text = "".join(OPENING.replace("eleven", str(number)) for number in range(40))
    assert page(long_text + wall).kind == "article"


def test_declared_paywall_counts_only_for_a_stub() -> None:
    head = '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Canal lock reopens","isAccessibleForFree":false}</script>'
    long_text = "".join(OPENING.replace("eleven", str(number)) for number in range(12))
    assert page(OPENING, head=head).kind == "paywalled"
    assert page(long_text, head=head).kind == "article"


@pytest.mark.parametrize(
    "title",
    [
        "404", "Error 404: Page not found", "Page not found", "Sorry, this page can't be found", "Access Denied", "Just a moment...", "Attention Required!", "503 Service Unavailable",
        "Seite nicht gefunden", "Page introuvable", "Página no encontrada", "Pagina non trovata", "Página não encontrada", "Pagina niet gevonden", "Sidan hittades inte", "Strona nie istnieje",
        "Stránka nenalezena", "Страница не найдена", "Сторінку не знайдено", "Η σελίδα δεν βρέθηκε", "Sayfa bulunamadı", "ページが見つかりません", "页面不存在", "頁面不存在", "페이지를 찾을 수 없습니다",
        "الصفحة غير موجودة", "הדף לא נמצא", "Halaman tidak ditemukan",
    ],
)  # fmt: skip
def test_error_page_served_as_200_is_seen(title: str) -> None:
    found = page("<p>Try the search, or go back to the front page.</p>", title=title)
    assert (found.kind, found.text) == ("error_page", "")
    assert title[:20] in (found.reason or "")


@pytest.mark.parametrize(
    "title",
    ["Bakery found not guilty", "“Page not found” is a book", "Error of judgement costs mayor his seat", "Access denied to reporters at the harbour", "Route 404 closed",
     "Five hundred years of solitude", "Just a moment of silence for the miners"],
)  # fmt: skip
def test_headline_that_sounds_like_an_error_is_an_article(title: str) -> None:
    assert page(OPENING, title=title).kind == "article"


@pytest.mark.parametrize(
    "text",
    [
        "We and our 812 partners use cookies and other technologies to store information on your device and to show personal advertising.",
        "Mit Ihrer Einwilligung verarbeiten wir und unsere Partner Daten auf Ihrem Gerät, um Ihnen personalisierte Werbung zu zeigen.",
        "Avec votre consentement, nos 320 partenaires et nous utilisons des cookies pour mesurer l’audience de nos pages.",
        "Con tu consentimiento, nuestros 120 socios y nosotros guardamos datos personales en tu dispositivo cada día.",
        "Con il tuo consenso noi e i nostri 90 partner trattiamo dati personali. Leggi la nostra informativa completa.",
        "Za Państwa zgodą na pliki cookies przetwarzamy dane. Prosimy zapoznać się z naszą polityką prywatności tutaj.",
        "当サイトではクッキーを使用しています。続けるにはプライバシーポリシーに同意してください。同意するとページが表示されます。",
    ],
)
def test_consent_wall_is_seen(text: str) -> None:
    found = page(f"<p>{text}</p><button>OK</button>", title="News")
    assert (found.kind, found.text) == ("consent", "")


def test_article_about_cookies_is_an_article() -> None:
    text = "<p>The regulator fined two firms for the way they ask for consent to cookies. Both said that they would appeal, and that nobody reads such notices anyway.</p>"
    head = '<meta property="og:type" content="article">'
    assert page(text, title="Two firms fined over cookies", head=head).kind == "article"
    assert page(text + OPENING, title="Two firms fined over cookies").kind == "article"


@pytest.mark.parametrize(
    "title",
    ["Log in", "Sign in to your account", "Anmelden", "Se connecter", "Iniciar sesión", "Accedi", "Inloggen", "Logga in", "Zaloguj się", "Přihlášení", "Войти", "Увійти", "Giriş yap", "ログイン", "登录", "로그인",
     "تسجيل الدخول", "התחברות"],
)  # fmt: skip
def test_login_page_is_seen(title: str) -> None:
    assert page("<form><input name=n><input type=password></form><p>Forgot?</p>", title=title).kind == "login"


@pytest.mark.parametrize(
    "text",
    ["Please enable JavaScript.", "Bitte aktivieren Sie JavaScript.", "Veuillez activer JavaScript", "Active JavaScript para continuar", "Abilita JavaScript", "Włącz JavaScript", "Включите JavaScript",
     "JavaScriptを有効にしてください", "请启用JavaScript", "JavaScript를 활성화하세요"],
)  # fmt: skip
def test_page_that_needs_javascript_is_seen(text: str) -> None:
    assert page(f"<div id=app></div><noscript>{text}</noscript>", title="News").kind == "needs_javascript"


@pytest.mark.parametrize(
    "title",
    ["Storm live updates: bridge closed", "LIVE: storm reaches coast", "Sturm im Liveticker", "EN DIRECT : la tempête arrive", "Temporal, minuto a minuto", "Онлайн-трансляция: шторм", "Fırtına dakika dakika", "台风文字直播"],
)  # fmt: skip
def test_live_blog_is_seen_and_keeps_its_text(title: str) -> None:
    found = page(OPENING, title=title)
    assert found.kind == "live_blog"
    assert found.text


@pytest.mark.parametrize(
    "title",
    [
        "He lives in a lighthouse",
        "Live music returns to the quay",
        "Le maire répond en direct à la radio",
        "Alive after nine days at sea",
    ],
)
def test_word_live_alone_makes_no_live_blog(title: str) -> None:
    assert page(OPENING, title=title).kind == "article"


PICTURES = "".join(
    f"<p>Step {number}: stir the pot once more and wait a while.</p><img src=/{number}.jpg>" for number in range(9)
)


def test_pictures_make_a_gallery_only_where_the_page_says_so() -> None:
    assert page(OPENING + PICTURES, title="Nine steps to a soup").kind == "article"
    assert page(OPENING + PICTURES, title="In pictures: nine soups").kind == "gallery"
    assert page(OPENING + PICTURES, title="Neun Suppen", path="/bildergalerie/9").kind == "gallery"


def test_front_page_lists_stories() -> None:
    teasers = "".join(
        f"<h3><a href=/{number}>The {number}th ferry of the morning sails</a></h3>" for number in range(9)
    )
    found = page(teasers, title="Harbour")
    assert (found.kind, found.text) == ("list", "")
    assert page(OPENING + teasers, title="Canal lock reopens").kind == "article"


def test_every_kind_but_article_has_a_reason() -> None:
    assert page("").reason == "no article text was found on the page"
    assert page(OPENING).reason is None


def test_tables_compile_and_stay_quick_on_hostile_lines() -> None:
    hostile = "sorry oops " * 2000 + "we and our " * 2000 + "to continue " * 2000
    for asks in (
        walls.asks_for_money, walls.asks_for_consent, walls.asks_for_login, walls.asks_for_javascript, walls.is_error,
        walls.is_live, walls.is_gallery,
    ):  # fmt: skip
        assert asks(hostile) in (True, False)
