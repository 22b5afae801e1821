"""Bytes of a page to text, by the encoding rules of the HTML standard.

Order: byte order mark, the Content-Type header, `<meta>` in the first bytes, else detection
(https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding). One departure: a document
that is valid UTF-8 with characters beyond ASCII is UTF-8 whatever it declares, since no legacy text is valid UTF-8 by
chance, and a page saved or proxied as UTF-8 often keeps its old declaration.
"""

from __future__ import annotations

import codecs
import re

from scraper.extract.page.encoding_labels import codec_of

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
#: The standard says 1,024; real pages put scripts before their declaration.
_PRESCAN_BYTES = 8192
#: A parser that meets a declaration later starts again with it ("changing the encoding while parsing").
_LATEST_BYTES = 256 * 1024
_SAMPLE_BYTES = 100_000

_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.I)


def decode_html(data: bytes, content_type: str | None = None) -> str:
    """The document as text; never fails, undecodable bytes become U+FFFD."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    declared = encoding_of_header(content_type) or declared_encoding(data)
    text = _as_utf8(data)
    if declared is None and text is None:
        declared = declared_encoding(data, within=_LATEST_BYTES)
    if text is not None and (declared is None or not _changes_ascii(declared)):
        return text
    if declared is not None and declared != "utf-8":
        return data.decode(declared, "replace")
    return data.decode(_detect(data, declared), "replace")


def encoding_of_header(content_type: str | None) -> str | None:
    """The Python codec a Content-Type header names, None if it names none that exists."""
    found = _HEADER_CHARSET.search(content_type or "")
    return codec_of(found[1]) if found else None


def _changes_ascii(encoding: str) -> bool:
    """Whether valid UTF-8 may be other text: ISO-2022-JP is seven-bit, UTF-16 is full of zeros."""
    return encoding.startswith(("iso2022", "utf-16"))


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A body cut at a size limit may end inside a character.
        if error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
        return None


# --------------------------------------------------------------------------- the declaration inside

#: A comment, a tag with its name, or another `<!`, `</`, `<?` thing.
_MARKUP = re.compile(rb"<(?:!--|/?([a-zA-Z][^\t\n\f\r >]*)|[!/?])")
_META = re.compile(rb"<meta[\t\n\f\r /]", re.I)
_TAG_END = re.compile(rb"[\t\n\f\r /]*>")
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*([^\t\n\f\r />][^\t\n\f\r /=>]*)[\t\n\f\r ]*"
    rb"(?:=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r >\"'][^\t\n\f\r >]*)?))?"
)
_CHARSET_IN_CONTENT = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"']+))", re.I
)
_XML_ENCODING = re.compile(rb"""<\?xml[^>]*?encoding[\t\n\f\r ]*=[\t\n\f\r ]*["']([^"'>]*)["']""")
_XML_IN_UTF_16 = ((b"<\x00?\x00x\x00", "utf-16-le"), (b"\x00<\x00?\x00x", "utf-16-be"))


def declared_encoding(data: bytes, *, within: int = _PRESCAN_BYTES) -> str | None:
    """The Python codec that `<meta>` or an XML declaration names within so many bytes: the standard's prescan."""
    for start, name in _XML_IN_UTF_16:
        if data.startswith(start):
            return name
    head = data[:within]
    found = _meta_encoding(head) or _xml_encoding(head)
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    return "utf-8" if found in ("utf-16-le", "utf-16-be") else found


def _meta_encoding(head: bytes) -> str | None:
    at = 0
    while (markup := _MARKUP.search(head, at)) is not None:
        if markup[1] is None:
            is_comment = markup[0] == b"<!--"
            # "<!-->" is a whole comment.
            end = head.find(b"-->", markup.start() + 2) if is_comment else head.find(b">", markup.end() - 1)
            if end < 0:
                return None
            at = end + 1
            continue
        is_meta = _META.match(head, markup.start()) is not None
        attributes, at = _attributes(head, markup.start() + 5 if is_meta else markup.end())
        found = _encoding_of_meta(attributes) if is_meta and _TAG_END.match(head, at) else None
        if found is not None:
            return found
    return None


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """A tag's attributes (lower case, the first of each name) and where they end."""
    found: dict[bytes, bytes] = {}
    while (attribute := _ATTRIBUTE.match(head, at)) is not None:
        name, *values = attribute.groups()
        found.setdefault(name.lower(), next((value for value in values if value is not None), b"").lower())
        at = attribute.end()
    return found, at


def _encoding_of_meta(attributes: dict[bytes, bytes]) -> str | None:
    if b"charset" in attributes:
        return codec_of(attributes[b"charset"].decode("latin-1"))
    if attributes.get(b"http-equiv") != b"content-type":
        return None
    found = _CHARSET_IN_CONTENT.search(attributes.get(b"content", b""))
    return codec_of((found[1] or found[2] or found[3] or b"").decode("latin-1")) if found else None


def _xml_encoding(head: bytes) -> str | None:
    found = _XML_ENCODING.match(head)
    return codec_of(found[1].decode("latin-1")) if found else None


# --------------------------------------------------------------------------- detection


def _detect(data: bytes, declared: str | None) -> str:
    """The likeliest encoding of bytes that are not valid UTF-8."""
    sample = data[:_SAMPLE_BYTES]
    runs = _HIGH.findall(sample)
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    if declared == "utf-8" and broken * 20 <= sum(map(len, runs)):
        return "utf-8"
    if sample[:400].count(0) > 100:
        return "utf-16-le" if sample[1:400:2].count(0) > sample[:400:2].count(0) else "utf-16-be"
    for name in ("euc_jp", "cp932", "cp949", "gb18030", "big5hkscs"):
        if _is_plausible_east_asian(sample, name):
            return name
    return _single_byte(runs)


_HIGH = re.compile(rb"[\x80-\xff]+")


def _is_plausible_east_asian(sample: bytes, name: str) -> bool:
    text = sample.decode(name, "replace")
    strange = [ch for ch in text if ch >= "\x80"]
    if not strange or text.count("\ufffd") * 50 > len(strange):
        return False
    if name in ("euc_jp", "cp932"):
        return sum("\u3041" <= ch <= "\u30fe" for ch in strange) * 4 > len(strange)
    if name == "cp949":
        return sum(ch in _COMMON_HANGUL for ch in strange) * 6 > len(strange)
    return sum(ch in _COMMON_HAN for ch in strange) * 12 > len(strange)


#: The commonest Korean syllables: Chinese text read as Korean has others.
_COMMON_HANGUL = frozenset("이다의는에을가를고하로지은한기도서사어자리그나있해시대인라들일으아만것수게전정부")
#: The commonest Chinese characters, simplified and traditional.
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去这來國個說們為時會著對"
)

_PUNCTUATION = "’“”–—…«»„·€\xa0"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИКЛМНОПРСТУФХЧШЭЮЯ"
_GREEK = "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊΐΑΒΓΔΕΗΘΙΚΛΜΝΟΠΡΣΤΥΧΩΆΈ"
_CZECH = "áčďéěíňóřšťúůýžäľô"
_POLISH = "ąćęłńóśźżŁŚŻ"
_HUNGARIAN = "áéíóöőúüűÁÉ"
_ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئپچژگ،؟"
_THAI = "กขคฆงจฉชซญฎฏฐณดตถทธนบปผฝพฟภมยรลวศษสหฬอะัาำิีึืุูเแโใไๆ็่้๊๋์"
#: Codec and the letters beyond ASCII that make up nearly all of a language's; of equals the first wins.
_LATIN = (
    ("cp1252", "äöüßÄÖÜé"), ("cp1252", "éèàêçôûùîâœëïÉÀ"), ("cp1252", "áéíóúñ¿¡ü"), ("cp1252", "ãõáéíóúçâêôàÁÉ"),
    ("cp1252", "èàùòìé"), ("cp1252", "åäöøæéÅÄÖØÆ"), ("cp1252", "áðéíóúýþæö"), ("cp1250", _CZECH),
    ("iso8859_2", _CZECH), ("cp1250", _POLISH), ("iso8859_2", _POLISH), ("cp1250", _HUNGARIAN), ("cp1250", "ăâîşţ"),
    ("cp1250", "čćšžđČŠŽ"), ("cp1254", "ığşçöüİÇŞÖÜâ"), ("cp1257", "āčēģīķļņšūžąęėįųŠŽ"),
)  # fmt: skip
_OTHER_SCRIPTS = (
    ("cp1255", "אבגדהוזחטיכלמנסעפצקרשתםןךףץ"), ("cp1251", _CYRILLIC), ("cp1251", _CYRILLIC + "іїєґІЇЄ"),
    ("koi8_u", _CYRILLIC + "іїєґІЇЄ"), ("cp866", _CYRILLIC), ("cp1253", _GREEK), ("cp1256", _ARABIC), ("cp874", _THAI),
)  # fmt: skip


def _single_byte(runs: list[bytes]) -> str:
    """The encoding in which most characters beyond ASCII are letters of one language.

    `runs` are the stretches of bytes beyond ASCII: words in other scripts, mostly single letters in the Latin one.
    """
    high = b"".join(runs)[:_MAX_HIGH]
    is_latin = sum(len(run) for run in runs if len(run) >= 3) * 2 < sum(map(len, runs))
    languages = _LATIN if is_latin else _OTHER_SCRIPTS
    scores = [_score(high.decode(codec, "replace"), letters + _PUNCTUATION) for codec, letters in languages]
    return languages[scores.index(max(scores))][0]


_MAX_HIGH = 10_000


def _score(text: str, letters: str) -> int:
    return sum(map(text.count, letters))
