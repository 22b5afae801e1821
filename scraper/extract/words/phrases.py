# ruff: noqa: E501 - tables of words read better unbroken
"""What pages say to their readers around an article, by language: prompts, labels, headings of teaser blocks.

Each entry is a regular expression, matched without regard to case. To teach Wireroom another phrase, add it to the
right table under its language; a test of your own goes into tests/pages/.
"""

from __future__ import annotations

import re
from functools import lru_cache

from scraper.extract.words.phrasebook import Phrasebook

#: Whole short lines that are an invitation, a button or a label; matched at the line's beginning.
PROMPTS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(please )?(sign|signing) up (for|to|now|here)\b", r"subscribe\b", r"(click|tap) here\b", r"read more\b",
        r"(also )?read( also| next| more| this)?\s*[:>|]", r"(also|see|read|must|you may|you might) (also )?(read|like|want)\b.{0,40}[:?]?$",
        r"related( articles?| stories| story| content| posts?| coverage| news| links?| topics?| reading)?\s*[:>|]", r"see also\b",
        r"follow (us|@|\w+( \w+)? on (twitter|facebook|instagram|x|linkedin|google|whatsapp))", r"(find|join|like|follow) us on\b",
        r"(share|tweet|email|print|save|copy link)( this)?( (article|story|post|page|on \w+|via \w+))?$", r"share (this|on|via)\b.{0,40}$",
        r"advert(isement)?\b.{0,40}$", r"explore further$", r"article continues\b",
        r"get (the|our|all the|your)\b.{0,80}\b(newsletter|inbox|app|email)\b", r"(download|get) (the|our) .{0,30}\bapp\b",
        r"(watch|listen|video|photos?|gallery|pictures|live updates|in pictures|explainer|more on this( story)?|opinion|analysis)\s*[:>|]",
        r"(filed under|tags?|topics?|categories|category|posted in|tagged( with)?|keywords?)\s*:", r"(leave|post|add|write) a (comment|reply)",
        r"(view|show|read|see|hide|load) (all |more )?comments?\b", r"\d{1,9} comments?$", r"comments?( \(\d+\))?$", r"(sign|log) ?in\b.{0,40}$",
        r"(we use|this (site|website) uses) cookies", r"(©|\(c\)|copyright)\s",
        r"have (a|you got a) (news )?(tip|story)\b", r"(do you have|got) (a|any) (news )?(tip|story|question)",
        r"support (our|independent|local) journalism", r"become a (member|subscriber)",
        r"(most|more) (popular|read|viewed|shared|from|stories|news|in|on)\b.{0,40}$",
        r"our newsletter", r"(listen to|watch|read|hear|follow) our (latest )?(podcasts?|videos?|newsletter|shows?|live ?blog)\b",
        r"(loading|please wait)\b", r"back to top", r"(next|previous|prev) (article|post|story|page)\b", r"\d{1,9} (shares?|views?|likes?)$",
        r"\d{1,9} min(ute)?s?( to)? read$", r"your (email|e-mail) address\b",
        r"thank you for (reading|subscribing|your)\b",
        r"in this (article|story)\W*$", r"table of contents$", r"(this (video|content)|your browser) (is not|can.?not|does not|cannot)\b", r"(enable|turn on) javascript", r"(play|pause|mute|unmute|fullscreen)( video)?$",
        r"sponsored( by .{0,40})?$", r"\d{1,2}:\d\d(:\d\d)?( ?[/|-] ?\d{1,2}:\d\d(:\d\d)?)?$", r"tell us (what|your|how|about your)\b.{0,60}$",
    ),
    "de": (
        r"(jetzt |hier |zum )?newsletter\b", r"(jetzt )?(abonnieren|anmelden|registrieren)\b", r"(hier )?(weiter|mehr)(lesen| lesen)\b", r"(auch|mehr) (interessant|zum thema|dazu|aus|von)\b.{0,60}$",
        r"anzeige$", r"werbung$", r"(artikel|beitrag) (teilen|drucken|merken|versenden|kommentieren)", r"(teilen|drucken|kommentieren|merken|startseite|folgen|kommentare( \(\d{1,9}\))?|\d{1,9} kommentare?)$",
        r"(foto|bild|quelle|fotos|bilder|grafik|video|bildquelle|bildrechte)s?\s*:", r"(stand|veröffentlicht|aktualisiert|letzte aktualisierung|erstellt)( am)?\s{0,9}:?\s{0,9}\d", r"schlagw(ö|o)rt", r"lesezeit\b", r"jetzt (testen|lesen|weiterlesen|anhören)\b", r"empfohlener (externer|redaktioneller) inhalt", r"(externer|externe) inhalte?\b", r"zur startseite", r"\(?lesen sie", r"les(t|en) (auch|mehr|sie auch)\b", r"\d{1,9} min\.?$", r"(weitere|mehr) (videos?|bilder|fotos|artikel)$", r"(newsblog|liveblog|live-?ticker|podcast|umfrage|quiz|video)\s*:",
    ),
    "fr": (
        r"(à )?lire (aussi|la suite|également|plus)\b", r"(s['’])?abonn(ez|er|é)\b", r"inscri(vez|re)[- ]", r"(partager|imprimer|commenter|envoyer|réagir|publicité|commentaires?|sauvegarder|écouter l.article)\b.{0,20}$", r"(crédits?|photo|source|image)\s*:", r"(publié|mis à jour|modifié|posté)( le)? .{0,100}$", r"suivez[- ]nous", r"la suite après", r"(voir|découvrez|lire) (aussi|également)", r"temps de lecture", r"(article|contenu) réservé", r"recevez\b.{0,80}(newsletter|mail)", r"notre newsletter", r"à (lire|voir|écouter|découvrir)\b.{0,20}[:|]", r"(vidéo|podcast|infographie|en images|diaporama)\s*[:|.]",
    ),
    "es": (
        r"(lea?|leer|ver|vea|lee|mira) (también|más|además)\b", r"suscr(í|i)b\w{1,30}", r"(compartir|imprimir|publicidad|comentarios?|comentar|guardar|anuncio)\b.{0,20}$", r"(le|te) (puede|podría) interesar", r"más (información|noticias)\s*[:|]?", r"(foto|fuente|imagen|crédito|video|vídeo)s?\s*:", r"síguenos", r"(publicado|actualizado)( el| a las)?\s*:?\s.{0,50}$", r"haz clic", r"regístrate", r"archivado en", r"temas?( relacionados)?\s*:?$", r"(lee|lea|leé|mira|ve|escucha|sigue leyendo)( también| más| aquí)?\s*[:|]", r"(puedes?|puede) (ver|leer)\s*:", r"tiempo de lectura", r"(vídeo|video|galería|en imágenes|podcast)\s*[:|]",
    ),
    "it": (
        r"leggi (anche|tutto|di più|l.articolo)\b", r"(iscriviti|abbonati|registrati)\b", r"(condividi|stampa|pubblicità|commenti|commenta|invia)\b.{0,20}$", r"(foto|fonte|immagine|credit)s?\s*:", r"seguici\b", r"(pubblicato|aggiornato)( il)?\s.{0,50}$", r"tempo di lettura", r"riproduzione riservata", r"ultimo aggiornamento", r"(per approfondire|approfondisci|leggi|guarda|ascolta|vedi anche)\s*[:|>]?( anche| il video| la gallery)?$", r"(video|gallery|podcast)\s*[:|]",
    ),
    "pt": (
        r"(leia|veja|saiba|confira|ouça|assista) (também|mais|ainda)\b", r"(assine|inscreva|cadastre)[- ]?", r"(compartilh(ar|e)|imprimir|publicidade|comentários?|comentar|partilhar)\b.{0,20}$", r"(foto|fonte|imagem|crédito)s?\s*:", r"siga[- ]nos", r"(publicado|atualizado)( em)?\s.{0,50}$", r"(leia|veja|saiba|ouça|assista|confira|vídeo|podcast|galeria)\s*[:|]", r"continua (após|depois)", r"tempo de leitura",
    ),
    "nl": (
        r"lees (ook|meer|verder)\b", r"(abonneer|aanmelden|meld je aan|schrijf je in)\b", r"(delen|deel|reageer|reacties?|advertentie|printen)\b.{0,20}$", r"(foto|beeld|bron)\s*:", r"volg ons", r"bekijk (ook|hier|meer)\b", r"(tekst gaat|lees) (verder|door) (onder|na)\b", r"leestijd",
    ),
    "nordic": (
        r"(läs|les|læs|lue) (også|också|mer|mere|videre|vidare|myös|lisää)\b", r"(annons|reklame|reklam|annonse|mainos)$", r"(dela|del|jaa)( artikeln| artikkelen)?$", r"prenumerera\b", r"abonn(er|ér)\b", r"følg oss", r"artikkelen fortsetter", r"artikeln fortsätter", r"artiklen fortsætter", r"(foto|bild|kuva|grafik)\s*[:/]", r"(publicerad|publisert|publiceret|offentliggjort|oppdatert|opdateret|uppdaterad|julkaistu|päivitetty)\b.{0,60}$", r"kommentar(er|erna)?$", r"lästid|lesetid|læsetid|lukuaika", r"tilaa\b.{0,40}$",
    ),
    "pl": (r"(czytaj|zobacz|przeczytaj|sprawdź) (też|także|również|więcej)\b", r"(reklama|udostępnij|komentarze?|drukuj)$", r"(fot|źródło|foto|zdjęcie)\s*[.:]", r"dalsza część", r"(czytaj|zobacz|posłuchaj|obejrzyj)\s*[:>]", r"(autopromocja|materiał promocyjny|zapisz się|kup (dostęp|subskrypcję))", r"(udostępnij|skopiuj link|skomentuj|strona główna)", r"czas czytania", r"śledź nas",),
    "cs": (r"(čtěte|přečtěte|čtěte|podívejte) (také|též|více|si)\b", r"(reklama|sdílet|diskuse|inzerce)\b.{0,15}$", r"(foto|zdroj|autor fota)\s*:", r"související (témata|články|obsah)", r"(sledujte nás|přihlaste se|předplaťte|odebír)\w{0,30}", r"(video|audio|anketa)\s*:", r"(aktualizováno|publikováno|vydáno)\b.{0,40}$", r"doba čtení",),
    "ru": (
        r"(читайте|смотрите|см\.|подробнее|читать)( также| ещё| еще| далее| по теме)?\s*[:.]?$", r"(читайте|смотрите) (также|ещё|еще|далее)", r"подпи(сыв|ши|сать)\w{0,30}", r"(поделиться|реклама|комментарии|комментировать|распечатать)\b.{0,20}$", r"(фото|источник|изображение|иллюстрация|видео)\s*[:/]", r"по теме\s*:?$", r"нашли (ошибку|опечатку)", r"ранее мы писали", r"(читайте|слушайте|смотрите)\s*[:—-]", r"(опубликовано|обновлено|дата публикации|время чтения)\b.{0,60}$", r"(следите за|присоединяйтесь|вступайте|оставайтесь)\b.{0,80}(telegram|канал|соцсет|групп)", r"(теги|метки|темы)\s*:",
    ),
    "uk": (r"(читайте|дивіться) (також|ще)", r"підпис(уй|ати|ка)\w{0,30}", r"(поділитися|реклама|коментарі)\b.{0,20}$", r"(фото|джерело|відео|зображення|ілюстрація)\s*[:/]", r"(також читайте|читайте|дивіться)\s*:", r"(опубліковано|оновлено)\b.{0,50}$", r"(стежте за|приєднуйтесь|долучайтесь)\b.{0,80}(telegram|канал|соцмереж)"),
    "bg": (r"(прочетете|вижте|четете|гледайте)( още| също)\b", r"(снимка|източник|видео)\s*:", r"(последвайте|абонирай)\w{0,30}", r"(реклама|сподели|коментари)\b.{0,15}$", r"(свързани|още по темата|още новини)\b.{0,20}$"),
    "sr": (r"(pročitajte|procitajte|pogledajte|čitajte|прочитајте|погледајте)( još| i| više| još i)?\b.{0,10}[:]?$", r"(foto|izvor|izvor fotografije|фото|извор)\s*[:/]", r"(podeli|podijeli|komentari|oglas|reklama)\b.{0,15}$", r"pratite nas"),
    "tr": (r"(abone ol|paylaş|reklam|yorumlar?)\b.{0,20}$", r"(ayrıca|bunu da) (oku|bak)", r"(fotoğraf|kaynak|foto|görsel)\s*[:/]", r"(haberin|yazının) devamı", r"(bizi takip|takip et)", r"(oluşturulma|güncelleme|son güncelleme|yayınlanma|giriş)\b.{0,60}$",),
    "ja": (r"(関連記事|あわせて読みたい|続きを読む|この記事を|シェア|広告|無料会員|会員登録|ログイン|メルマガ|おすすめ記事|人気記事|記事一覧|フォロー|もっと見る|【関連|【あわせて|＞＞|>>)", r"(写真|画像|提供|撮影|出典|資料写真|イメージ)\s*[:：=＝/／]", r"(写真|画像|図|フォト)(\d+|ギャラリー|一覧)", r"(キーワード|タグ|カテゴリー?|関連(タグ|ワード|トピックス|ニュース|特集|する記事))\s*[:：]?", r"コメント(を|する|\d|一覧)"),
    "zh": (r"(相关阅读|相关新闻|延伸閱讀|延伸阅读|相關新聞|相關文章|推荐阅读|分享到|扫一扫|责任编辑|責任編輯|点击|广告|廣告|订阅|訂閱|下载|來源：|来源：|更多新聞|更多新闻|看更多)", r"(图|圖|图片|圖片|摄影|攝影|照片|资料图|資料圖|视频|影片)(来源|來源|提供)?\s*[:：/／]", r"(原标题|原標題|编辑|編輯|校对|審校|作者|记者|記者)\s*[:：/／].{0,30}$", r"(返回首页|返回首頁|回到首頁|上一篇|下一篇|上一页|下一页|阅读原文|閱讀原文|收藏|评论|評論|留言|关注我们|關注我們|追蹤我們|加入會員|免费注册|登录|登入)", r"(标签|標籤|关键词|關鍵字|关键字)\s*[:：]?", r"\d{4}年\d{1,2}月\d{1,2}日\s{0,9}(\d{1,2}:\d\d(:\d\d)?)?\s{0,9}(来源|來源|稿源|作者|编辑|編輯)\s{0,9}[:：].{0,40}$",),
    "ko": (r"(관련기사|관련 기사|공유하기|구독|무단전재|무단 전재|저작권자|광고|댓글|추천기사|기사제보|많이 본)", r"[ⓒ©]", r"(사진|자료사진|그래픽|영상|이미지|출처|제공)\s*[=:：/ㅣ|]", r"[▲△▶▷]", r"(기사 ?입력|입력|수정|등록|최종수정|승인)\s{0,9}[:：]?\s{0,9}\d", r"[가-힣]{2,4} ?(기자|특파원)\s*[|ㅣ/].{0,60}$", r"(이전|다음) ?기사", r"(연관|추천|인기|최신|주요|실시간) ?(기사|뉴스|태그|검색어|이슈)", r"태그\s*[:：]?$"),
    "ar": (r"(اقرأ أيضا|اقرأ المزيد|إقرأ أيضا|اقرأ أيضاً|شاهد أيضا|شاهد أيضاً|شارك|اشترك|إعلان|تابعنا|مواضيع ذات صلة|مواضيع متعلقة|اقرأ أيضًا|المصدر\s*:|الأكثر قراءة|آخر تحديث|نشر في|كلمات مفتاحية|الوسوم|التعليقات|اترك تعليق|الرئيسية$|حمل التطبيق|انضم إلى)", r"\(?(صورة|تصوير|الصورة|صور|مصدر الصورة|أرشيف)\s*[:：/]"),
    "fa": (r"(بیشتر بخوانید|مطالب مرتبط|اخبار مرتبط|بیشتر بدانید|همچنین بخوانید|ادامه مطلب|عضویت|اشتراک‌گذاری|تبلیغات|نظرات|نظر شما|برچسب‌ها|انتهای پیام|کد خبر|به ما بپیوندید|لینک کوتاه)", r"(عکس|منبع|تصویر|ویدئو)\s*[:：/]"),
    "he": (r"(קראו (גם|עוד)|עוד בנושא|כתבות (נוספות|קשורות)|שתפו|הירשמו|פרסומת|תגובות|תגיות|עקבו אחרינו|לכתבה המלאה|להמשך קריאה|הצטרפו|טען עוד)", r"(צילום|קרדיט|תמונה|צילומים)\s*[:/]"),
    "th": (r"(อ่านเพิ่มเติม|อ่านต่อ|ข่าวที่เกี่ยวข้อง|อ่านข่าว|แชร์|โฆษณา|ติดตาม|สมัครสมาชิก|แท็ก|ความคิดเห็น|ดูเพิ่มเติม)", r"(ภาพ|ที่มา|เครดิต|ขอบคุณภาพ)\s*[:：]"),
    "el": (r"(διαβάστε (επίσης|ακόμη|ακόμα|περισσότερα)|ακολουθήστε|δείτε (επίσης|ακόμη)|κοινοποίηση|σχετικά άρθρα|εγγραφείτε|διαφήμιση|σχόλια|ροή ειδήσεων|όλες οι ειδήσεις)", r"(φωτογραφία|φωτό|φωτο|πηγή|photo)\s*[:/]"),
    "hu": (r"(olvassa? el|kapcsolódó|hirdetés|megosztás|iratkozzon|feliratkoz|olvasta már|ezt is|tovább olvas|kövess|kommentek|hozzászól|legolvasottabb|ajánlott)", r"(fotó|forrás|kép|videó|borítókép|nyitókép)\s*[:/]"),
    "ro": (r"(citește și|citeste si|abonează|publicitate|distribuie|citeşte şi|vezi și|vezi si|articole (similare|recomandate)|urmărește|urmareste|comentarii|etichete|ultimele știri)", r"(foto|sursa|sursă|sursa foto)\s*[:/]"),
    "id": (r"(baca (juga|selengkapnya)|bagikan|iklan|advertisement|scroll to continue|lihat juga|simak juga|berita (terkait|lainnya)|artikel terkait|ikuti kami|komentar|tag\s*:|editor\s*:|pilihan editor|lanjutkan membaca)", r"(foto|sumber|ilustrasi|gambar)\s*[:/]"),
    "sw": (r"(soma (pia|zaidi)|tazama pia|habari zinazohusiana)\b", r"(picha|chanzo)\s*[:/]"),
    "vi": (r"(xem thêm|đọc thêm|chia sẻ|bình luận|đăng ký|tin liên quan|bài viết liên quan|theo dõi|quảng cáo|từ khóa|mời bạn|cùng chuyên mục|tin (mới|cùng))\b", r"(ảnh|nguồn|video|hình)\s*[:：]"),
    "hi": (r"(यह भी पढ़ें|ये भी पढ़ें|और पढ़ें|विज्ञापन|शेयर करें|संबंधित (खबरें|समाचार)|सब्सक्राइब|फॉलो करें|टिप्पणी|यहाँ क्लिक|यहां क्लिक|इसे भी पढ़ें|और देखें)", r"(फोटो|तस्वीर|स्रोत|साभार|इमेज)\s*[:/]"),
    "bn": (r"(আরও পড়ুন|আরো পড়ুন|বিজ্ঞাপন|শেয়ার করুন|মন্তব্য)", r"(ছবি|সূত্র)\s*[:：]"),
}  # fmt: skip

#: Headings of blocks that promote other stories; the whole line.
TEASER_HEADINGS: dict[str, tuple[str, ...]] = {
    "en": (
        r"(related|more|other|latest|top|recent|popular|trending|recommended|similar|featured|further|most (read|popular|viewed|shared))( \w+){0,2}? (articles?|stories|story|posts?|news|reading|coverage|content|links?|topics?|videos?|headlines)",
        r"related", r"(you (may|might) also (like|be interested in|enjoy)|read (next|also|more)|see also|more (from|on|in|about|like) .{0,60}|up next|what to read next|don.t miss|in case you missed it|recommended( for you)?|trending( now)?|most (read|popular|viewed)|top stories|editor.?s.? picks?|also (read|on .{0,40})|from (around|across) the web|promoted( stories| content)?|sponsored( stories| content)?|around the web|keep reading|comments?|leave a (reply|comment)|about the authors?|share( this.{0,20})?|tags|topics|share .{0,20}|newsletter|subscribe|sign up.{0,60}|follow us.{0,30}|contact( us)?|latest|join the conversation|post a comment|recent comments|popular posts|further reading)",
    ),
    "de": (r"(mehr zum thema|das könnte sie auch interessieren|lesen sie auch|auch interessant|weitere (artikel|themen|nachrichten|meldungen|infos?|informationen|beiträge)|verwandte (artikel|themen)|ähnliche (artikel|beiträge)|meistgelesen(e artikel)?|mehr (aus|von|zu|über) .{0,60}|kommentare|schlagwörter|themen|zum thema|empfehlungen|neueste .{0,30}|newsletter|über den autor|über die autorin|dazu passend|passend (dazu|zum thema)|auch lesenswert|lust auf mehr\??|das könnte (dir|dich|ihnen|sie|euch) (auch |ebenfalls )?(gefallen|interessieren)|aktuelle (artikel|beiträge|nachrichten)|mehr (lesen|artikel|beiträge|nachrichten)|mehr dazu|links zum thema)",),
    "fr": (r"(à lire aussi|lire aussi|sur le même sujet|articles? (liés|similaires|recommandés)|voir aussi|les plus lus|à découvrir|commentaires?|plus d.(articles|actualités)|dans la même rubrique|nos autres articles|à voir aussi|vous aimerez (aussi|peut-être).{0,20}|vous pourriez (aussi )?(aimer|être intéressée?s?).{0,20}|à ne pas (manquer|rater)|à lire (également|ensuite)|(plus|en savoir plus) sur (le|ce) sujet|ailleurs sur le web|les plus (commentés|partagés|consultés))",),
    "es": (r"(te puede interesar|noticias relacionadas|artículos relacionados|lee también|lea también|más (noticias|leídas?|información)|lo más (leído|visto)|comentarios|relacionad[ao]s|contenido relacionado|etiquetas|temas|notas? relacionadas?|(noticias|notas|artículos) (similares|recomendad[ao]s)|más (sobre|de|en) .{0,50}|mirá? también|ver también|también te puede (interesar|gustar)|te recomendamos|las? más leídas?|otras noticias)",),
    "it": (r"(leggi anche|articoli correlati|potrebbe interessarti|i più letti|commenti|altre notizie|ti potrebbe interessare|ti può interessare|potrebbero? interessarti( anche)?|vedi anche|leggi di più|ultime notizie|notizie correlate|correlati)",),
    "pt": (r"(leia (também|mais)|notícias relacionadas|artigos relacionados|mais lidas|veja também|comentários|relacionad[ao]s|saiba mais|últimas notícias|conteúdo relacionado|matérias relacionadas|(você )?(pode|vai) gostar.{0,20}|(você )?(também )?pode(rá)? (te )?interessar|mais (sobre|de) .{0,50}|outras notícias)",),
    "nl": (r"(lees ook|gerelateerd( nieuws)?|meer (nieuws|over) .{0,40}|reacties|meest gelezen|lees meer.{0,30}|misschien (ook )?(interessant|iets voor (u|jou))|aanbevolen.{0,20}|ook interessant)",),
    "nordic": (r"(läs också|les også|læs også|läs (mer|även)|mest lest|mest läst|relaterte? .{0,30}|relaterade .{0,30}|lue myös|kommentarer|mer om .{0,40}|(mer|mere) (från|fra|i) .{0,40}|senaste nytt|siste nytt|seneste nyt|anbefalt.{0,20}|rekommenderat.{0,20}|luetuimmat)",),
    "slavic": (r"(читайте также|по теме|материалы по теме|новости по теме|другие новости|ещё по теме|комментарии|похожие .{0,30}|связанные .{0,30}|самое читаемое|популярное|читайте також|czytaj (też|także|również)|zobacz (też|także|również)|polecane|powiązane .{0,30}|čtěte (také|dále)|související( články)?|mohlo by vás zajímat|komentarze|diskuse|témata|przeczytaj (też|także|również)|polecamy|najczęściej czytane|najnowsze|nejčtenější|přečtěte si (také|též|dále)|další články|смотрите также|рекомендуем|вам может быть интересно|новини по темі|прочетете (още|също)|још .{0,20})",),
    "cjk": (r"(関連記事|関連リンク|あわせて読みたい|おすすめ(の)?記事|人気記事|ランキング|相关阅读|相关新闻|相关文章|延伸閱讀|延伸阅读|相關新聞|相關文章|推荐阅读|推薦閱讀|热门.{0,8}|관련 ?기사|많이 본 (뉴스|기사)|추천 ?기사|이 시각 주요 ?뉴스)",),
    "other": (r"(اقرأ أيضا|مواضيع ذات صلة|أخبار ذات صلة|الأكثر قراءة|ilgili haberler|benzer haberler|kapcsolódó cikkek|citește și|baca juga|berita terkait|tin liên quan|διαβάστε (επίσης|ακόμα))",),
}  # fmt: skip

#: Inside a line of any length below the limit of line_rules.py: it asks the reader for something.
APPEALS: dict[str, tuple[str, ...]] = {
    "en": (
        r"\bcontributed (?:to this (?:report|story|article|piece)|reporting)\b.{0,60}$", r"\bediting by\b.{0,80}$", r"\(\w{1,30} reporting[^)]{0,80}\)$", r"(sign up|subscribe|signing up)\b.{0,60}\b(newsletters?|inbox|podcast|channel)\b", r"\b(our|the|free|daily|weekly|morning|evening) newsletters?\b.{0,80}(sign|subscrib|inbox|here|informed|delivered|\bget\b)", r"delivered (straight |directly |daily |weekly )?(to|into) your (inbox|e-?mail)", r"follow .{1,60} on (twitter|facebook|instagram|linkedin|x\b|google news|whatsapp|tiktok)", r"(click|tap) here (for (more|details|our)|to read)\b", r"already (a )?(subscriber|member|subscribed|have an account)", r"by (signing up|subscribing|clicking|continuing|submitting).{0,80}(agree|accept|terms|privacy)", r"all rights reserved", r"may not be (published|reproduced|broadcast|rewritten|redistributed)", r"you (can |may |will )?(unsubscribe|opt[- ]out)", r"if you (purchase|buy) .{0,60}(link|commission)", r"(may|might) (earn|receive) (a |an )?(affiliate )?commission", r"(follow|reach|find) (her|him|me|them) (on|at|@)", r"written (permission|consent)\b.{0,60}(obtained|required|reprint|reproduc)",
    ),
    "de": (r"newsletter\b.{0,60}(abonnier|anmeld|bestell|registrier|kostenlos)", r"(abonnier|anmeld|bestell)\w{0,30}.{0,60}newsletter", r"datenschutzerkl", r"folgen sie uns", r"alle rechte vorbehalten", r"(schreib|verrat|teil|sag|diskutier)\w{0,30}\b.{0,60}\bin (den|die) kommentar"),
    "fr": (r"(inscri|abonn|recev)\w{0,30}.{0,60}newsletter", r"tous droits réservés", r"suivez.{0,30}(facebook|twitter|instagram|google)"),
    "es": (r"(suscr|apúnt|recib|regístr)\w{0,30}.{0,60}(newsletter|bolet)", r"todos los derechos reservados", r"(síguenos|sigue a|síganos|únete).{0,60}(facebook|twitter|instagram|whatsapp|telegram)"),
    "it": (r"(iscri|ricev)\w{0,30}.{0,60}newsletter", r"tutti i diritti riservati", r"segui.{0,30}(facebook|twitter|instagram)"),
    "pt": (r"(assin|receb|inscrev|cadastr)\w{0,30}.{0,60}newsletter", r"todos os direitos reservados"),
    "ru": (r"подпи(сыв|ши|сать)\w{0,30}.{0,60}(рассылк|канал|telegram|телеграм|новост)", r"все права защищены", r"выделите (ее|её|его|текст|ошибку)", r"ctrl\s*\+\s*enter"),
    "uk": (r"підпис\w{0,30}.{0,60}(розсилк|канал|telegram|новин)", r"ctrl\s*\+\s*enter"),
    "pl": (r"(zapisz|zapisać|subskryb)\w{0,30}.{0,60}newsletter", r"wszelkie prawa zastrzeżone"),
    "ko": (r"무단\s?(전재|복제)", r"재배포\s?금지"),
    "ja": (r"無断(転載|複製)", r"(無料|有料)会員"),
    "zh": (r"(未经|未經)(授权|授權|许可|許可)", r"版[权權]所有"),
}  # fmt: skip

#: Notices of any length, matched at the line's beginning: consent for embedded posts, players that fail, terms, disclaimers,
#: who helped, translated or edited.
NOTICES: dict[str, tuple[str, ...]] = {
    "en": (
        r"(?:additional )?reporting by\b", r"this (?:story|article|report|piece) (?:was|has been) (?:updated|corrected|originally|first|produced|reported|translated)\b", r"(?:translated|translation) (?:from|by)\b.{0,80}$", r"citation\s*:", r"(?:we apologi[sz]e, but|sorry, but) this (?:video|content)", r"(?:to (?:view|see|watch|show|display) (?:this|the) (?:content|video|embed|post|map|graphic)|allow \w+ content\b|this (?:article|page|post) (?:contains|includes) content (?:provided|hosted))", r"(?:this|the) (?:document|material|content|story) (?:is subject to copyright|may not be (?:published|reproduced))", r"if you (?:enjoyed|liked|like) (?:reading )?this (?:article|story|post|piece)\b", r"we (?:independently )?(?:review|evaluate|research|recommend)\b.{0,80}\bproducts?\b.{0,200}(?:commission|independent|links?)\b", r"(?:did you )?(?:like|enjoy|love)d? (?:this|what you.re reading)\b.{0,20}\?", r"please (?:enter|provide) (?:a|your) (?:valid )?e-?mail", r"(?:get in touch|contact us|reach out)\b.{0,80}(?:\S@\S|news (?:team|desk)|e-?mail)", r"(?:this|the) (?:summary|text|audio|article) (?:was|is) (?:created|generated|written|produced)\b.{0,40}\b(?:ai|artificial intelligence|automat\w+)\b", r"(?:hear|listen to) this (?:story|article)\b", r"(?:opinions|views) expressed (?:in|by|here|are)\b.{0,120}(?:author|not (?:necessarily )?)",
    ),
    "de": (
        r"(?:aus dem \w+(?:en|er)\b.{0,20} (?:von|übersetzt)|übersetzt von|übersetzung:)", r"(?:dieser|der) (?:artikel|beitrag|text) (?:ist|erschien|wurde) (?:zuerst|zunächst|ursprünglich|erstmals|eine übersetzung|im original|maschinell|automati\w+)\b", r"(?:mit|unter verwendung von) (?:agentur\w*|material)\b.{0,40}$", r"(?:hinweis|anmerkung) der redaktion\s*:.{0,200}$", r"(?:mitarbeit|zitiervorschlag)\s*:", r"(?:um|damit) (?:diese[nrs]?|die|eingebettete|externe) (?:externen? )?(?:inhalte?n?|videos?|beiträge?|karten?|posts?)\b.{0,80}(?:anzeigen|anzuzeigen|sehen|laden|darzustellen)", r"(?:deine|ihre) (?:privatsphäre|datenschutz|cookie)-?einstellungen", r"an dieser stelle (?:finde|befinde|steh|würde|ist)\w*\b.{0,200}(?:inhalt|klick|extern|einbett)", r"(?:werbung\W+)?(?:dieser|der) (?:beitrag|artikel|text) enthält (?:werbung|affiliate|produktplatzierung|provisions)", r"hat (?:ihnen|dir|euch) (?:dieser|der) (?:artikel|beitrag|text)", r"(?:gast(?:kommentare|beiträge)|meinungsbeiträge|beiträge externer)\b.{0,160}meinung", r"bitte (?:achten|beachten) sie\b.{0,60}kommentar", r"diese (?:zusammenfassung|audioversion|texte?) (?:wurde|wird|ist)\b.{0,80}(?:künstlich|\bki\b|automati|generiert)",
    ),
    "fr": (r"cet article (?:a été|est) (?:publié|traduit|paru|initialement|mis à jour)", r"traduit (?:de|du|par)\b.{0,80}$", r"avec (?:afp|reuters|agences)\W*$", r"(?:ce|cet|cette) (?:contenu|vidéo|média|publication)\b.{0,60}(?:bloqué|cookies|s.afficher|indisponible)", r"(?:pour (?:afficher|voir|visualiser)|en cliquant sur)\b.{0,100}(?:contenu|cookies|accept|données)", r"(?:cet article|cette page) contient des liens (?:affiliés|d.affiliation)", r"(?:les opinions|les propos|les points de vue) exprimé"),
    "es": (r"este (?:artículo|texto|reportaje) (?:fue|se publicó|ha sido) (?:originalmente |publicad|traducid|actualizad)", r"(?:traducción de|traducido por|con información de)\b.{0,80}$", r"(?:para (?:ver|visualizar|mostrar) (?:este|el)|este) (?:contenido|vídeo|video)\b.{0,80}(?:cookies|acept|disponible|bloquead)", r"(?:las opiniones|los comentarios) (?:expresad|vertid|publicad)\w+",),
    "it": (r"questo articolo (?:è stato|è) (?:pubblicato|tradotto|aggiornato)", r"traduzione di\b.{0,60}$", r"(?:per (?:vedere|visualizzare)|questo) (?:questo )?(?:contenuto|video)\b.{0,80}(?:cookie|consens|accett|disponibile)",),
    "pt": (r"este (?:texto|artigo) foi (?:originalmente |publicad|traduzid)", r"com informações d[aeo]\b.{0,60}$", r"(?:para (?:ver|visualizar)|este) (?:este )?(?:conteúdo|vídeo)\b.{0,80}(?:cookies|aceit|disponível)", r"as opiniões (?:expressas|aqui)",),
    "nl": (r"dit artikel (?:is|verscheen) (?:eerder|vertaald|oorspronkelijk|bijgewerkt)", r"(?:om deze|deze) (?:inhoud|video|content)\b.{0,80}(?:cookies|toestemming|accepteer|bekijken)",),
    "nordic": (r"(?:den här|denna|dette|denne) (?:artikeln|sammanfattningen|texten|artikkelen|innholdet|indhold)\b.{0,60}(?:\bai\b|generera|samtycke|cookies)", r"(?:for at se|for å se|för att se)\b.{0,60}(?:cookies|indhold|innhold|innehåll)",),
    "slavic": (r"(?:tłum(?:aczenie|\.)\s{0,9}:?|oprac(?:ował[a]?|\.)\s{0,9}:?)\s{0,9}\S.{0,50}$", r"(?:перевод|перевела?|редактор|переклад|редакторка?)\s*[:—-].{0,80}$", r"(?:aby|żeby) (?:zobaczyć|obejrzeć|wyświetlić)\b.{0,80}(?:cookies|zgod)", r"если вы нашли (?:ошибку|опечатку)|заметили ошибку|сообщите нам", r"мнение (?:автора|редакции) может не совпадать", r"якщо ви (?:знайшли|помітили) помилку",),
    "cjk": (r"(?:翻訳|編集|翻译|编译|責任編集|编辑)\s*[:：＝=/／].{0,40}$", r"※?(?:この|本)(?:記事|サイト|コンテンツ)は.{0,60}(?:転載|会員|広告|ai)", r"(?:以上内容|本文)(?:仅|僅)?(?:代表|为作者|為作者)", r"免责声明|免責聲明|声明[:：]"),
    "other": (r"(?:bu (?:içeriği|videoyu)|içeriği görüntülemek)", r"(?:για να δείτε|αυτό το περιεχόμενο)\b.{0,60}cookies", r"mời (?:quý )?(?:bạn|độc giả)", r"(?:לחצו כאן|להצטרפות)", r"(?:للاشتراك|للمزيد|تابعوا)"),
}  # fmt: skip

#: A caption's or credit line's opening, and what agencies and photographers leave in it.
CREDIT_OPENINGS = (
    r"(?:(?:lead |cover |featured |feature |main |hero )?(?:photo(?:graph|s|graphs|graphy|graphie)?|images?|pictures?|pic|illustrations?|artwork|graphic|foto(?:s|grafia|grafía|graf|grafi)?|fotók?|bild(?:er)?|imagen|immagine|imagem|beeld|kuva|zdjęcie|fot|grafik|infografik|crédit(?:s)?(?: photo)?|credits?|fotocredit|image source|bildquelle|bildrechte|bildnachweis|copyright|courtesy|"
    r"фото(?:графия)?|изображение|иллюстрация|снимок|зображення|写真|画像|撮影|提供|图片|圖片|图|圖|摄影|攝影|사진|صورة|تصوير|φωτογραφία)(?: (?:credits?|courtesy|source|copyright|quelle))?)"
)


@lru_cache(maxsize=16)
def _book(table: str) -> Phrasebook:
    entries = {"prompts": PROMPTS, "teasers": TEASER_HEADINGS, "appeals": APPEALS, "notices": NOTICES}[table]
    return Phrasebook(phrase for phrases in entries.values() for phrase in phrases)


_DECORATION = " \t-–—•·»›>|*#:…►▶→◆■●★☞👉[("


def is_prompt(text: str) -> bool:
    """Whether a short line is an invitation, a button or a label."""
    return _book("prompts").begins(text.lstrip(_DECORATION))


def is_notice(text: str) -> bool:
    """Whether a line is a notice of the page: terms, a disclaimer, consent for an embedded post, a player's failure."""
    return _book("notices").begins(text.lstrip(_DECORATION))


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


_CREDIT_END = re.compile(
    rf"(?:^|[.!?…»”\"')\]|（(—–]\s*){CREDIT_OPENINGS}\s*(?:[:：=＝©]|/\s?(?=\w)|by\b\s+(?-i:(?=[^\W\d_a-z])))\s*[^\s.!?:][^!?:]{{1,50}}$|"
    r"[＝=（(][^＝=。（(]{1,20}(?:撮影|提供|写す)[）)]?$|(?:^|[.!?…»”\"')]\s*)©\s*\w[^!?]{1,60}$",
    re.IGNORECASE,
)


_CREDIT_SIGNS = frozenset(":：=＝©/（(")


def ends_in_credit(text: str) -> bool:
    """Whether a caption's last words, after its sentence, say who made the picture: "The bridge. Image by Ann Lee"."""
    end = text[-90:]
    # Few lines have any of these; the expression costs 40 us.
    return (not _CREDIT_SIGNS.isdisjoint(end) or " by " in end.lower()) and bool(_CREDIT_END.search(end))


def credit_of(text: str) -> str | None:
    """The maker's name from a credit line or the end of a caption."""
    text = " ".join(text.split())
    found = re.search(
        rf"(?:^|[\s(\[|.–—-])(?:{CREDIT_OPENINGS}\s*(?:[:：=＝©/|]|by\b|von\b|par\b|via\b)|©|\(c\)\s)\s*(.+)",
        text,
        re.IGNORECASE,
    )
    return found[1].strip(" .)]|:") or None if found else None
