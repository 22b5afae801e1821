# ruff: noqa: E501 - tables of words read better unbroken
"""What pages say instead of an article, by language: walls, requests, errors; and what names other kinds of page.

Each entry is a regular expression, matched without regard to case. To teach Wireroom another phrase, add it to the
right table under its language; a page of your own goes into tests/pages/.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.extract.words.phrasebook import Phrasebook

Table = dict[str, tuple[str, ...]]

#: Where the text breaks off: the rest is for those who pay or have an account. Searched in single lines.
PAYWALL: Table = {
    "en": (
        r"subscri(be|ption)\b.{0,30}\bto (continue|keep|read|unlock|access|finish)\b", r"to (continue|keep|finish) reading\b", r"(continue|keep) reading (this|with|for)\b",
        r"(this|the rest of this|the full) (article|content|story|post) is (for|only|exclusive|available|reserved|restricted)\b.{0,40}(subscri|member|premium|paid)", r"(exclusive|only) (to|for) (our )?(paid )?(subscribers|members)\b",
        r"(you.ve|you have) (reached|read|used) (your|all|the).{0,30}(limit|free)", r"unlock (this|the) (article|story|full)", r"become a (subscriber|member) to (read|continue)", r"(register|log in|sign in) to (continue|keep) reading", r"subscribers? only\W*$",
    ),
    "de": (r"(diesen|den ganzen|den vollständigen) (artikel|beitrag|text) (weiter)?lesen", r"weiterlesen mit\b", r"(nur|exklusiv) für (unsere )?(abonnent|mitglieder|plus)", r"jetzt (abonnieren|testen|freischalten) und (weiter|alle)", r"(artikel|inhalt) (ist )?(exklusiv|nur) für", r"mit .{0,20}(abo|plus|premium) (weiter|alle)\w* ?lesen", r"um (diesen|den) (artikel|text) (weiter|ganz|vollständig)", ),
    "fr": (r"réservée?s? (à nos|aux) abonné", r"(abonnez|inscrivez)[- ]vous pour (lire|continuer|poursuivre|accéder)", r"il (vous )?reste \d+ ?% de (cet article|ce contenu)", r"(pour )?lire la suite.{0,30}(abonn|inscri)", r"la suite est réservée"),
    "es": (r"(exclusivo|solo|sólo) para (suscriptores|socios)", r"suscríb(e|a)te para (seguir|leer|continuar)", r"para (seguir|continuar) leyendo", r"este (contenido|artículo) es (exclusivo|solo)"),
    "it": (r"riservat[oa] (agli|ai) (abbonati|soci)", r"(abbonati|registrati) per (continuare|leggere|proseguire)", r"per continuare a leggere", r"(questo )?(articolo|contenuto) è (riservato|per)"),
    "pt": (r"(exclusivo|só) para (assinantes|membros|subscritores)", r"(assine|subscreva) para (continuar|ler)", r"para continuar (a ler|lendo|a leitura)", r"conteúdo exclusivo para"),
    "nl": (r"(alleen|exclusief) voor (abonnees|leden)", r"(word|neem een) abonn\w+ om (verder|dit)", r"(verder lezen|lees verder) met\b", r"om (verder te lezen|dit artikel te lezen)"),
    "nordic": (r"(bara|endast|kun|bare|vain) (för|for) (våra |våre |vores )?(prenumeranter|abonnenter|medlem)", r"(läs|les|læs) (vidare|videre) (med|för|for)\b", r"för att (läsa vidare|fortsätta läsa)", r"for å (lese videre|fortsette)", r"for at (læse videre|fortsætte)", r"tilaajille\b.{0,20}$", r"jatka lukemista", ),
    "pl": (r"(tylko|wyłącznie) dla (prenumeratorów|subskrybentów)", r"(wykup|kup) (dostęp|prenumeratę|subskrypcję)", r"aby (czytać|przeczytać) dalej", r"pozostało \d+ ?% (treści|artykułu)"),
    "cs": (r"(pouze|jen) pro (předplatitele|členy)", r"(odemkněte|předplaťte si|koupit) .{0,20}(článek|předplatné)", r"pokračování článku je (pro|jen)"),
    "hu": (r"(csak|kizárólag) előfizető", r"előfizetőinknek szól"),
    "ru": (r"(только|доступ\w{0,30}) (для|подписчикам) ?(подписчик|пользовател)?\w{0,30}\W{0,20}$", r"(оформите|купите) подписку", r"чтобы (читать|прочитать) (дальше|полностью|статью)", r"материал доступен (только )?(по подписке|подписчикам)"),
    "uk": (r"(лише|тільки) для (передплатників|підписників)", r"(оформіть|придбайте) передплату", r"щоб (читати|прочитати) далі"),
    "el": (r"(μόνο|αποκλειστικά) για συνδρομητές",), "tr": (r"(sadece|yalnızca) aboneler", r"okumaya devam etmek için", r"abone olarak (devam|oku)"),
    "ja": (r"(この|こちらの)記事は(有料|会員|プレミアム|有料会員)", r"会員限定(です|(の)?(記事|コンテンツ)(です|\W*$)|\W*$)", r"残り\s{0,9}[:：]?\s{0,9}[\d,]{1,12}\s{0,9}文字", r"続きを読むには", r"(ログイン|会員登録)(して|すると)続き"),
    "zh": (r"(訂閱|订阅|付费|付費|会员|會員)(后|後|才|以|即可).{0,10}(阅读|閱讀|观看|觀看|全文)", r"(剩余|剩餘|还有|還有)\s{0,9}\d{1,9}\s{0,9}%?\s{0,9}(内容|內容|字)", r"(此|本)文(为|為|仅|僅|限).{0,6}(会员|會員|订阅|訂閱|付费|付費)"),
    "ko": (r"(유료|구독자|회원|프리미엄) ?(회원 |구독자 )?(전용|독자만|만 볼)", r"계속 (읽으려면|읽기 위해|보려면)", r"구독(하고|하면|하시면|후) .{0,10}(읽|볼|보)"),
    "ar": (r"(للمشتركين|للأعضاء) فقط", r"اشترك (لمتابعة|لإكمال|للاستمرار)"), "he": (r"(למנויים|למנויות) (בלבד|ומנויים)", r"להמשך קריאה .{0,20}(מנוי|הירשמ)"),
    "hi": (r"(केवल|सिर्फ़?) (सदस्यों|ग्राहकों|सब्सक्राइबर)", r"आगे पढ़ने के लिए"), "id": (r"(khusus|hanya) untuk (pelanggan|anggota)", r"berlangganan untuk (melanjutkan|membaca)"), "vi": (r"(chỉ )?dành (riêng )?cho (thành viên|độc giả trả phí)",),
}  # fmt: skip

#: Words of lines that ask for consent: cookies, partners, personal data.
CONSENT: Table = {
    "en": (r"\bcookies?\b", r"\bprivacy\b", r"\bour (\d+ )?partners\b", r"\bconsent\b", r"\btracking\b", r"personal(i[sz]ed)? (data|ads|advertis|content)"),
    "de": (r"datenschutz", r"einwilligung", r"zustimm", r"\bpartner\b.{0,60}(daten|informationen|gerät)", r"werbetracking", r"personalisierte", r"mit werbung (weiter|nutzen|lesen)", r"werbefrei"),
    "fr": (r"\bcookies?\b", r"\bconfidentialité\b", r"\bconsent(ement|ir)\b", r"nos (\d+ )?partenaires", r"données personnelles", r"traceurs"),
    "es": (r"privacidad", r"consentimiento", r"nuestros (\d+ )?socios", r"datos personales"), "it": (r"informativa", r"consenso", r"nostri (\d+ )?partner", r"dati personali"), "pt": (r"privacidade", r"consentimento", r"nossos (\d+ )?parceiros", r"dados pessoais"),
    "nl": (r"toestemming", r"onze (\d+ )?partners", r"persoonsgegevens", r"privacy"), "nordic": (r"samtyck", r"samtykke", r"integritet", r"personuppgifter", r"personopplysninger", r"våra (\d+ )?partner", r"informasjonskapsler", r"evästei"),
    "slavic": (r"prywatno", r"ciastecz", r"zgod[ęya] na", r"soubor[yů] cookie", r"souhlas", r"файл\w{0,30} cookie", r"конфиденциальност", r"персональн\w{1,30} данн", r"конфіденційн", r"персональн\w{1,30} дан"),
    "other": (r"απορρήτου", r"συγκατάθεση", r"çerez", r"gizlilik", r"クッキー", r"同意(する|して)", r"プライバシー", r"隐私", r"隱私", r"쿠키", r"개인정보", r"الخصوصية", r"ملفات تعريف", r"עוגיות", r"פרטיות", r"कुकी"),
}  # fmt: skip

#: A page's title or first heading that asks for an account; its beginning.
LOGIN: Table = {
    "en": (r"(please )?(log|sign)[ -]?in\b", r"(create|register) (an|your|a) account\b", r"(log|sign)[ -]?in (to|or)\b", r"my account\b"), "de": (r"(jetzt )?(einloggen|anmelden|anmeldung|login)\b", r"bitte melden sie sich an"),
    "fr": (r"(se connecter|connexion|connectez-vous|identifi(ez|er))\b",), "es": (r"(iniciar sesión|inicia sesión|inicie sesión|acceder|identifícate)\b",), "it": (r"(accedi|login|entra nel tuo account)\b",), "pt": (r"(entrar|faça login|iniciar sessão|acesse sua conta)\b",),
    "nl": (r"(inloggen|log in|aanmelden)\b",), "nordic": (r"(logga in|logg inn|log ind|kirjaudu( sisään)?)\b",), "slavic": (r"(zaloguj( się)?|logowanie|přihlášení|přihlásit( se)?|войти|вход|войдите|авторизация|увійти|вхід)\b",),
    "other": (r"(bejelentkezés|autentificare|giriş yap|oturum aç|σύνδεση|masuk|đăng nhập)\b", r"(ログイン|会員ログイン|登录|登入|請登入|로그인|تسجيل الدخول|התחברות|लॉग ?इन)"),
}  # fmt: skip

#: Requests for JavaScript.
JAVASCRIPT: Table = {
    "en": (r"(enable|turn on|requires?|needs?|activate|allow).{0,30}java ?script", r"java ?script.{0,40}(enable|disabled|required|turned off|is off|not available)"), "de": (r"java ?script.{0,40}(aktivier|einschalt|deaktiviert|benötigt|erforderlich)", r"(aktivier\w{0,30}|benötigt).{0,30}java ?script"),
    "fr": (r"(activer|activez|nécessite).{0,30}java ?script", r"java ?script.{0,30}(désactivé|activ|requis)"), "es": (r"(activ\w{1,30}|habilit\w{1,30}|requiere|necesit\w{1,30}).{0,30}java ?script", r"java ?script.{0,30}(desactivado|deshabilitado)"), "it": (r"(abilit\w{1,30}|attiv\w{1,30}|richiede).{0,30}java ?script", r"java ?script.{0,30}disabilitato"),
    "pt": (r"(ativ\w{1,30}|habilit\w{1,30}|requer|precisa).{0,30}java ?script", r"java ?script.{0,30}(desativado|desabilitado)"), "nl": (r"(schakel|activeer|vereist).{0,30}java ?script", r"java ?script.{0,30}(uitgeschakeld|in te schakelen)"), "nordic": (r"(aktivera|aktiver|slå på|kräver|krever).{0,30}java ?script",),
    "slavic": (r"(włącz\w{0,30}|wymaga|povolte|zapněte|vyžaduje|включите|включить|увімкніть|потребует|требует\w{0,30}).{0,40}java ?script", r"java ?script.{0,40}(отключ|включ|вимкн|увімкн|wyłączon|vypnut|povolen)"),
    "other": (r"java ?script.{0,20}(を有効|が無効|有効に|禁用|启用|啟用|开启|활성화|사용|etkin|kapalı)", r"(启用|啟用|开启|请打开).{0,10}java ?script", r"(ενεργοποι|etkinleştir|تفعيل|הפעל|aktifkan|bật).{0,30}java ?script", r"java ?script.{0,30}(ενεργοποι|etkinleştir)"),
}  # fmt: skip

#: Titles and headings of pages that say that there is nothing at the address (any more); the whole text.
GONE: Table = {
    "en": (
        r"(error|http)?( code)?\W{0,20}(404|410)\W{0,20}(error|page|gone|not found)?\W{0,20}(error|page not found|not found)?",
        r"(sorry\W{1,20}|oops\W{1,20}|uh[- ]?oh\W{1,20}){0,3}(this |the |that )?(web)?(page|article|story|content|url)( you (requested|are looking for|were looking for))?( was| is| could| can|has)?('?s)? ?(not|n.t|no longer|cannot|can.?t)( be)?( (available|found|exists?|here)){1,3}", r"not found", r"(page|article|story) (not found|missing|removed|deleted|withdrawn)", r"(the )?page (does not|doesn.t|no longer) exists?", r"we can.?t find (that|the|this) page",
        r"(this |the )?(article|story|page|post|report|content) (has been|was|is) (removed|withdrawn|deleted|retracted|taken down|unpublished)",
    ),
    "de": (r"(die |diese )?(seite|artikel|inhalt)( wurde)?( konnte)?( leider)? (nicht gefunden|nicht mehr (gefunden|verfügbar|vorhanden))( werden)?", r"seite existiert nicht( mehr)?", r"(der |dieser |die |diese )?(artikel|beitrag|seite) (wurde|ist) (gelöscht|entfernt|zurückgezogen)( worden)?"),
    "fr": (r"(cette |la )?page (introuvable|non trouvée|inexistante|n.existe (pas|plus))", r"contenu introuvable", r"(cet |l.)?article (introuvable|(a été )?(supprimé|retiré))"),
    "es": (r"(la )?página (no (encontrada|existe)|inexistente)", r"no (se )?(encontr|pudimos encontrar)\w* (la )?página", r"(contenido|artículo) no encontrado", r"(este |el )?artículo (ha sido )?(eliminado|retirado)"),
    "it": (r"(la )?pagina (non (trovata|esiste)|inesistente)", r"(questo |l.)?articolo (è stato )?(rimosso|eliminato|ritirato)"), "pt": (r"(a )?página (não (encontrada|existe)|inexistente)", r"(este |o )?artigo (foi )?(removido|retirado|eliminado)"),
    "nl": (r"(deze |de )?pagina (is )?niet gevonden", r"(dit |het )?artikel is (verwijderd|ingetrokken)"), "nordic": (r"(sidan|siden)( du letar efter)? (hittades inte|finns inte|finnes ikke|findes ikke|ble ikke funnet|blev ikke fundet|kunde inte hittas)", r"sivua ei löy(dy|tynyt)"),
    "slavic": (r"(nie znaleziono strony|strona nie (istnieje|została znaleziona))", r"stránka (nenalezena|neexistuje|nebyla nalezena)", r"страница не (найдена|существует)", r"сторінк[уа] не (знайдено|існує|знайдена)"),
    "other": (r"(az )?oldal nem található", r"pagina nu (a fost găsită|există)", r"sayfa bulunamadı", r"η σελίδα δεν (βρέθηκε|υπάρχει)", r"halaman tidak ditemukan", r"không tìm thấy trang", r"(ページが見つかりません(でした)?|お探しのページは.{0,12})", r"(抱歉\W*)?(您|你)?(访问|訪問|请求|找)?的?(页面|頁面|网页|網頁|内容)(不存在|未找到|找不到|已删除|已刪除)", r"(找不到|无法找到)(该|此|您.{0,6})?(页面|頁面|网页|網頁)", r"페이지를 찾을 수 없습니다", r"(الصفحة غير موجودة|لم يتم العثور على الصفحة)", r"(הדף|העמוד)( המבוקש)? (לא נמצא|אינו קיים)", r"(पेज|पृष्ठ) नहीं मिला"),
}  # fmt: skip

#: Titles and headings of other error pages, of sites that are down and checks for robots; the whole text, but for a name and a number.
ERROR: Table = {
    "en": (
        r"(error|http)?( code)?\W{0,20}(400|401|403|429|500|502|503|504)\W{0,20}(error|page|forbidden|bad request|too many requests|internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out)?\W{0,20}(error)?",
        r"(sorry\W{1,20}|oops\W{1,20}|uh[- ]?oh\W{1,20}){0,3}(this |the |that )?(web)?site( you (requested|are looking for|were looking for))?( was| is| could| can|has)?('?s)? ?(not|n.t|no longer|cannot|can.?t)( be)?( (available|found|exists?|here)){1,3}", r"(page|article) unavailable",
        r"(access|request|permission) (denied|blocked|rejected)", r"forbidden", r"just a moment", r"(attention required|one more step|security check|checking your browser|verifying you are human|verify you are human|please verify you are (a )?human)", r"(are you|you are|i.m not) (a |not a )?(human|robot)", r"(bot|human) verification", r"pardon our interruption", r"(site|service|page) (is )?(temporarily |currently )?(unavailable|offline|down|under maintenance)", r"(we.ll be|we will be|we are|be) (right )?back( soon| shortly| in a (moment|minute)| in a few minutes)?", r"(down for|under|site|scheduled|planned|routine) maintenance", r"maintenance( mode| break| work| page| in progress)?", r"(we are |we.re )?(currently |temporarily )?(down for|under|undergoing|performing) (scheduled |planned )?maintenance", r"temporarily (unavailable|offline|out of service|down)", r"something went wrong", r"(internal )?server error", r"bad gateway", r"too many requests", r"unavailable (for legal reasons|in your (region|country))", r"(this )?(content|site) is (not available|unavailable) in your (region|country)",
    ),
    "de": (r"(die |diese )?(seite|artikel|inhalt)( ist)?( leider)? nicht verfügbar", r"zugriff verweigert", r"fehler( \d+)?", r"wartung(sarbeiten|smodus)?", r"(die |diese |unsere )?(seite|website) (wird|ist) (gerade |derzeit |zurzeit |vorübergehend )?(gewartet|nicht erreichbar|offline|in wartung)", r"wir sind (gleich|bald|in kürze) (wieder )?(zurück|da)"),
    "fr": (r"accès (refusé|interdit)", r"erreur( \d+)?", r"contenu indisponible", r"(le |notre )?(site )?(est )?(actuellement )?en maintenance", r"maintenance en cours", r"(nous revenons|de retour) (bientôt|très vite|dans quelques instants)"),
    "es": (r"(la )?página no disponible", r"acceso denegado", r"error( \d+)?", r"contenido no disponible", r"(sitio |página |estamos )?en mantenimiento", r"volvemos (pronto|enseguida|en unos minutos)"),
    "it": (r"(la )?pagina non disponibile", r"accesso negato", r"errore( \d+)?", r"(sito |pagina )?in manutenzione", r"torniamo (presto|subito)"), "pt": (r"(a )?página não disponível", r"acesso negado", r"erro( \d+)?", r"(site |página |estamos )?em manutenção", r"voltamos (já|em breve)"),
    "nl": (r"(deze |de )?pagina (is )?niet beschikbaar", r"toegang geweigerd", r"(gepland |site )?onderhoud", r"we zijn (zo|snel) terug"), "nordic": (r"(planerat |planlagt )?(underhåll|vedlikehold|vedligeholdelse)", r"(vi är|vi er) (snart )?(tillbaka|tilbake|tilbage)( snart)?", r"huoltokatko"),
    "slavic": (r"(ошибка( \d+)?|доступ (запрещ[её]н|ограничен)|технические работы|сайт на обслуживании)", r"(помилка( \d+)?|технічні роботи)", r"(przerwa techniczna|trwają prace (techniczne|serwisowe))", r"(údržba( webu)?|probíhá údržba)"),
    "other": (r"bakım (çalışması|modu)", r"karbantartás", r"アクセスが拒否されました", r"(ただいま)?メンテナンス中(です)?", r"(网站|網站|系统|系統)?(维护|維護)中", r"(抱歉\W*)?(您|你)?(访问|訪問|请求|找)?的?(页面|頁面|网页|網頁|内容)无法访问", r"(시스템 )?점검 ?중(입니다)?"),
}  # fmt: skip

#: In a title: the text goes on growing.
LIVE: Table = {
    "en": (r"\blive[- ]?blog\b", r"\blive (updates?|coverage|ticker|feed|text)\b", r"\bas it happened\b", r"\blive\s*[:–—|]", r"[:–—|]\s*live\W*$"), "de": (r"\blive-?(ticker|blog)\b", r"\bnewsticker\b", r"\bnewsblog\b"), "fr": (r"^(en )?direct\s*[:.,–—]", r"[,:–—|]\s*(suivez )?(notre |le )?(en )?direct\W*$", r"\ble direct\s*:"), "es": (r"\bminuto a minuto\b", r"(última hora,? )en (directo|vivo)\b", r"\b(en )?(directo|vivo)\s*[:|]", r"[:,|]\s*en (directo|vivo)\W*$"),
    "it": (r"\bla diretta\b", r"\bin diretta\s*[:|]", r"\bdiretta live\b"), "pt": (r"\bao minuto\b", r"\bao vivo\s*[:|]", r"\bminuto a minuto\b"), "nl": (r"\bliveblog\b",), "nordic": (r"\bliverapport", r"\bdirekterapport", r"\bdirekte\s*:", r"\blivestudio\b"), "slavic": (r"\bna żywo\s*[:|]", r"\brelacja na żywo\b", r"\bonline\s*:\s", r"\bonline přenos\b", r"онлайн[- ]трансляция", r"текстов\w{1,30} (трансляция|онлайн)", r"онлайн[- ]трансляція", r"наживо\s*[:|]"),
    "other": (r"\bcanlı (anlatım|blog)\b", r"\bdakika dakika\b", r"速報ライブ", r"ライブ速報", r"(文字|图文|圖文)直播", r"实时更新", r"실시간 (중계|업데이트)", r"لحظة بلحظة", r"תיעוד חי", r"लाइव अपडेट", r"ζωντανά\s*[:|]", r"λεπτό προς λεπτό"),
}  # fmt: skip

#: In a title: a page of pictures.
GALLERY: Table = {
    "en": (r"\bin pictures\b", r"\bin photos\b", r"^(photos|pictures|gallery|photo gallery)\b", r"\b(photo|picture) (gallery|essay)\b", r"\bslideshow\b"), "de": (r"\b(bildergalerie|fotostrecke|fotogalerie|in bildern|bilderstrecke)\b",), "fr": (r"\ben (images|photos)\b", r"\bdiaporama\b"), "es": (r"\ben (imágenes|fotos)\b", r"\b(fotogalería|galería de (fotos|imágenes))\b", r"^(fotos|las fotos)\b"), "it": (r"\b(fotogallery|in foto|le foto|fotogalleria)\b",),
    "pt": (r"\b(veja|confira) (as )?fotos\b", r"\b(em (fotos|imagens)|fotogaleria|galeria de (fotos|imagens))\b", r"^fotos\b"), "nl": (r"\bin beeld\b", r"\bfotoserie\b"), "nordic": (r"\bbildspel\b", r"\bbildextra\b", r"\bi bilder\b"), "slavic": (r"\bfoto(galeria|galerie|relacja)\b", r"фото(галерея|репортаж|лента)", r"в фотографиях"),
    "other": (r"\bfoto galeri\b", r"写真(特集|集)", r"フォトギャラリー", r"(高清)?(图集|圖集|组图|組圖)", r"화보", r"بالصور", r"foto-foto"),
}  # fmt: skip

#: Segments of addresses.
GALLERY_PATH = re.compile(
    r"/(?:gallery|galleries|photos|photo-?gallery|pictures|slide-?shows?|bildergalerien?|diaporamas?|foto-?galer\w+|fotostrecken?|fotos|fotogallery)(?:/|-|$)",
    re.I,
)
VIDEO_PATH = re.compile(r"/(?:videos?|watch|mediathek|vidéos?|vide[uo]|tv)(?:/|$)", re.I)
LIVE_PATH = re.compile(r"[/-]live-?(?:blog|ticker|updates?)(?:[/-]|$)|/liveticker(?:/|$)", re.I)


@lru_cache(maxsize=16)
def _book(name: str) -> Phrasebook:
    table = {
        "paywall": PAYWALL, "consent": CONSENT, "login": LOGIN, "javascript": JAVASCRIPT, "gone": GONE, "error": ERROR, "live": LIVE,
        "gallery": GALLERY,
    }[name]  # fmt: skip
    return Phrasebook(phrase for phrases in table.values() for phrase in phrases)


def asks_for_money(line: str) -> bool:
    """Whether a line says that the rest is for subscribers or members."""
    return _book("paywall").occurs(line)


def asks_for_consent(line: str) -> bool:
    """Whether a line speaks of cookies, partners and personal data."""
    return _book("consent").occurs(line)


def asks_for_login(heading: str) -> bool:
    """Whether a title or heading asks the reader to log in."""
    return len(heading) <= 60 and _book("login").begins(heading)


def asks_for_javascript(text: str) -> bool:
    """Whether a text asks for JavaScript."""
    return _book("javascript").occurs(text)


#: A site's name behind a title.
_NAME_BEHIND = re.compile(r"\s[|–—•-]\s")
_EDGES = re.compile(r"^\W+|(?<!\W)\W+$")


def is_error(heading: str) -> bool:
    """Whether a title or heading, as a whole, is an error message or a check for robots."""
    return _is_whole("gone", heading) or _is_whole("error", heading)


def is_gone(heading: str) -> bool:
    """Whether a title or heading, as a whole, says that there is nothing at the address any more."""
    return _is_whole("gone", heading)


def _is_whole(table: str, heading: str) -> bool:
    if len(heading) > 120:
        return False
    said = (heading, _NAME_BEHIND.split(heading)[0])
    return any(_book(table).is_whole(_EDGES.sub("", text)) for text in said)


def is_live(title: str) -> bool:
    """Whether a title calls its page a live report."""
    return _book("live").occurs(title)


def is_gallery(title: str) -> bool:
    """Whether a title calls its page a gallery."""
    return _book("gallery").occurs(title)
