"""What was asked and answered, as `pages` keeps it: JSON, packed with zstd behind words that most exchanges use."""

from __future__ import annotations

import json
from typing import Any

import zstandard

from scraper.model import ExchangeRecord, Hop
from store.sqlite.database.columns import storable, to_json

_LEVEL = 12
_MOST_BYTES = 1024 * 1024
#: Part of the format: never edited, since what was packed with it could not be read any more. The commonest come last.
_WORDS = "".join(
    r"""
HTTP/1.1 203 Non-Authoritative Information HTTP/1.0 200 OK HTTP/2 200 [struck out] 301 302 303 307 308 ["Alt-S
vc","h3=\":443\"; ma=86400,h3-29=\":443\"; ma=2592000"],["NEL","{\"success_fraction\":0.01,\"report_to\":\"cf-
nel\",\"max_age\":604800}"],["Report-To","{\"endpoints\":[{\"url\":\"https://a.nel.cloudflare.com/report/v4?s=
\"}],\"group\":\"cf-nel\",\"max_age\":604800}"],["cf-cache-status","DYNAMIC"],["CF-RAY","-FRA"],["cf-ray","-LH
R"],["x-amz-cf-pop","FRA56-P5"],["x-amz-cf-id",""],["Via","1.1 varnish, 1.1 varnish"],["via","1.1 .cloudfront.
net (CloudFront)"],["X-Served-By","cache-fra-etou8220-FRA, cache-lhr-egll1980"],["X-Cache-Hits","0, 1"],["X-Ca
che","Hit from cloudfront"],["X-Cache","MISS, HIT"],["X-Timer","S17,VS0,VE1"],["x-request-id",""],["X-Request-
Id",""],["X-Runtime","0.0"],["X-Robots-Tag","max-image-preview:large"],["X-Pingback","https://www./xmlrpc.php"
],["Link","<https://www./wp-json/>; rel=\"https://api.w.org/\", <https://www./wp-json/wp/v2/posts/>; rel=\"alt
ernate\"; title=\"JSON\"; type=\"application/json\", <https://www./?p=>; rel=shortlink, rel=preload; as=style
; as=script; crossorigin"],["X-Powered-By","PHP/8.2"],["x-powered-by","Next.js"],["X-UA-Compatible","IE=edge"]
,["Access-Control-Allow-Origin","*"],["Permissions-Policy","interest-cohort=(), geolocation=(), microphone=()
, camera=()"],["Referrer-Policy","strict-origin-when-cross-origin"],["referrer-policy","no-referrer-when-downg
rade"],["X-XSS-Protection","1; mode=block"],["X-Content-Type-Options","nosniff"],["X-Frame-Options","SAMEORIGI
N"],["Content-Security-Policy","upgrade-insecure-requests; default-src 'self' https: data: blob: 'unsafe-inlin
e' 'unsafe-eval'; frame-ancestors 'self'"],["Strict-Transport-Security","max-age=31536000; includeSubDomains
; preload"],["strict-transport-security","max-age=63072000"],["Expires","Thu, 19 Nov 1981 08:52:00 GMT"],["Pra
gma","no-cache"],["Age","0"],["age","12"],["Set-Cookie","[struck out]"],["set-cookie","[struck out]"],["Cache-
Control","no-store, no-cache, must-revalidate"],["Cache-Control","max-age=0, private, must-revalidate"],["cach
e-control","public, max-age=60, s-maxage=300, stale-while-revalidate=30, stale-if-error=86400"],["Accept-Range
s","bytes"],["ETag","W/\"\""],["etag","\""],["Last-Modified","Mon, 01 Jan 2026 00:00:00 GMT"],["last-modified"
,"Wed, Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Sat Sun"],["Vary","Accept-Encoding, User-Agent, Cookie, Ori
gin"],["vary","accept-encoding"],["Content-Encoding","gzip"],["content-encoding","br"],["Content-Language","en
"],["Keep-Alive","timeout=5, max=100"],["Transfer-Encoding","chunked"],["Connection","keep-alive"],["Connectio
n","close"],["Server","Apache/2.4 (Debian)"],["server","cloudflare"],["Server","nginx/1.24.0"],["content-lengt
h","12"],["Content-Length","34"],["content-type","text/html; charset=UTF-8"],["Content-Type","text/html;charse
t=utf-8"],["Date","Tue, 2 Jan 2026 00:00:00 GMT"],["date","Fri, Thu, "]],"redirects":[{"url":"https://www.","s
tatus":301}],"peer":":443","wire_bytes":12345,"is_cut":true}{"request_line":"GET /20 HTTP/1.1","request_header
s":[["Host","www."],["User-Agent","Wireroom/0.1.0 (+https://)"],["Accept-Encoding","gzip, deflate, br, zstd"],
["Accept","text/html, application/xhtml+xml;q=0.9, */*;q=0.5"],["If-None-Match","\""],["If-Modified-Since","Mo
n, "],["Cookie","[struck out]"],["Authorization","[struck out]"]],"status_line":"HTTP/1.1 200 OK","headers":[[
""redirects":[],"peer":null,"wire_bytes":,"is_cut":false}
""".splitlines()
)


def exchange_columns(record: ExchangeRecord | None, url: str) -> dict[str, object]:
    """Return what was asked and answered of a page at `url` as columns of `pages`."""
    if record is None:
        return {}
    told = {name: getattr(record, name) for name in ExchangeRecord.__slots__ if name != "sha256"}
    parameters = zstandard.ZstdCompressionParameters.from_level(_LEVEL, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    packer = zstandard.ZstdCompressor(compression_params=parameters, dict_data=_words(url))
    packed = packer.compress(storable(to_json(told)).encode())
    return {"sha256": bytes.fromhex(record.sha256), "exchange": packed}


def exchange_record(row: Any) -> ExchangeRecord | None:
    """Return what was asked and answered of the page in a row of `pages`."""
    if row["exchange"] is None:
        return None
    unpacker = zstandard.ZstdDecompressor(dict_data=_words(row["url"]), format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    told = json.loads(unpacker.decompress(row["exchange"], max_output_size=_MOST_BYTES))
    for side in ("headers", "request_headers"):
        told[side] = tuple((name, value) for name, value in told[side])
    told["redirects"] = tuple(Hop(**hop) for hop in told["redirects"])
    return ExchangeRecord(**told, sha256=row["sha256"].hex())


def _words(url: str) -> zstandard.ZstdCompressionDict:
    """The page's address stands in the row already, and in what is packed."""
    return zstandard.ZstdCompressionDict((url + _WORDS).encode(), dict_type=zstandard.DICT_TYPE_RAWCONTENT)
