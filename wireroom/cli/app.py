"""The program: its global options, its commands in the order of the help, and how errors end it."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from scraper.errors import BadQuery, ConfigError, NotAnAddress, StoreBusy, StoreUnusable, WireroomError
from wireroom.cli.commands import (
    articles,
    background,
    demo,
    dropped,
    export,
    extract,
    feeds,
    lineage,
    marks,
    page,
    poll,
    refresh,
    reprocess,
    upkeep,
    versions,
)
from wireroom.cli.commands import move_in as moving
from wireroom.cli.commands import run as daemon
from wireroom.cli.commands import search as searching
from wireroom.cli.interrupt import INTERRUPTED, interruptible
from wireroom.cli.invocation import Invocation, LogFormat
from wireroom.cli.output import FAILED, WRONG, fail, note

#: Global options that take a value, and those that do not; they may stand behind the command too.
_WITH_VALUE = ("--config", "--db", "--log-format")
_FLAGS = ("-v", "-vv", "--verbose")


#: The commands by what they are for, in the order of the help.
_GROUPS: tuple[tuple[str, tuple[Callable[..., None] | typer.Typer, ...]], ...] = (
    (
        "Set up and run",
        (upkeep.init, daemon.run, background.start, background.stop, poll.poll, daemon.serve, demo.demo),
    ),
    (
        "Read",
        (
            *(articles.articles, articles.show, articles.search, searching.searches),
            *(marks.read, marks.unread, marks.star, marks.unstar),
        ),
    ),
    (
        "See what changed, and why",
        (
            versions.edits,
            versions.revisions,
            versions.diff,
            page.page,
            lineage.lineage,
            articles.why,
            dropped.restore_entry,
        ),
    ),
    ("Feeds and pages", (feeds.app, refresh.refresh, refresh.save, extract.extract, reprocess.reprocess)),
    ("Move data in and out", (export.export, moving.import_, export.datasette_metadata)),
    ("Look after the archive", (upkeep.status, upkeep.backup, upkeep.restore)),
)


class Program(TyperGroup):
    """The group of all commands; the one place where an error becomes a message and an exit status."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take global options wherever they stand: nobody remembers on which side of the command they belong."""
        return super().parse_args(ctx, _globals_first(args))

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands in their groups, each with the whole of its first sentence."""
        width = max(map(len, self.commands))
        for title, members in _GROUPS:
            with formatter.section(title):
                names = [_name(member) for member in members]
                # Padded alike: the second column begins at one place in all groups.
                rows = [(f"{name:<{width}}", self.commands[name].get_short_help_str(limit=200)) for name in names]
                formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; a deliberate error is said on standard error, without a traceback."""
        try:
            with interruptible():
                return super().invoke(ctx)
        except KeyboardInterrupt as exc:
            note("wireroom: interrupted")
            raise typer.Exit(INTERRUPTED) from exc
        except ConfigError as exc:
            for problem in exc.problems:
                note(problem)
            raise typer.Exit(WRONG) from exc
        except BadQuery as exc:
            fail(f"--{exc.part}: {exc}" if exc.part else str(exc), WRONG)
        except WireroomError as exc:
            fail(str(exc), _status(exc))
        except OSError as exc:
            if exc.filename is None or exc.errno == errno.EPIPE:
                raise
            fail(f"{exc.filename}: {exc.strerror}")


def _status(error: WireroomError) -> int:
    """A database that cannot be used is a wrong --db or configuration; one that is busy is not."""
    if isinstance(error, NotAnAddress):
        return WRONG
    return WRONG if isinstance(error, StoreUnusable) and not isinstance(error, StoreBusy) else FAILED


def _name(member: Callable[..., None] | typer.Typer) -> str:
    return "feeds" if isinstance(member, typer.Typer) else member.__name__.rstrip("_").replace("_", "-")


def _globals_first(args: list[str]) -> list[str]:
    ours: list[str] = []
    rest: list[str] = []
    given = iter(args)
    for arg in given:
        if arg == "--":
            rest += [arg, *given]
        elif arg in _FLAGS or (arg.split("=", 1)[0] in _WITH_VALUE and "=" in arg):
            ours.append(arg)
        elif arg in _WITH_VALUE:
            ours += [arg, *[value for value in [next(given, None)] if value is not None]]
        else:
            rest.append(arg)
    return ours + rest


def _show_version(wanted: bool) -> None:
    if wanted:
        from wireroom import __version__

        typer.echo(f"wireroom {__version__}")
        raise typer.Exit


def wireroom(
    ctx: typer.Context,
    config: Annotated[
        Path, typer.Option("--config", envvar="WIREROOM_CONFIG", metavar="PATH", help="The feed list.")
    ] = Path("feeds.yaml"),
    db: Annotated[
        Path | None,
        typer.Option(
            "--db",
            envvar="WIREROOM_DB",
            metavar="PATH",
            help="The database; by default what feeds.yaml says, else wireroom.db beside it.",
            show_default=False,
        ),
    ] = None,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose", "-v", count=True, help="Log more; give it twice for every decision.", show_default=False
        ),
    ] = 0,
    log_format: Annotated[LogFormat, typer.Option("--log-format", help="How log lines are written.")] = LogFormat.text,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Wireroom polls news feeds, fetches every article in full and keeps it, to read, search and export.

    Begin with `wireroom init`, then `wireroom run`. `wireroom demo` shows everything without a network.
    """
    ctx.obj = Invocation(config=config, db=db, verbose=verbose, log_format=log_format)


def _program() -> typer.Typer:
    program = typer.Typer(
        cls=Program,
        no_args_is_help=True,
        # Rich's help costs 0.2 s of imports, four times all else together; its tracebacks hide where a bug is.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    program.callback()(wireroom)
    for title, members in _GROUPS:
        for member in members:
            if isinstance(member, typer.Typer):
                program.add_typer(member, name=_name(member), rich_help_panel=title)
            else:
                kind = searching.SearchCommand if member is articles.search else None
                program.command(_name(member), cls=kind, rich_help_panel=title)(member)
    return program


app = _program()
