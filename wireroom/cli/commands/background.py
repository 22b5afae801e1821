"""`start` and `stop`: the daemon in the background, where there is no service manager."""

from __future__ import annotations

import typer

from wireroom.cli.options import JsonOption
from wireroom.cli.output import FAILED, fail, note, print_json, say

#: Of the log, when the daemon did not come up.
_LINES_SHOWN = 10


def start(ctx: typer.Context, json: JsonOption = False) -> None:
    """Start the daemon in the background.

    Its log is written beside the database.
    """
    from store import lock_owner
    from wireroom.operations.background import log_path, start_daemon, wait_until_ready

    settings = ctx.obj.settings()
    if (owner := lock_owner(settings.database)) is not None:
        fail(f"{settings.database} is in use already, by process {owner}; `wireroom stop` stops it")
    launch = start_daemon(ctx.obj.arguments(), log_path(settings.database))
    outcome = wait_until_ready(launch)
    if outcome == "ended":
        for line in launch.lines()[-_LINES_SHOWN:]:
            note(line)
        status = launch.process.returncode
        fail(f"the daemon ended with status {status}; its log is {launch.log}", status if status > 0 else FAILED)
    if json:
        print_json({"pid": launch.process.pid, "log": str(launch.log), "reading_room": launch.reading_room()})
        return
    say(f"started as process {launch.process.pid}; log: {launch.log}")
    if outcome == "ready":
        say(f"reading room: {launch.reading_room()}")
    else:
        note("the reading room does not answer yet; the log tells why")


def stop(ctx: typer.Context, json: JsonOption = False) -> None:
    """Stop the daemon.

    Work in progress is finished, or repeated at the next start.
    """
    from wireroom.operations.background import STOP_WITHIN_S, stop_daemon

    database = ctx.obj.database()
    stopped = stop_daemon(database)
    if json and stopped.is_gone:
        print_json({"pid": stopped.pid})
    elif stopped.pid is None:
        note(f"no daemon runs on {database}")
    elif stopped.is_gone:
        say(f"process {stopped.pid} stopped")
    else:
        fail(f"process {stopped.pid} is still running after {STOP_WITHIN_S} s; `kill -9 {stopped.pid}` loses nothing")
