# ruff: noqa: E501 - tables of words read better unbroken
"""What pages say to their readers around an article, by language: prompts, labels, headings of teaser blocks.

Each entry is a regular expression, matched without regard to case. To teach Wireroom another phrase, add it to the
right table under its language; a test of your own goes into tests/pages/.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.extract.phrasebook import Phrasebook

#: Whole short lines that are an invitation, a button or a label; matched at the line's beginning.
PROMPTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(please )?(sign|signing) up (for|to|now|here)\b", r"subscribe\b", r"(click|tap) here\b", r"read more\b", r"more:",
        r"(also )?read( also| next| more| this)?\s*[:>|]", r"(also|see|read|must|you may|you might) (also )?(read|like|want)\b.{0,40}[:?]?$",
        r"related( articles?| stories| story| content| posts?| coverage| news| links?| topics?| reading)?\s*[:>|]", r"see also\b",
        r"follow (us|@|\w+( \w+)? on (twitter|facebook|instagram|x|linkedin|google|whatsapp))", r"(find|join|like|follow) us on\b",
        r"(share|tweet|email|print|save|copy link)( this)?( (article|story|post|page|on \w+|via \w+))?$", r"share (this|on|via)\b.{0,40}$",
        r"advert(isement)?\b.{0,40}$", r"explore further$", r"media playback is", r"(story )?continues? (reading )?(below|after)\b.{0,40}", r"article continues\b", r"scroll (down )?to (continue|read)",
        r"get (the|our|all the|your)\b.{0,80}\b(newsletter|inbox|app|email)\b", r"(download|get) (the|our) .{0,30}\bapp\b",
        r"(watch|listen|video|photos?|gallery|pictures|live updates|in pictures|explainer|more on this( story)?|opinion|analysis)\s*[:>|]",
        r"(filed under|tags?|topics?|categories|category|posted in|tagged( with)?|keywords?)\s*:", r"(leave|post|add|write) a (comment|reply)",
        r"(view|show|read|see|hide|load) (all |more )?comments?\b", r"\d+ comments?$", r"comments?( \(\d+\))?$", r"(sign|log) ?in\b.{0,40}$",
        r"we use cookies", r"this (site|website) uses cookies", r"all rights reserved", r"(©|\(c\)|copyright)\s", r"report (a |an )?(typo|error|correction)",
        r"have (a|you got a) (news )?(tip|story)\b", r"(do you have|got) (a|any) (news )?(tip|story|question)", r"contact the (author|reporter|writer)",
        r"this article (was )?(originally|first) (appeared|published)", r"support (our|independent|local) journalism", r"become a (member|subscriber)",
        r"join the (conversation|discussion)", r"(most|more) (popular|read|viewed|shared|from|stories|news|in|on)\b.{0,40}$", r"(recommended|trending|popular)( (for you|now|stories|articles|videos?|posts))?$",
        r"(don.t|never) miss (a|an|out|the)\b", r"stay (up to date|informed|connected)\b", r"want (more|to (read|get|keep))\b", r"our newsletter", r"listen to (this )?(article|story|the)",
        r"(loading|please wait)\b", r"back to top", r"(next|previous|prev) (article|post|story|page)\b", r"(skip|jump) to\b", r"enter your e-?mail", r"\d+ (shares?|views?|likes?)$",
        r"(last )?(updated|published|posted|modified)( on| at)?\s*:?\s*\S+ .{0,60}$", r"\d+ min(ute)?s?( to)? read$", r"reading time\b", r"estimated read", r"by clicking\b", r"your (email|e-mail) address\b",
        r"thank you for (reading|subscribing|your)\b", r"the views expressed\b.{0,60}\bauthor", r"image (source|caption|copyright|credit)", r"(photo|image|picture|video) ?(by|credits?|courtesy|source|via|caption)\b", r"getty images?$",
        r"(view|see|more) (the )?(original|gallery|photos|slideshow|full|in full)\b.{0,30}$", r"in this (article|story)\W*$", r"table of contents$", r"what to read next", r"editors?['’]s? (picks?|choice|note on)", r"(this (video|content)|your browser) (is not|can.?not|does not|cannot)\b", r"javascript is\b", r"(enable|turn on) javascript", r"an error (has )?occurred", r"(play|pause|mute|unmute|fullscreen)( video)?$", r"more information:?$",
    ),
    "de": (
        r"(jetzt |hier |zum )?newsletter\b", r"(jetzt )?(abonnieren|anmelden|registrieren)\b", r"(hier )?(weiter|mehr)(lesen| lesen)\b", r"lesen sie (auch|hier|mehr|dazu|jetzt)\b", r"(auch|mehr) (interessant|zum thema|dazu|aus|von)\b.{0,60}$",
        r"(das könnte|das dürfte) (sie|dich|ihnen) (auch )?", r"zum thema\s*:?$", r"anzeige$", r"werbung$", r"(artikel|beitrag) (teilen|drucken|merken|versenden|kommentieren)", r"(teilen|drucken|kommentieren|merken|startseite|folgen|kommentare( \(\d+\))?|\d+ kommentare?)$",
        r"folgen sie uns", r"(foto|bild|quelle|fotos|bilder|grafik|video|bildquelle|bildrechte)s?\s*:", r"© ", r"(stand|veröffentlicht|aktualisiert|letzte aktualisierung|erstellt)( am)?\s*:?\s*\d", r"schlagw(ö|o)rt", r"(diskutieren|kommentieren) sie\b", r"mit (material|informationen) (von|der)\b", r"lesezeit\b", r"jetzt (testen|lesen|weiterlesen|anhören)\b", r"empfohlener (externer|redaktioneller) inhalt", r"an dieser stelle (finde|befinde)\w*", r"du kannst ihn dir mit einem klick", r"link zum \w+-inhalt", r"ich bin damit einverstanden", r"(externer|externe) inhalte?\b", r"zur startseite", r"hören sie\b.{0,60}$", r"\(?lesen sie",
    ),
    "fr": (
        r"(à )?lire (aussi|la suite|également|plus)\b", r"(s['’])?abonn(ez|er|é)\b", r"inscri(vez|re)[- ]", r"(partager|imprimer|commenter|envoyer|réagir|publicité|commentaires?|sauvegarder|écouter l.article)\b.{0,20}$", r"(crédits?|photo|source|image)\s*:", r"(publié|mis à jour|modifié|posté)( le)? .{0,60}$", r"sur le même (sujet|thème)", r"suivez[- ]nous", r"la suite après", r"(voir|découvrez|lire) (aussi|également)", r"temps de lecture", r"(article|contenu) réservé", r"recevez\b.{0,80}(newsletter|mail)", r"notre newsletter", r"dans la même rubrique",
    ),
    "es": (
        r"(lea?|leer|ver|vea|lee|mira) (también|más|además)\b", r"suscr(í|i)b\w+", r"(compartir|imprimir|publicidad|comentarios?|comentar|guardar|anuncio)\b.{0,20}$", r"te puede interesar", r"(le|te) (puede|podría) interesar", r"más (información|noticias)\s*[:|]?", r"(foto|fuente|imagen|crédito|video|vídeo)s?\s*:", r"síguenos", r"(publicado|actualizado)( el| a las)?\s*:?\s.{0,50}$", r"noticias? relacionad", r"contenido relacionado", r"haz clic", r"regístrate", r"archivado en", r"temas?( relacionados)?\s*:?$", r"únete a\b",
    ),
    "it": (
        r"leggi (anche|tutto|di più|l.articolo)\b", r"(iscriviti|abbonati|registrati)\b", r"(condividi|stampa|pubblicità|commenti|commenta|invia)\b.{0,20}$", r"(foto|fonte|immagine|credit)s?\s*:", r"seguici\b", r"potrebbe interessarti", r"articoli correlati", r"(pubblicato|aggiornato)( il)?\s.{0,50}$", r"tempo di lettura", r"©?\s?riproduzione riservata", r"ultimo aggiornamento",
    ),
    "pt": (
        r"(leia|veja|saiba|confira|ouça|assista) (também|mais|ainda)\b", r"(assine|inscreva|cadastre)[- ]?", r"(compartilh(ar|e)|imprimir|publicidade|comentários?|comentar|partilhar)\b.{0,20}$", r"(foto|fonte|imagem|crédito)s?\s*:", r"siga[- ]nos", r"(publicado|atualizado)( em)?\s.{0,50}$", r"(notícias|conteúdo|artigos) relacionad", r"receba (as|nossas|no)\b",
    ),
    "nl": (
        r"lees (ook|meer|verder)\b", r"(abonneer|aanmelden|meld je aan|schrijf je in)\b", r"(delen|deel|reageer|reacties?|advertentie|printen)\b.{0,20}$", r"(foto|beeld|bron)\s*:", r"volg ons", r"bekijk ook",
    ),
    "nordic": (
        r"(läs|les|læs|lue) (også|också|mer|mere|videre|vidare|myös|lisää)\b", r"(annons|reklame|reklam|annonse|mainos)$", r"(dela|del|jaa)( artikeln| artikkelen)?$", r"(foto|kuva)\s*:", r"prenumerera\b", r"abonn(er|ér)\b", r"følg oss", r"artikkelen fortsetter", r"artikeln fortsätter",
    ),
    "pl": (r"(czytaj|zobacz|przeczytaj|sprawdź) (też|także|również|więcej)\b", r"(reklama|udostępnij|komentarze?|drukuj)$", r"(fot|źródło|foto|zdjęcie)\s*[.:]", r"dalsza część"),
    "cs": (r"(čtěte|přečtěte|čtěte|podívejte) (také|též|více|si)\b", r"(reklama|sdílet|diskuse|inzerce)\b.{0,15}$", r"(foto|zdroj)\s*:"),
    "ru": (
        r"(читайте|смотрите|см\.|подробнее|читать)( также| ещё| еще| далее| по теме)?\s*[:.]?$", r"(читайте|смотрите) (также|ещё|еще|далее)", r"подпи(сыв|ши|сать)\w*", r"(поделиться|реклама|комментарии|комментировать|распечатать)\b.{0,20}$", r"(фото|источник|изображение|иллюстрация|видео)\s*[:/]", r"по теме\s*:?$", r"(материалы|новости) по теме", r"нашли (ошибку|опечатку)", r"ранее мы писали", r"наш telegram",
    ),
    "uk": (r"(читайте|дивіться) (також|ще)", r"підпис(уй|ати|ка)\w*", r"(поділитися|реклама|коментарі)\b.{0,20}$", r"(фото|джерело)\s*[:/]"),
    "tr": (r"(abone ol|paylaş|reklam|yorumlar?)\b.{0,20}$", r"(ayrıca|bunu da) (oku|bak)", r"(fotoğraf|kaynak)\s*:", r"ilgili haberler"),
    "ja": (r"(関連記事|あわせて読みたい|続きを読む|この記事を|シェア|広告|無料会員|会員登録|ログイン|メルマガ|おすすめ記事|人気記事|記事一覧|フォロー|もっと見る|【関連|【あわせて|＞＞|>>)", r"(写真|画像|提供|撮影)\s*[:：=＝]"),
    "zh": (r"(相关阅读|相关新闻|延伸閱讀|延伸阅读|相關新聞|相關文章|推荐阅读|分享到|扫一扫|责任编辑|責任編輯|点击|广告|廣告|订阅|訂閱|下载|來源：|来源：|更多新聞|更多新闻|看更多)",),
    "ko": (r"(관련기사|관련 기사|공유하기|구독|무단전재|무단 전재|저작권자|광고|댓글|추천기사|기사제보|많이 본)", r"[ⓒ©]"),
    "ar": (r"(اقرأ أيضا|اقرأ المزيد|إقرأ أيضا|شارك|اشترك|إعلان|تابعنا|مواضيع ذات صلة|اقرأ أيضًا|المصدر\s*:)",),
    "el": (r"(διαβάστε (επίσης|ακόμη|ακόμα|περισσότερα)|ακολουθήστε|δείτε (επίσης|ακόμη)|κοινοποίηση)",),
    "hu": (r"(olvassa? el|kapcsolódó|hirdetés|megosztás|iratkozzon|feliratkoz)",),
    "ro": (r"(citește și|citeste si|abonează|publicitate|distribuie)",),
    "id": (r"(baca (juga|selengkapnya)|bagikan|iklan|advertisement|scroll to continue)",),
    "vi": (r"(xem thêm|đọc thêm|chia sẻ|bình luận|đăng ký)\b",),
    "hi": (r"(यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|विज्ञापन|शेयर करें)",),
}  # fmt: skip

#: Headings of blocks that promote other stories; the whole line.
TEASER_HEADINGS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(related|more|other|latest|top|recent|popular|trending|recommended|similar|featured|further|most (read|popular|viewed|shared))( \w+){0,2}? (articles?|stories|story|posts?|news|reading|coverage|content|links?|topics?|videos?|headlines)",
        r"related", r"(you (may|might) also (like|be interested in|enjoy)|read (next|also|more)|see also|more (from|on|in|about|like) .{0,60}|up next|what to read next|don.t miss|in case you missed it|recommended( for you)?|trending( now)?|most (read|popular|viewed)|top stories|editor.?s.? picks?|also (read|on .{0,40})|from (around|across) the web|promoted( stories| content)?|sponsored( stories| content)?|around the web|keep reading|comments?|leave a (reply|comment)|about the authors?|share( this.{0,20})?|tags|topics|share .{0,20}|newsletter|subscribe|sign up.{0,60}|follow us.{0,30}|contact( us)?|latest|join the conversation|post a comment|recent comments|popular posts|further reading)",
    ),
    "de": (r"(mehr zum thema|das könnte sie auch interessieren|lesen sie auch|auch interessant|weitere (artikel|themen|nachrichten|meldungen|infos?|informationen|beiträge)|verwandte (artikel|themen)|ähnliche (artikel|beiträge)|meistgelesen(e artikel)?|mehr (aus|von|zu|über) .{0,60}|kommentare|schlagwörter|themen|zum thema|empfehlungen|neueste .{0,30}|newsletter|über den autor|über die autorin|dazu passend|mehr dazu|links zum thema)",),
    "fr": (r"(à lire aussi|lire aussi|sur le même sujet|articles? (liés|similaires|recommandés)|voir aussi|les plus lus|à découvrir|commentaires?|plus d.(articles|actualités)|dans la même rubrique|nos autres articles|à voir aussi)",),
    "es": (r"(te puede interesar|noticias relacionadas|artículos relacionados|lee también|lea también|más (noticias|leídas?|información)|lo más (leído|visto)|comentarios|relacionad[ao]s|contenido relacionado|etiquetas|temas)",),
    "it": (r"(leggi anche|articoli correlati|potrebbe interessarti|i più letti|commenti|altre notizie|ti potrebbe interessare|correlati)",),
    "pt": (r"(leia (também|mais)|notícias relacionadas|artigos relacionados|mais lidas|veja também|comentários|relacionad[ao]s|saiba mais|últimas notícias|conteúdo relacionado)",),
    "nl": (r"(lees ook|gerelateerd( nieuws)?|meer (nieuws|over) .{0,40}|reacties|meest gelezen)",),
    "nordic": (r"(läs också|les også|læs også|läs (mer|även)|mest lest|mest läst|relaterte? .{0,30}|relaterade .{0,30}|lue myös|kommentarer|mer om .{0,40})",),
    "slavic": (r"(читайте также|по теме|материалы по теме|новости по теме|другие новости|ещё по теме|комментарии|похожие .{0,30}|связанные .{0,30}|самое читаемое|популярное|читайте також|czytaj (też|także|również)|zobacz (też|także|również)|polecane|powiązane .{0,30}|čtěte (také|dále)|související( články)?|mohlo by vás zajímat|komentarze|diskuse|témata)",),
    "cjk": (r"(関連記事|関連リンク|あわせて読みたい|おすすめ(の)?記事|人気記事|ランキング|相关阅读|相关新闻|相关文章|延伸閱讀|延伸阅读|相關新聞|相關文章|推荐阅读|推薦閱讀|热门.{0,8}|관련 ?기사|많이 본 (뉴스|기사)|추천 ?기사|이 시각 주요 ?뉴스)",),
    "other": (r"(اقرأ أيضا|مواضيع ذات صلة|أخبار ذات صلة|الأكثر قراءة|ilgili haberler|benzer haberler|kapcsolódó cikkek|citește și|baca juga|berita terkait|tin liên quan|διαβάστε (επίσης|ακόμα))",),
}  # fmt: skip

#: Inside a line of any length below the limit of lines.py: it asks the reader for something.
APPEALS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(sign up|subscribe|signing up)\b.{0,60}\b(newsletters?|inbox|e-?mails?|alerts?|updates|briefing|digest|podcast|channel|today|now|here)\b", r"\b(our|the|free|daily|weekly|morning|evening) newsletters?\b.{0,80}(sign|subscrib|inbox|here|informed|delivered|\bget\b)", r"delivered (straight |directly |daily |weekly )?(to|into) your (inbox|e-?mail)", r"^subscribe to ", r"follow .{1,60} on (twitter|facebook|instagram|linkedin|x\b|google news|whatsapp|tiktok)", r"(click|tap) here to (read|subscribe|sign|get|see|watch|view|listen|support|join|download|buy|learn)", r"(read|get) (unlimited|full) access", r"already (a )?(subscriber|member|subscribed|have an account)", r"by (signing up|subscribing|clicking|continuing|submitting).{0,80}(agree|accept|terms|privacy)", r"privacy policy", r"terms (of (use|service)|and conditions|& conditions)", r"all rights reserved", r"may not be (published|reproduced|broadcast|rewritten|redistributed)", r"you (can |may |will )?(unsubscribe|opt[- ]out)", r"(donate|contribution)\b.{0,40}\b(today|now|here|support)\b", r"if you (purchase|buy) .{0,60}(link|commission)", r"(may|might) (earn|receive) (a |an )?(affiliate )?commission", r"(contact|e-?mail|reach|write to) (the )?(author|reporter|writer|him|her|them|us|\w+ \w+) (at|via) \S+@", r"we.?d love to hear from you", r"send (us )?(your )?(tips?|feedback|letters)", r"(follow|reach|find) (her|him|me|them) (on|at|@)",
    ),
    "de": (r"newsletter\b.{0,60}(abonnier|anmeld|bestell|registrier|kostenlos)", r"(abonnier|anmeld|bestell)\w*.{0,60}newsletter", r"datenschutzerkl", r"folgen sie uns", r"mehr (dazu|informationen) (finden|lesen) sie", r"alle rechte vorbehalten", r"auf whatsapp.{0,40}(folg|kanal)", r"(mit )?affiliate-link"),
    "fr": (r"(inscri|abonn|recev)\w*.{0,60}newsletter", r"tous droits réservés", r"suivez.{0,30}(facebook|twitter|instagram|google)"),
    "es": (r"(suscr|apúnt|recib|regístr)\w*.{0,60}(newsletter|bolet)", r"todos los derechos reservados", r"(síguenos|sigue a|síganos|únete).{0,60}(facebook|twitter|instagram|whatsapp|telegram)"),
    "it": (r"(iscri|ricev)\w*.{0,60}newsletter", r"tutti i diritti riservati", r"segui.{0,30}(facebook|twitter|instagram)"),
    "pt": (r"(assin|receb|inscrev|cadastr)\w*.{0,60}newsletter", r"todos os direitos reservados"),
    "ru": (r"подпи(сыв|ши|сать)\w*.{0,60}(рассылк|канал|telegram|телеграм|новост)", r"все права защищены", r"выделите (ее|её|его|текст|ошибку)", r"ctrl\s*\+\s*enter"),
    "uk": (r"підпис\w*.{0,60}(розсилк|канал|telegram|новин)", r"ctrl\s*\+\s*enter"),
    "pl": (r"(zapisz|zapisać|subskryb)\w*.{0,60}newsletter", r"wszelkie prawa zastrzeżone"),
    "ko": (r"무단\s?(전재|복제)", r"재배포\s?금지"),
    "ja": (r"無断(転載|複製)", r"(無料|有料)会員"),
    "zh": (r"(未经|未經)(授权|授權|许可|許可)", r"版[权權]所有"),
}  # fmt: skip

#: A caption's or credit line's opening, and what agencies and photographers leave in it.
CREDIT_OPENINGS = (
    r"(?:(?:lead |cover |featured |feature |main |hero )?(?:photo(?:graph|s|graphs|graphy|graphie)?|images?|pictures?|pic|illustrations?|artwork|graphic|foto(?:s|grafia|grafía|graf|grafi)?|fotók?|bild(?:er)?|imagen|immagine|imagem|beeld|kuva|zdjęcie|fot|grafik|infografik|crédit(?:s)?(?: photo)?|credits?|fotocredit|image source|bildquelle|bildrechte|bildnachweis|copyright|courtesy|"
    r"фото(?:графия)?|изображение|иллюстрация|снимок|зображення|写真|画像|撮影|提供|图片|圖片|图|圖|摄影|攝影|사진|صورة|تصوير|φωτογραφία)(?: (?:credits?|courtesy|source|copyright|quelle))?)"
)


@lru_cache(maxsize=8)
def _book(table: str) -> Phrasebook:
    entries = {"prompts": PROMPTS, "teasers": TEASER_HEADINGS, "appeals": APPEALS}[table]
    return Phrasebook(phrase for phrases in entries.values() for phrase in phrases)


_DECORATION = " \t-–—•·»›>|*#:…►▶→◆■●★☞👉[("


def is_prompt(text: str) -> bool:
    """Whether a short line is an invitation, a button or a label."""
    return _book("prompts").begins(text.lstrip(_DECORATION))


def is_teaser_heading(text: str) -> bool:
    """Whether a line is, as a whole, the heading of a block that promotes other stories."""
    text = text.strip(_DECORATION + ".!)]")
    return _book("teasers").is_whole(text) or is_comment_heading(text)


_COMMENT_HEADING = re.compile(
    r"(?:\d+ )?(?:top rated |recent |reader |your |all |view |show |leave a |post a |add a |write a )?(?:comments?|reply|kommentare?|commentaires?|comentarios?|comentários?|commenti|"
    r"комментарии|коментарі|reacties|komentarze|diskuse|コメント|评论|評論|댓글|join the conversation|join the discussion)(?:\W*\(?\d*\)?)",
    re.IGNORECASE,
)


def is_comment_heading(text: str) -> bool:
    """Whether readers' comments begin here."""
    return bool(_COMMENT_HEADING.fullmatch(text.strip(_DECORATION + ".!:)]")))


def is_appeal(text: str) -> bool:
    """Whether a line asks for a subscription, a click or consent, or states terms."""
    return _book("appeals").occurs(text)


_CREDIT_START = re.compile(rf"^{CREDIT_OPENINGS}\s*(?:[:：=＝©/|]|by\b|von\b|de\b|par\b|via\b|\(c\))", re.IGNORECASE)
_CREDIT_MARKS = (
    r"[(\[](?:image|photo|picture|pic|foto|bild|credit|фото|사진)s?\s*[:=：]", r"©", r"\(c\) ", r"getty images", r"/\s?(?:ap|afp|reuters|getty|epa|dpa|tass|imago|shutterstock|istock|alamy|anadolu)\b",
    r"\b(?:shutterstock|istockphoto|alamy stock|ap photo|file photo|picture alliance|via getty|unsplash|pixabay|pexels)\b",
    r"\bphoto(?:graph)? (?:by|courtesy)\b",
)  # fmt: skip
_CREDIT_MARK = re.compile("|".join(_CREDIT_MARKS), re.IGNORECASE)
_CREDIT_BOOK = Phrasebook(_CREDIT_MARKS)


def is_credit(text: str) -> bool:
    """Whether a line only says who made a picture."""
    text = text.strip(" ()[]")
    if _CREDIT_START.match(text):
        return True
    found = _CREDIT_MARK.search(text) if _CREDIT_BOOK.occurs(text) else None
    return found is not None and (len(text) < 80 or found.start() > len(text) - 60)


def credit_of(text: str) -> str | None:
    """The maker's name from a credit line or the end of a caption."""
    text = text.strip()
    found = re.search(
        rf"(?:^|[\s(\[|.–—-])(?:{CREDIT_OPENINGS}\s*(?:[:：=＝©/|]|by\b|von\b|par\b|via\b)|©|\(c\)\s)\s*(.+)$",
        text,
        re.IGNORECASE,
    )
    return found[1].strip(" .)]|:") or None if found else None
