"""`init`, `status`, `backup`, `restore`: looking after the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import JsonOption
from wireroom.cli.output import (
    STATUS_WORDS,
    WRONG,
    counted,
    fail,
    note,
    print_facts,
    print_json,
    print_rows,
    printable,
    say,
    size,
    when,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.model import ArchiveStatus, HostLedger, SiteDrift
    from scraper.plugins import Plugin


def init(ctx: typer.Context, json: JsonOption = False) -> None:
    """Write a feeds.yaml that explains every key.

    An existing file is not changed.
    """
    from scraper.config import create_starter

    create_starter(ctx.obj.config)
    if json:
        print_json({"config": str(ctx.obj.config.absolute())})
        return
    say(f"{ctx.obj.config} written")
    say("next: `wireroom feeds add ADDRESS` for each feed, then `wireroom run`")


def status(
    ctx: typer.Context,
    json: JsonOption = False,
    hosts: Annotated[bool, typer.Option("--hosts", help="Show the requests made to each host instead.")] = False,
) -> None:
    """Show what is on file and due, and if a daemon runs.

    The exit status is 2 if feeds.yaml has problems, which are listed.
    """
    from store import lock_owner

    if hosts:
        with ctx.obj.archive() as archive:
            _show_ledger(archive.ledger(), json)
        return

    path = ctx.obj.database()
    with ctx.obj.archive() as archive:
        found, drifts = archive.status(), archive.drifts()
    owner = lock_owner(path)
    problems = ctx.obj.problems()
    plugins = _plugins()
    if json:
        from wireroom.export.record import as_json

        print_json(
            {
                "database": str(path),
                "daemon_pid": owner or None,
                "is_running": owner is not None,
                **as_json(found),
                "drifts": drifts,
                "plugins": plugins,
                "config_problems": problems,
            }
        )
    else:
        _print_status(path, owner, found)
        _print_drifts(drifts)
        _print_plugins(plugins)
        for problem in problems:
            note(problem)
    if problems:
        raise typer.Exit(WRONG)


def _print_status(path: Path, owner: int | None, found: ArchiveStatus) -> None:
    running = "not running" if owner is None else f"process {owner}" if owner else "an unknown process"
    count = sum(found.articles.values())
    each = f", {size(found.size_bytes // count)} an article" if count else ""
    print_facts(
        [
            ("database", f"{path} ({size(found.size_bytes)}{each})"),
            ("daemon", running),
            ("network", str(found.outage or "")),
            *_facts(found),
        ]
    )
    if found.failing and found.outage is None:
        say(f"\n{counted(len(found.failing), 'feed')} failed at the last poll:")
        for name, message in found.failing:
            say(f"  {printable(name)}: {printable(message.removeprefix(f'{name}: '))}")
    if found.losing:
        say(f"\n{counted(len(found.losing), 'feed')} lose entries between polls:")
        for name, risk in found.losing:
            say(f"  {printable(name)}: {risk}")


def _print_drifts(drifts: Sequence[SiteDrift]) -> None:
    if drifts:
        say(f"\n{counted(len(drifts), 'site')} not read as before; a rule under `sites:` may help:")
        for site in drifts:
            say(
                f"  {printable(site.host)}: {site.drift.alarm} since {when(site.since)}: {printable(site.drift.detail)}"
            )
            say(f"    then fetch them again: {site.command}")


def _plugins() -> tuple[Plugin, ...]:
    from wireroom.export import FORMATS
    from wireroom.importing import IMPORTERS

    return (*FORMATS.plugins(), *IMPORTERS.plugins())


def _print_plugins(plugins: Sequence[Plugin]) -> None:
    if plugins:
        say(f"\n{counted(len(plugins), 'plug-in')}:")
        for plugin in plugins:
            what = plugin.fault or f"{plugin.kind} {plugin.name!r} of {plugin.package}"
            say(f"  {printable(what)}")


def _show_ledger(ledger: Sequence[HostLedger], json: bool) -> None:
    if json:
        print_json(ledger)
        return
    columns = ("host", "requests", "bytes", "304", "told to wait", "too soon", "robots", "least gap")
    print_rows(columns, [_ledger_row(row) for row in ledger], wide="host")


def _ledger_row(row: HostLedger) -> tuple[str, ...]:
    share = f"{row.not_modified / row.requests:.0%}" if row.requests else ""
    gap = "" if row.least_gap_s is None else f"{row.least_gap_s:.1f} s"
    pauses = (str(row.pauses_asked), str(row.pauses_broken))
    return (row.host, f"{row.requests:,}", size(row.wire_bytes), share, *pauses, str(row.robots_refusals), gap)


def backup(
    ctx: typer.Context, path: Annotated[Path, typer.Argument(help="The new file.")], json: JsonOption = False
) -> None:
    """Copy the archive; the daemon may run."""
    with ctx.obj.archive() as archive:
        archive.backup(path)
    size_bytes = path.stat().st_size
    if json:
        print_json({"path": str(path.absolute()), "size_bytes": size_bytes})
    else:
        say(f"backup written to {path} ({size(size_bytes)})")


def restore(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    json: JsonOption = False,
) -> None:
    """Replace the archive by a backup.

    The backup is checked first, and the present archive is kept beside it. Stop the daemon first.
    """
    from store import ProcessLock

    ctx.obj.log(quiet=True)
    database = ctx.obj.database()
    if not path.is_file():
        fail(f"there is no backup at {path}")
    with ProcessLock(database):
        candidate = _sound_copy(path, database)
        kept = _set_aside(database)
        candidate.replace(database)
    if json:
        print_json({"database": str(database), "kept": str(kept) if kept else None})
        return
    say(f"{path} restored to {database}")
    if kept:
        note(f"the previous archive is kept as {kept}")


def _facts(found: ArchiveStatus) -> list[tuple[str, str]]:
    return [
        ("articles", _breakdown({STATUS_WORDS[name]: found.articles.get(name, 0) for name in STATUS_WORDS})),
        ("unread", f"{found.unread:,}"),
        ("unindexed", f"{found.not_indexed:,} not in the search index yet" if found.not_indexed else ""),
        ("edits", f"{found.extra['edits']:,}" if found.extra["edits"] else ""),
        ("removed", f"{found.extra['removed']:,} (`wireroom articles --removed`)" if found.extra["removed"] else ""),
        ("entries", f"{found.entries:,}"),
        ("feeds", _breakdown(dict(sorted(found.feeds.items())))),
        ("last poll", when(found.last_poll_at)),
        ("next poll", when(found.next_poll_at)),
    ]


def _breakdown(counts: Mapping[str, int]) -> str:
    parts = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
    return f"{sum(counts.values()):,}" + (f" ({parts})" if parts else "")


def _sound_copy(backup: Path, database: Path) -> Path:
    """Return a copy of `backup` beside `database`, checked, and migrated if an earlier version wrote it.

    The backup itself is not opened: it may lie on a read-only disk, and must stay what it is.

    Raises:
        StoreError: it is no archive, of a later version, or damaged; no copy is left.
    """
    import shutil

    from scraper.errors import StoreDamaged, StoreUnusable
    from store import open_store

    copy = database.with_name(database.name + ".restoring")
    try:
        _remove(copy)
        shutil.copyfile(backup, copy)
        copy.chmod(0o600)
        with open_store(copy, create=False) as store:
            faults = store.integrity()
        if faults:
            raise StoreDamaged(faults[0], path=copy)
    except StoreDamaged as exc:
        _remove(copy)
        reason = str(exc.__cause__ or exc)
        raise StoreDamaged(
            f"{backup} is damaged or no archive: {reason}. Nothing was changed; restore another backup.", path=backup
        ) from exc
    except StoreUnusable as exc:
        _remove(copy)
        raise type(exc)(str(exc).replace(str(copy), str(backup)), path=backup) from exc
    except BaseException:
        _remove(copy)
        raise
    return copy


def _set_aside(database: Path) -> Path | None:
    """Rename the present database, its log with it, and return its new path; None = there was none."""
    if not database.exists():
        return None
    number, kept = 1, database.with_name(database.name + ".before-restore")
    while kept.exists():
        number += 1
        kept = database.with_name(f"{database.name}.before-restore-{number}")
    for suffix in ("-wal", "-shm", ""):
        file = database.with_name(database.name + suffix)
        if file.exists():
            file.replace(kept.with_name(kept.name + suffix))
    return kept


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
