"""The values of feeds.yaml that say how to ask a site; secrets come from the environment or from files.

No message repeats a value.
"""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from scraper.model import Proxy

_FORMS = "write text, {env: NAME} or {file: PATH}"
MAX_SECRET_BYTES = 64 * 1024
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_FINGERPRINT = re.compile(r"sha256:((?:[0-9a-f]{2}:?){31}[0-9a-f]{2})", re.IGNORECASE | re.ASCII)
#: Headers that are ours to set, with what to write instead.
_OURS = {
    "user-agent": "write user_agent",
    "cookie": "write cookies",
    "proxy-authorization": "write the login into the proxy's address",
    **dict.fromkeys(
        [
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
            "te",
            "upgrade",
            "expect",
            "range",
            "accept-encoding",
            "if-none-match",
            "if-modified-since",
        ],
        "Wireroom sets it itself",
    ),
}


def resolve_secret(value: object, folder: Path) -> str:
    """Return the text that `value` is or names: text, `{env: NAME}`, `{file: PATH}` (relative to `folder`)."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or len(value) != 1:
        raise ValueError(f"{_FORMS} (a number in quotes)")
    ((form, name),) = value.items()
    if form not in ("env", "file") or not isinstance(name, str) or not name:
        raise ValueError(_FORMS)
    text = _of_environment(name) if form == "env" else _of_file(folder / Path(name).expanduser())
    if not text:
        raise ValueError(f"what {form} names is empty")
    return text


def _of_environment(name: str) -> str:
    if name not in os.environ:
        raise ValueError(f"the environment has no variable {name[:60]!r}; set it where Wireroom is started")
    return os.environ[name]


def _of_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_SECRET_BYTES + 1)
        if len(raw) > MAX_SECRET_BYTES:
            raise ValueError("the file is larger than 64 KiB")
        return raw.decode().strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("the file is not in UTF-8") from None
    except OSError as exc:
        raise ValueError(f"the file cannot be read: {exc.strerror or exc}") from None


def parse_header_name(text: str) -> str:
    """Return `text` if it is the name of a header that the user may set."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("is not the name of a header")
    if text.lower() in _OURS:
        raise ValueError(f"cannot be set here: {_OURS[text.lower()]}")
    return text


def parse_cookie_name(text: str) -> str:
    """Return `text` if it is the name of a cookie."""
    if not _TOKEN.fullmatch(text):
        raise ValueError("is not the name of a cookie")
    return text


def parse_header_value(text: str) -> str:
    """Return `text` if it can be sent in a header."""
    if not text.isascii() or not text.isprintable() or text != text.strip() or len(text) > 8000:
        raise ValueError("must be printable ASCII of at most 8,000 characters, without spaces around it")
    return text


def parse_cookie_value(text: str) -> str:
    """Return `text` if it can be the value of a cookie."""
    if ";" in text:
        raise ValueError("a cookie's value has no semicolon: write one line for each cookie")
    return parse_header_value(text)


def basic(username: str, password: str) -> str:
    """Return the Authorization header of a login (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def parse_proxy(text: str) -> Proxy | None:
    """Return the proxy at `http://[user:password@]host:port`, `socks5://...` or `socks5h://...`; None for `none`."""
    if text == "none":
        return None
    wanted = "write http://HOST:PORT, socks5://HOST:PORT, socks5h://HOST:PORT or none"
    try:
        parts = urlsplit(text)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise ValueError(f"is not the address of a proxy; {wanted}") from None
    is_known = parts.scheme in ("http", "socks5", "socks5h") and host and port and parts.path in ("", "/")
    if not is_known or any(c.isspace() or not c.isprintable() for c in text):
        raise ValueError(f"is not the address of a proxy; {wanted}")
    user, password = parts.username, parts.password
    return Proxy(
        scheme=parts.scheme,
        host=str(host),
        port=int(port or 0),
        username=None if user is None else unquote(user),
        password=None if password is None else unquote(password),
    )


def parse_timeout(text: str) -> float:
    """Return the seconds that `5s`, `90s`, `2m` mean."""
    match = re.fullmatch(r"(\d{1,3})(s|m)", text, re.ASCII)
    seconds = int(match[1]) * (60 if match[2] == "m" else 1) if match else 0
    if not 1 <= seconds <= 120:
        raise ValueError("is not a time limit: write 1s to 120s, or 1m or 2m")
    return float(seconds)


def read_certificate(text: str, folder: Path) -> str:
    """Return the certificates in the PEM file that `text` names, or the fingerprint `sha256:...` that it is."""
    if text.lower().startswith("sha256:"):
        match = _FINGERPRINT.fullmatch(text)
        if not match:
            raise ValueError("a fingerprint is sha256: and 64 hexadecimal digits")
        return "sha256:" + match[1].replace(":", "").lower()
    pem = _of_file(folder / Path(text).expanduser())
    from scraper.fetch.tls import is_certificate

    if not is_certificate(pem):
        raise ValueError("the file has no certificate in PEM form (-----BEGIN CERTIFICATE-----)")
    return pem
