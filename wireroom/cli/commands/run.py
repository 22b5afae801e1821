"""`run` and `serve`: the processes that stay."""

from __future__ import annotations

import signal
from queue import SimpleQueue

import typer

from wireroom.cli.interrupt import heed_interrupt
from wireroom.cli.output import say


def run(ctx: typer.Context) -> None:
    """Run the daemon, with the reading room.

    It polls the feeds, fetches their articles and files them until SIGTERM or Ctrl-C. A changed feeds.yaml is taken
    over at once.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # "read the configuration", which is still to come
    from wireroom.daemon import run_daemon

    ctx.obj.log(quiet=False)
    raise typer.Exit(run_daemon(ctx.obj.config, ctx.obj.settings, announce=say, on_started=heed_interrupt))


def serve(ctx: typer.Context) -> None:
    """Serve the reading room without polling, until Ctrl-C."""
    from wireroom.serving import ReadingRoom

    settings = ctx.obj.settings()
    with ctx.obj.archive() as archive:
        ctx.obj.log(quiet=False)
        with ReadingRoom(archive, settings.listen_host, settings.listen_port) as room:
            say(f"reading room: {room.url}")
            wait_for_signal()


def wait_for_signal() -> None:
    """Return when SIGINT or SIGTERM arrives. Call from the main thread."""
    arrived: SimpleQueue[int] = SimpleQueue()  # not an Event: its lock would be taken twice by a handler in `wait`
    previous = {
        number: signal.signal(number, lambda number, frame: arrived.put(number))
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        arrived.get()
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
