"""TLS: the shared context, and what a failed handshake means in words. Pure but for loading the certificates."""

from __future__ import annotations

import ssl

_UNKNOWN_ISSUER = (
    "its certificate is from an issuer that this machine does not know; if you trust it, install the issuer's "
    "certificate here, or name the exception with `certificate:` at the feed"
)
_OTHER_HOST = "its certificate is for another host; look at the address for a slip, or open it in a browser"
#: OpenSSL's verification codes (x509_vfy.h).
_CERTIFICATE_FAULTS = {
    9: "its certificate is not valid yet; look at this machine's clock",
    10: "its certificate has expired; the publisher has to renew it (or this machine's clock is wrong)",
    18: f"its certificate is self-signed: {_UNKNOWN_ISSUER}",
    19: _UNKNOWN_ISSUER,
    20: _UNKNOWN_ISSUER,
    21: _UNKNOWN_ISSUER,
    23: "its certificate has been revoked; the publisher has to replace it",
    62: _OTHER_HOST,
    64: _OTHER_HOST,
}
_NO_TLS = "the server does not speak TLS on this port; try the address with http://"
_OLD_TLS = "the server speaks only versions of TLS that are no longer safe; the publisher has to update it"
_NO_CIPHER = "the server and this machine have no way of encrypting in common; the publisher has to update it"
_HANDSHAKE_FAULTS = {
    "WRONG_VERSION_NUMBER": _NO_TLS,
    "HTTP_REQUEST": _NO_TLS,
    "RECORD_LAYER_FAILURE": _NO_TLS,
    "UNSUPPORTED_PROTOCOL": _OLD_TLS,
    "TLSV1_ALERT_PROTOCOL_VERSION": _OLD_TLS,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": _NO_CIPHER,
    "DH_KEY_TOO_SMALL": _NO_CIPHER,
    "NO_SHARED_CIPHER": _NO_CIPHER,
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know this host name; look at the address for a slip",
    "UNEXPECTED_EOF_WHILE_READING": "the server broke the handshake off; try again, or open the address in a browser",
}


def tls_context(socket_class: type[ssl.SSLSocket]) -> ssl.SSLContext:
    """Build the context that trusts this machine's authorities; loading them costs 30 ms, so it is shared by all."""
    context = ssl.create_default_context()
    context.sslsocket_class = socket_class
    return context


def exception_context(certificate: str, socket_class: type[ssl.SSLSocket]) -> ssl.SSLContext:
    """Build the context of one exception (`Access.certificate`): nothing but what it names is trusted.

    With a fingerprint, OpenSSL checks nothing: the caller compares the fingerprint before anything is sent.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.sslsocket_class = socket_class
    if certificate.startswith("sha256:"):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(cadata=certificate)
        # The file may hold the server's own certificate, which need not be that of an authority.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def is_certificate(pem: str) -> bool:
    """Say whether a text holds certificates in PEM form."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=pem)
    except (ssl.SSLError, ValueError):
        return False
    return True


def explain(error: ssl.SSLError) -> str:
    """Say what is wrong with a server's TLS, and what to do."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_FAULTS.get(error.verify_code, f"its certificate is not acceptable: {error.verify_message}")
    return _HANDSHAKE_FAULTS.get(error.reason or "", f"the TLS handshake failed: {error.reason or error}")
