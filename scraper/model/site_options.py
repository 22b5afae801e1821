"""How the user wants an address to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A server that makes our connections for us."""

    #: "http", "socks5" (we look names up) or "socks5h" (it does); an HTTP proxy looks names up, too.
    scheme: str
    host: str
    port: int
    username: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The user's wishes for one exchange; secrets are resolved, and left out of `repr`."""

    #: None = our own name.
    user_agent: str | None = None
    #: None = directly.
    proxy: Proxy | None = None
    #: Wall time for everything.
    deadline_s: float = 30.0
    #: Headers, `Authorization` and `Cookie` among them: for `origin` alone.
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    #: The only certificates accepted from `origin`, in place of this machine's authorities: PEM text, or `sha256:` and
    #: the fingerprint in hex of the one certificate. None = the authorities.
    certificate: str | None = field(default=None, repr=False)
    #: What `headers` and `certificate` are for; None = nothing.
    origin: str | None = None

    def at(self, origin: str) -> Access:
        """Return this access for one origin."""
        return replace(self, origin=origin)

    def without_secrets(self) -> Access:
        """Return what does not say who the user is."""
        return replace(self, headers=())


#: No wishes.
PLAIN = Access()
