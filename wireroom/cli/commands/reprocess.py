"""`reprocess`: stored pages are read again by today's extractor and site rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from wireroom.cli.options import FeedOption, JsonOption, SinceOption, read_number
from wireroom.cli.output import counted, fail, note, print_json, print_rows, say, when
from wireroom.operations.select import find_feed

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.model import Rereading
    from store import Store

#: Changes shown in full.
_SAMPLES = 3
#: A run that is killed has been counted so far.
_COUNTED_EVERY = 20
_UNREADABLE = "no longer readable (kept as filed)"


def reprocess(
    ctx: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    site: Annotated[
        str | None, typer.Option("--site", metavar="HOST", help="Only of this site: its host, or a domain above it.")
    ] = None,
    feed: FeedOption = None,
    since: SinceOption = None,
    samples: Annotated[int, typer.Option("--samples", min=0, metavar="N", help="Show N of the changes.")] = _SAMPLES,
    runs: Annotated[bool, typer.Option("--runs", help="List earlier runs.")] = False,
    undo: Annotated[
        int | None, typer.Option("--undo", parser=read_number, metavar="RUN", help="Undo what a run changed.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Extract every version again from its stored pages.

    It uses today's rules: after an upgrade, or after a new rule under `sites:`. What changes is kept beside what was
    filed, and shown from then on; it is not an edit. Versions whose pages yield no text stay as they are.
    """
    from scraper.engine.batch import read_all

    with ctx.obj.archive() as store:
        if runs:
            _list_runs(store, json)
            return
        if undo is not None:
            if any(run.undone_at for run in store.runs() if run.id == undo):
                fail(f"run {undo} is undone already")
            undone, left = store.undo_run(undo)
            if json:
                print_json({"run": undo, "undone": undone, "left": left})
                return
            say(f"{counted(undone, 'version')} as before run {undo}")
            if left:
                note(f"{counted(left, 'version')} changed since then and stay")
            return
        wanted = _chosen(store, site, feed, since)
        sites = ctx.obj.settings_or_default().sites
        options = {"--site": site, "--feed": feed, "--since": since and since.isoformat(timespec="minutes")}
        scope = " ".join(f"{name} {value}" for name, value in options.items() if value)
        run_id = None if dry_run else store.begin_run(scope or "everything")
        tally = _Tally(samples)
        with _progress(len(wanted)) as advance:
            for reading in read_all(store.kept_version, wanted, sites):
                tally.take(reading, changes=bool(reading.changed) and (run_id is None or store.refile(run_id, reading)))
                if run_id is not None and tally.examined % _COUNTED_EVERY == 0:
                    store.count_run(run_id, tally.examined)
                advance()
        if run_id is not None:
            store.end_run(run_id, tally.examined)
    if json:
        facts = {"examined": tally.examined, "changed": tally.changed, "overtaken": tally.overtaken}
        print_json({"run": run_id, **facts, "kinds": tally.kinds})
        return
    _report(tally, run_id)


class _Tally:
    """What came of the readings so far."""

    def __init__(self, samples: int) -> None:
        self.examined = self.changed = 0
        #: They would change, but another run or a new page was faster.
        self.overtaken = 0
        self.kinds: Counter[str] = Counter()
        self.samples: list[Rereading] = []
        self._wanted = samples

    def take(self, reading: Rereading, *, changes: bool) -> None:
        """Count a reading; `changes` says whether it is filed, or would be."""
        self.examined += 1
        if reading.found is None:
            self.kinds[_UNREADABLE] += 1
        if reading.changed and not changes:
            self.overtaken += 1
        if changes:
            self.changed += 1
            self.kinds.update(reading.changed)
            if len(self.samples) < self._wanted:
                self.samples.append(reading)


def _chosen(store: Store, site: str | None, feed: str | None, since: datetime | None) -> Sequence[tuple[int, int]]:
    from scraper.urls import standard_host

    return store.kept_versions(
        site=standard_host(site).removeprefix("www.") if site else None,
        feed_id=find_feed(store, feed) if feed else None,
        since=since,
    )


def _report(tally: _Tally, run_id: int | None) -> None:
    verb = "would change" if run_id is None else "changed"
    say(f"{verb} {tally.changed:,} of {counted(tally.examined, 'version')}")
    if tally.overtaken:
        note(f"{counted(tally.overtaken, 'version')} stay: another run, or a new page, changed them meanwhile")
    for kind, number in tally.kinds.most_common():
        say(f"  {number:>7,}  {kind}")
    for reading in tally.samples:
        _show(reading)
    if run_id is not None and tally.changed:
        note(f"run {run_id}; `wireroom reprocess --undo {run_id}` undoes it")


def _show(reading: Rereading) -> None:
    from wireroom.cli.commands.versions import print_changes
    from wireroom.operations.diff import compare

    assert reading.found is not None
    version = reading.version
    say(f"\n{version.article_id}, version {version.revision}  {version.url}  ({', '.join(reading.changed)})")
    print_changes(compare(version.shown, reading.found))


def _list_runs(store: Store, json: bool) -> None:
    found = store.runs()
    if json:
        print_json(found)
        return
    columns = ("run", "when", "read", "changed", "state", "scope")
    rows = []
    for run in found:
        state = "undone" if run.undone_at else ("done" if run.finished_at else "not finished")
        read = f"{run.examined:,}" if run.finished_at else f"{run.examined:,} or more"
        rows.append((str(run.id), when(run.started_at), read, f"{run.changed:,}", state, run.scope))
    print_rows(columns, rows, wide="scope")


@contextmanager
def _progress(total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on standard error where a person watches."""
    import sys

    if not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.progress import Progress

    from wireroom.cli.output import console

    with Progress(console=console(stderr=True), transient=True) as progress:
        task = progress.add_task("versions", total=total)
        yield lambda: progress.advance(task)
