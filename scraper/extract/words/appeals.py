# ruff: noqa: E501 - tables of words read better unbroken
"""How a paper asks its readers for money, an address or a subscription: four signs, none of which tells by itself.

Words of a dozen languages in one expression each: an appeal is told by how many of the signs come together.
"""

from __future__ import annotations

import re

#: What the reader is to do.
_ACT = (
    r"subscrib|sign(?:ing)? (?:up|in)\b|register\b|donat(?:e|ing)|(?:support|help|join) (?:us|our|independent)|chip in|pitch in|become (?:a|our)|try (?:us|it)|order (?:now|it|your)|"
    r"abonnier|bestellen sie|bestelle |spenden sie|spende |unterstützen? (?:sie|uns)|unterstütze|unterstützt uns|registrier|meld(?:en|e|et)? (?:sie |dich |euch )|anmeld|jetzt testen|eintragen|werden sie|werde |"
    r"abonn(?:ez|e-toi)|soutenez|soutiens|inscri(?:vez|s-toi)|faites un don|donnez|rejoignez|aidez|"
    r"suscr[ií]b|apóy[ae]|haz una dona|regístr[ae]|[úu]nete|[úu]nase|ayúd[ae]|apúnta|hazte|hágase|"
    r"abbona|iscriv|sostieni(?:ci)?\b|sostenete|aiutaci|aiutate|unisciti|registrati|diventa |"
    r"assine\b|apoie\b|inscrev|cadastr|contribua|torne-se|"
    r"steun (?:ons|onze)|doneer|meld (?:je|u) |abonneer|schrijf (?:je|u) |word (?:lid|abonnee)|"
    r"prenumerera|stöd (?:oss|vår)|støtt|bli (?:medlem|prenumerant|abonnent)|anmäl|meld deg|tilmeld|tilaa|tue meitä|liity|"
    r"wesprzyj|wspieraj|zapisz|subskryb|prenumeruj|dołącz|podpořte|předplaťt|přihlaste|odebír|přispěj|"
    r"поддержите|поддержать (?:нас|наш)|подпиш|подписывай|оформите|підтримайте|підтримати (?:нас|наш)|підпиш|підписуй|передплат|"
    r"destek ol|destekle|abone ol|bağış|kaydol|támogass|iratkozz|fizess elő|dukung|berlangganan|daftar"
)
#: What is offered or asked for.
_GOODS = (
    r"newsletters?|inbox|e-?mails?|mailbox|letter\b|subscriptions?|memberships?|gifts?\b|donations?|free trial|trial|monthly|per month|a month|an? (?:issue|year)\b|"
    r"postfach|rundbrief|brief\b|abo(?:nnement)?\b|probeabo|spenden?\b|monatlich|im monat|mitglied|beitrag von|"
    r"infolettre|lettre|boîte|abonnement|(?:un|vos|votre) dons?\b|par mois|mensuel|adhésion|essai|"
    r"bolet[ií]n|correo|suscripci[oó]n|donaci[oó]n|donativo|al mes|mensual|socio|casella|abbonamento|donazion|al mese|mensil|"
    r"boletim|e-mail|assinatura|doaç|por mês|mensal|apoiador|nieuwsbrief|mailbox|donatie|per maand|gift\b|lidmaatschap|"
    r"nyhetsbrev|nyhedsbrev|uutiskirje|inkorg|innboks|indbakke|prenumeration|gåva|gave\b|i månaden|måned|kuukau|"
    r"biuletyn|skrzynk|prenumerat|darowizn|wpłat|miesięczn|zpravodaj|předplatné|dar(?:em|u)?\b|měsíčn|"
    r"рассылк|письм|почт|пожертвован|подписк|ежемесячн|в месяц|розсилк|лист(?:а|и)?\b|пожертв|щомісячн|на місяць|"
    r"bülten|e-posta|bağış|aylık|abonelik|hírlevél|adomány|havi\b|surel|donasi|per bulan"
)
_PAPER = (
    r"we|our|us|wir|uns|unser\w{0,2}|nous|notre|nos|nosotros|nuestr[ao]s?|nostr[aoie]|nós|noss[ao]s?|wij|ons|onze|oss|vår[at]?|våre|vores|meidän|nasz\w{0,3}|nam|naš\w{0,3}|náš|nám|"
    r"мы|нас|нам|наш\w{0,3}|ми|biz\w{0,3}|kami|\w{3,12}(?:anos|enos|-nous)"
)
_READER = (
    r"you|your|readers?|(?-i:Sie|Ihnen|Ihr|Ihre[nrms]?)|dich|dir|dein\w{0,2}|euch|leser\w{0,5}|vous|votre|vos|lecteurs?|lectric\w{1,3}|usted(?:es)?|lectore?s?|tus?|tuo|tua|vostr[aoie]|lettor[ei]|"
    r"você|leitor(?:es)?|uw|jij|jouw|lezers?|dig|deg|din|ditt|läsare|lesere?|læsere?|sinä|sinun|lukija\w{0,3}|państw\w{1,3}|czytelni\w{1,5}|cię|vás|vám|váš|vaš\w{0,3}|čtenář\w{0,3}|"
    r"вы|вас|вам|ваш\w{0,3}|читател\w{1,3}|ви|читач\w{0,3}|siz\w{0,3}|okur\w{0,5}|anda|pembaca|\w{3,12}(?:ete|ati|iti|ez-vous|ez-nous|anos|enos)"
)
#: Scripts without blanks between words.
_UNSPACED = (
    r"登録|購読|ご支援|寄付|お申し込み|订阅|訂閱|捐款|捐助|支持我|注册|註冊|구독|후원|가입|신청",
    r"メルマガ|ニュースレター|メール|月額|無料|会員|电子报|電子報|邮箱|信箱|每月|会员|會員|뉴스레터|이메일|메일|매월|월 ",
    r"私たち|編集部|本紙|当社|弊社|我们|我們|本报|本報|우리|저희",
    r"皆様|皆さま|読者|あなた|您|你|读者|讀者|여러분|독자",
)
_SIGNS = tuple(
    re.compile(rf"\b(?:{words}){end}|{unspaced}", re.IGNORECASE)
    for words, end, unspaced in zip((_ACT, _GOODS, _PAPER, _READER), ("", "", r"\b", r"\b"), _UNSPACED, strict=True)
)
#: What somebody says is no word of the paper.
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]{0,400}[\"”“»]")


def signs_of_appeal(text: str) -> int:
    """How many of four signs a text has: an act, what it is about, the paper's "we", the reader's "you"."""
    said = _QUOTED.sub(" ", text)
    return sum(sign.search(said) is not None for sign in _SIGNS)


def asks_to_act(text: str) -> bool:
    """Whether a text asks for what a paper asks its readers for."""
    return _SIGNS[0].search(text) is not None
