"""`page`: a kept page as it was received, and the exchange that brought it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import IdArgument, JsonOption, read_number
from wireroom.cli.output import fail, note, print_facts, print_json, printable, say, size, when
from wireroom.operations.select import find_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.model import ExchangeRecord, RawPage


def page(
    ctx: typer.Context,
    article: IdArgument,
    revision: Annotated[
        int | None,
        typer.Option("--revision", parser=read_number, metavar="N", help="Of this version; by default the newest."),
    ] = None,
    number: Annotated[
        int,
        typer.Option("--number", parser=read_number, metavar="N", help="Which page of an article that has several."),
    ] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the page there, byte for byte; - = output.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show how a kept page was asked for and answered.

    Cookies, logins and what feeds.yaml sets are struck out. --out writes the page itself.
    """
    with ctx.obj.archive() as archive:
        found = archive.pages(find_article(archive, article), revision)
    chosen = next((each for each in found if each.number == number), None)
    if chosen is None:
        fail(f"that version has no page {number}; it has {', '.join(str(each.number) for each in found)}")
    if out is not None:
        _write(chosen, out)
    elif json:
        print_json({"page": _told(chosen)})
    else:
        _show(chosen, found)


def _write(page: RawPage, out: Path) -> None:
    if str(out) == "-":
        typer.get_binary_stream("stdout").write(page.body)
        return
    try:
        out.write_bytes(page.body)
    except OSError as exc:
        fail(f"{out} cannot be written: {exc.strerror}")
    note(f"{size(len(page.body))} written to {out}")


def _told(page: RawPage) -> dict[str, object]:
    whole = replace(page, body=b"")
    told = {name: getattr(whole, name) for name in whole.__slots__ if name != "body"}
    return {**told, "bytes": len(page.body), "body_sha256": hashlib.sha256(page.body).hexdigest()}


def _show(page: RawPage, found: Sequence[RawPage]) -> None:
    exchange = page.exchange
    facts = [("address", printable(page.url)), ("fetched", when(page.fetched_at))]
    if len(found) > 1:
        facts.append(("page", f"{page.number} of {len(found)}"))
    facts += [("size", size(len(page.body))), ("sha256", hashlib.sha256(page.body).hexdigest())]
    if exchange is not None:
        as_received = "the same bytes" if exchange.sha256 == facts[-1][1] else exchange.sha256
        facts.append(("received", f"{size(exchange.wire_bytes)}, sha256 {as_received}"))
        facts += [("server", exchange.peer)] if exchange.peer else []
        facts += [("redirect", f"{hop.status} {printable(hop.url)}") for hop in exchange.redirects]
    print_facts(facts)
    if exchange is None:
        note("what was asked and answered was not recorded: the page was fetched before that was kept")
        return
    _show_headers(exchange)


def _show_headers(exchange: ExchangeRecord) -> None:
    for line, headers in (
        (exchange.request_line, exchange.request_headers),
        (exchange.status_line, exchange.headers),
    ):
        say("")
        say(printable(line))
        for name, value in headers:
            say(f"{printable(name)}: {printable(value)}")
    if exchange.is_cut:
        note("the headers were longer and are cut here")
