"""The command line: one module per noun, each command importing what it needs when it runs.

app.py         the program: global options, the commands in the order of the help, errors to messages and statuses
invocation.py  what the global options mean: settings, database, archive
interrupt.py   what Ctrl-C does
output.py      how things are said: tables, JSON, times, failures
"""

import sys

from wireroom.cli.interrupt import leave_at_once


def main() -> None:
    """Run the command line of this process and exit."""
    leave_at_once()
    from wireroom.cli.app import app

    # A title in Cyrillic must not end a program whose terminal speaks Latin-1.
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper in a process of its own
    app(prog_name="wireroom")
