# ruff: noqa: E501 - tables of words read better unbroken
"""The words and calendars that dates are written in: months by language, digits, zones, eras."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: Month names and abbreviations, January first, by language; "/" parts forms. Add a language here.
MONTHS: dict[str, str] = {
    "en": "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct november/nov december/dec",
    "de": "januar/jänner/jan februar/feber/feb märz/mär/mrz/maerz april/apr mai juni/jun juli/jul august/aug september/sept/sep oktober/okt november/nov dezember/dez",
    "fr": "janvier/janv/jan février/févr/fév/fevrier mars avril/avr mai juin juillet/juil/juill août/aout septembre/sept octobre/oct novembre/nov décembre/déc/decembre",
    "es": "enero/ene febrero/feb marzo/mar abril/abr mayo/may junio/jun julio/jul agosto/ago septiembre/setiembre/sept/sep/set octubre/oct noviembre/nov diciembre/dic",
    "it": "gennaio/gen febbraio/feb marzo/mar aprile/apr maggio/mag giugno/giu luglio/lug agosto/ago settembre/set/sett ottobre/ott novembre/nov dicembre/dic",
    "pt": "janeiro/jan fevereiro/fev março/mar abril/abr maio/mai junho/jun julho/jul agosto/ago setembro/set outubro/out novembro/nov dezembro/dez",
    "ca": "gener/gen febrer/febr març abril/abr maig juny juliol/jul agost/ag setembre/set octubre/oct novembre/nov desembre/des",
    "ro": "ianuarie/ian februarie/feb martie/mar aprilie/apr mai iunie/iun iulie/iul august/aug septembrie/sept octombrie/oct noiembrie/noi decembrie/dec",
    "nl": "januari/jan februari/feb maart/mrt april/apr mei juni/jun juli/jul augustus/aug september/sep oktober/okt november/nov december/dec",
    "sv": "januari/jan februari/feb mars/mar april/apr maj juni/jun juli/jul augusti/aug september/sep oktober/okt november/nov december/dec",
    "da": "januar/jan februar/feb marts/mar april/apr maj juni/jun juli/jul august/aug september/sep oktober/okt november/nov december/dec",
    "no": "januar/jan februar/feb mars/mar april/apr mai juni/jun juli/jul august/aug september/sep oktober/okt november/nov desember/des",
    "is": "janúar/jan febrúar/feb mars apríl/apr maí júní/jún júlí/júl ágúst/ágú september/sep október/okt nóvember/nóv desember/des",
    "fi": "tammikuuta/tammikuu helmikuuta/helmikuu maaliskuuta/maaliskuu huhtikuuta/huhtikuu toukokuuta/toukokuu kesäkuuta/kesäkuu heinäkuuta/heinäkuu elokuuta/elokuu syyskuuta/syyskuu lokakuuta/lokakuu marraskuuta/marraskuu joulukuuta/joulukuu",
    "et": "jaanuar/jaan veebruar/veebr märts aprill/apr mai juuni juuli august/aug september/sept oktoober/okt november/nov detsember/dets",
    "lv": "janvāris/janvārī/janv februāris/februārī/febr marts/martā aprīlis/aprīlī/apr maijs/maijā jūnijs/jūnijā/jūn jūlijs/jūlijā/jūl augusts/augustā/aug septembris/septembrī/sept oktobris/oktobrī/okt novembris/novembrī/nov decembris/decembrī/dec",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "pl": "stycznia/styczeń/sty lutego/luty/lut marca/marzec/mar kwietnia/kwiecień/kwi maja/maj czerwca/czerwiec/cze lipca/lipiec/lip sierpnia/sierpień/sie września/wrzesień/wrz października/październik/paź listopada/listopad/lis grudnia/grudzień/gru",
    "cs": "ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září října/říjen listopadu/listopad prosince/prosinec",
    "sk": "januára/január februára/február marca/marec apríla/apríl mája/máj júna/jún júla/júl augusta/august septembra/september októbra/október novembra/november decembra/december",
    "sl": "januarja/januar februarja/februar marca/marec aprila/april maja/maj junija/junij julija/julij avgusta/avgust septembra/september oktobra/oktober novembra/november decembra/december",
    "hr": "siječnja/siječanj veljače/veljača ožujka/ožujak travnja/travanj svibnja/svibanj lipnja/lipanj srpnja/srpanj kolovoza/kolovoz rujna/rujan listopad studenoga/studenog/studeni prosinca/prosinac",
    "sr": "januar/januara/јануар/јануара februar/februara/фебруар/фебруара mart/marta/март/марта april/aprila/април/априла maj/maja/мај/маја jun/juna/јун/јуна jul/jula/јул/јула avgust/avgusta/август/августа septembar/septembra/септембар/септембра oktobar/oktobra/октобар/октобра novembar/novembra/новембар/новембра decembar/decembra/децембар/децембра",
    "ru": "января/янв/январь февраля/фев/февр/февраль марта/мар/март апреля/апр/апрель мая/май июня/июн/июнь июля/июл/июль августа/авг/август сентября/сен/сент/сентябрь октября/окт/октябрь ноября/ноя/нояб/ноябрь декабря/дек/декабрь",
    "uk": "січня/січ лютого/лют березня/бер квітня/кві травня/тра червня/чер липня/лип серпня/сер вересня/вер жовтня/жов листопада/лис грудня/гру",
    "be": "студзеня лютага сакавіка красавіка мая/траўня чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "bg": "януари/ян февруари/фев март април/апр май юни юли август/авг септември/септ октомври/окт ноември/ноем декември/дек",
    "el": "ιανουαρίου/ιανουάριος/ιαν φεβρουαρίου/φεβρουάριος/φεβ μαρτίου/μάρτιος/μαρ απριλίου/απρίλιος/απρ μαΐου/μαίου/μάιος/μαϊ ιουνίου/ιούνιος/ιουν ιουλίου/ιούλιος/ιουλ/ιούλ αυγούστου/αύγουστος/αυγ σεπτεμβρίου/σεπτέμβριος/σεπ οκτωβρίου/οκτώβριος/οκτ νοεμβρίου/νοέμβριος/νοε δεκεμβρίου/δεκέμβριος/δεκ",
    "hu": "január/jan február/febr/feb március/márc április/ápr május/máj június/jún július/júl augusztus/aug szeptember/szept október/okt november/nov december/dec",
    "tr": "ocak/oca şubat/şub mart/mar nisan/nis mayıs/may haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "id": "januari/jan februari/pebruari/feb/peb maret/mar april/apr mei juni/jun juli/jul agustus/agu/agt/ags september/sep oktober/okt november/nopember/nov/nop desember/des",
    "ms": "januari/jan februari/feb mac april/apr mei jun julai ogos/ogo september/sep oktober/okt november/nov disember/dis",
    "sw": "januari februari machi aprili mei juni julai agosti septemba oktoba novemba desemba",
    "ar": "يناير/جانفي فبراير/فيفري/شباط مارس/آذار أبريل/ابريل/أفريل/نيسان مايو/ماي/أيار/ايار يونيو/جوان/حزيران يوليو/جويلية/تموز أغسطس/اغسطس/أوت/آب/غشت سبتمبر/شتنبر/أيلول/ايلول أكتوبر/اكتوبر نوفمبر/نونبر ديسمبر/دجنبر",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه/جولای اوت سپتامبر اکتبر نوامبر دسامبر",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
    "he": "ינואר/בינואר פברואר/בפברואר מרץ/במרץ אפריל/באפריל מאי/במאי יוני/ביוני יולי/ביולי אוגוסט/באוגוסט ספטמבר/בספטמבר אוקטובר/באוקטובר נובמבר/בנובמבר דצמבר/בדצמבר",
    "hi": "जनवरी/जन फरवरी/फ़रवरी/फर मार्च अप्रैल मई जून जुलाई अगस्त सितंबर/सितम्बर अक्टूबर/अक्तूबर नवंबर/नवम्बर दिसंबर/दिसम्बर",
    "bn": "জানুয়ারি/জানুয়ারী ফেব্রুয়ারি/ফেব্রুয়ারী মার্চ এপ্রিল মে জুন জুলাই আগস্ট/অগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "th": "มกราคม/ม.ค กุมภาพันธ์/ก.พ มีนาคม/มี.ค เมษายน/เม.ย พฤษภาคม/พ.ค มิถุนายน/มิ.ย กรกฎาคม/ก.ค สิงหาคม/ส.ค กันยายน/ก.ย ตุลาคม/ต.ค พฤศจิกายน/พ.ย ธันวาคม/ธ.ค",
}  # fmt: skip

#: Months of two words, as one.
PAIRED_MONTHS = {
    "كانون الثاني": "يناير", "تشرين الأول": "أكتوبر", "تشرين الثاني": "نوفمبر", "كانون الأول": "ديسمبر",
}  # fmt: skip

#: Months of the Iranian calendar, Farvardin (from 20 or 21 March) first.
SOLAR_MONTHS = "فروردین اردیبهشت خرداد تیر مرداد/امرداد شهریور مهر آبان آذر دی بهمن اسفند"

#: First year of the Japanese eras.
ERAS = {"令和": 2019, "平成": 1989, "昭和": 1926}

#: Minutes east of Greenwich. Names that mean several zones mean here what they mean in most news.
ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "ut": 0, "uct": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "mez": 60, "met": 60, "mest": 120, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "мск": 180, "msd": 240, "trt": 180, "idt": 180, "wat": 60, "cat": 120, "sast": 120, "eat": 180, "gst": 240, "samt": 240,
    "irst": 210, "irdt": 270, "pkt": 300, "uzt": 300, "yekt": 300, "ist": 330, "npt": 345, "bdt": 360, "omst": 360, "mmt": 390, "krat": 420, "wib": 420, "ict": 420,
    "irkt": 480, "wita": 480, "hkt": 480, "sgt": 480, "myt": 480, "pht": 480, "phst": 480, "awst": 480, "yakt": 540, "wit": 540, "jst": 540, "kst": 540,
    "vlat": 600, "chst": 600, "acst": 570, "acdt": 630, "aest": 600, "aedt": 660, "magt": 660, "pett": 720, "nzst": 720, "nzdt": 780,
    "brst": -120, "ndt": -150, "brt": -180, "art": -180, "uyt": -180, "clst": -180, "adt": -180, "nst": -210, "ast": -240, "clt": -240, "bot": -240,
    "vet": -240, "edt": -240, "est": -300, "cot": -300, "pet": -300, "ect": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "akdt": -480, "akst": -540, "hdt": -540, "hst": -600,
}  # fmt: skip

#: Names that say nothing of the season: places that have that clock.
PLACES = {
    "at": "America/Halifax", "et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles",
}  # fmt: skip

#: The clock of countries that have one: top-level domain -> zone. A visible time without a zone is the reader's there.
COUNTRY_ZONES = {
    "at": "Europe/Vienna", "be": "Europe/Brussels", "bg": "Europe/Sofia", "ch": "Europe/Zurich", "cz": "Europe/Prague", "de": "Europe/Berlin",
    "dk": "Europe/Copenhagen", "ee": "Europe/Tallinn", "fi": "Europe/Helsinki", "fr": "Europe/Paris", "gr": "Europe/Athens", "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest", "ie": "Europe/Dublin", "is": "Atlantic/Reykjavik", "it": "Europe/Rome", "lt": "Europe/Vilnius", "lu": "Europe/Luxembourg",
    "lv": "Europe/Riga", "nl": "Europe/Amsterdam", "no": "Europe/Oslo", "pl": "Europe/Warsaw", "ro": "Europe/Bucharest", "rs": "Europe/Belgrade",
    "se": "Europe/Stockholm", "si": "Europe/Ljubljana", "sk": "Europe/Bratislava", "tr": "Europe/Istanbul", "ua": "Europe/Kyiv", "uk": "Europe/London",
    "by": "Europe/Minsk", "ar": "America/Argentina/Buenos_Aires", "uy": "America/Montevideo", "pe": "America/Lima", "co": "America/Bogota",
    "ve": "America/Caracas", "bo": "America/La_Paz", "py": "America/Asuncion", "jp": "Asia/Tokyo", "kr": "Asia/Seoul", "cn": "Asia/Shanghai",
    "tw": "Asia/Taipei", "hk": "Asia/Hong_Kong", "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur", "ph": "Asia/Manila", "th": "Asia/Bangkok",
    "vn": "Asia/Ho_Chi_Minh", "in": "Asia/Kolkata", "pk": "Asia/Karachi", "bd": "Asia/Dhaka", "lk": "Asia/Colombo", "np": "Asia/Kathmandu",
    "ir": "Asia/Tehran", "il": "Asia/Jerusalem", "sa": "Asia/Riyadh", "ae": "Asia/Dubai", "qa": "Asia/Qatar", "eg": "Africa/Cairo",
    "ma": "Africa/Casablanca", "dz": "Africa/Algiers", "tn": "Africa/Tunis", "ng": "Africa/Lagos", "ke": "Africa/Nairobi", "za": "Africa/Johannesburg",
}  # fmt: skip

#: Languages of one country and one clock.
LANGUAGE_ZONES = {"ja": "Asia/Tokyo", "ko": "Asia/Seoul", "it": "Europe/Rome", "pl": "Europe/Warsaw", "cs": "Europe/Prague", "hu": "Europe/Budapest"}  # fmt: skip

#: Digits of other scripts as ours.
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", "0123456789" * 6)


#: Letters that no decomposition makes Latin.
_LETTERS = str.maketrans("ıłøđßæœ", "ilodsao")


@lru_cache(maxsize=4096)
def month_number(word: str) -> int | None:
    """The month, 1 to 12, that a word in lower case names in any language, accents or none; None if it names none."""
    return _month_numbers().get(word) or (_plain_numbers().get(_plain(word)) if word.isalpha() else None)


@lru_cache(maxsize=1)
def _month_numbers() -> dict[str, int]:
    return _numbers(MONTHS.values())


@lru_cache(maxsize=1)
def _plain_numbers() -> dict[str, int]:
    """The forms that are Latin letters, without their accents."""
    found: dict[str, int] = {}
    for form, number in _month_numbers().items():
        if (plain := _plain(form)).isascii():
            found.setdefault(plain, number)
    return found


def _plain(word: str) -> str:
    parts = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(char for char in parts if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def solar_numbers() -> dict[str, int]:
    """Every form of a month's name of the Iranian calendar -> 1 to 12."""
    return _numbers([SOLAR_MONTHS])


def _numbers(tables: Iterable[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for names in tables:
        for number, forms in enumerate(names.split(), start=1):
            for form in forms.split("/"):
                numbers.setdefault(form, number)
    return numbers
