"""Edits feeds.yaml for its owner: whole files or nothing, every line that is not concerned left as it is.

The places of the feeds come from the YAML nodes; the text between them is never written anew, so comments, quoting,
order and spacing stay. What comes out is read again before it takes the old file's place.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from importlib import resources
from pathlib import Path

from scraper.config.read import file_error, parse_settings, read_bytes
from scraper.config.rows import Item, Value
from scraper.config.settings import Settings
from scraper.config.values import format_interval, parse_address, same_address, without_credentials
from scraper.errors import ConfigError, NotFound
from scraper.model import FeedSpec


def starter_text() -> str:
    """Return the commented file that a new user starts from; it lists no feed."""
    return resources.files("scraper.config").joinpath("starter.yaml").read_text("utf-8")


def create_starter(path: Path) -> None:
    """Write the starter file to `path`, readable by its owner alone; directories are made as needed.

    Raises:
        ConfigError: there is a file already, or none can be made there.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as exc:
        raise file_error(path, "there is a file already; nothing was written") from exc
    except OSError as exc:
        raise file_error(path, f"it cannot be written: {exc.strerror}") from exc
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(starter_text())


def add_feed(path: Path, spec: FeedSpec) -> bool:
    """Add one feed to the end of the list in `path`; False = it is listed already.

    Raises:
        ConfigError: as in `add_feeds`.
    """
    return bool(add_feeds(path, (spec,)))


def add_feeds(path: Path, specs: Iterable[FeedSpec]) -> tuple[str, ...]:
    """Add feeds to the end of the list in `path` and return the addresses that were not listed yet.

    Fields that have their default value in a spec are not written: the file's `defaults` hold for them. A missing file
    is made from the starter text.

    Raises:
        ConfigError: the file cannot be used or written, or a spec cannot stand in it; nothing was changed.
    """
    from scraper.config.layout import insert_items

    wanted = tuple(specs)
    _refuse_bad(wanted)
    with _locked(path):
        raw = read_bytes(path) if os.path.lexists(path) else starter_text().encode()
        old = parse_settings(raw, path)
        known = {same_address(feed.url) for feed in old.feeds}
        new: list[FeedSpec] = []
        for spec in wanted:
            if same_address(spec.url) not in known:
                known.add(same_address(spec.url))
                new.append(spec)
        if new:
            edited = insert_items(raw, [_item(spec) for spec in new])
            _check_added(edited, path, old, new)
            _replace(path, edited)
    return tuple(spec.url for spec in new)


def remove_feed(path: Path, url: str) -> None:
    """Take the feed with the address `url` out of the list in `path`.

    Raises:
        NotFound: it is not listed.
        ConfigError: the file cannot be used or written; nothing was changed.
    """
    from scraper.config.layout import delete_item

    with _locked(path):
        raw = read_bytes(path)
        old = parse_settings(raw, path)
        addresses = [same_address(feed.url) for feed in old.feeds]
        if same_address(url) not in addresses:
            shown = without_credentials(url)
            raise NotFound(f"{path} lists no feed {shown}", what=shown)
        index = addresses.index(same_address(url))
        edited = delete_item(raw, index, old.feeds[index].url)
        expected = replace(old, feeds=old.feeds[:index] + old.feeds[index + 1 :])
        if _loaded(edited, path) != expected:
            raise file_error(path, f"feeds[{index}] is written in a way that only a person can edit; remove it by hand")
        _replace(path, edited)


# --------------------------------------------------------------------------- what is written


def _refuse_bad(specs: Sequence[FeedSpec]) -> None:
    problems = []
    for spec in specs:
        try:
            parse_address(spec.url)
        except ValueError as exc:
            problems.append(f"{without_credentials(spec.url)[:200]!r}: {exc}")
    if problems:
        raise ConfigError(tuple(problems))


def _item(spec: FeedSpec) -> Item:
    """Return what the file says of `spec`: its address, or a mapping of what differs from a plain feed."""
    found: dict[str, Value] = {
        "url": spec.url,
        "name": _one_line(spec.name or ""),
        "tags": _words(spec.tags),
        "interval": format_interval(spec.interval) if spec.interval else None,
        "schedule": spec.schedule,
        "time_zone": spec.time_zone,
        "full_text": None if spec.full_text else False,
        "recheck": None if spec.recheck else False,
        "stories": None if spec.stories else False,
        "paused": spec.paused or None,
        "keep": _words(spec.keep),
        "drop": _words(spec.drop),
    }
    said: Item = {key: value for key, value in found.items() if value is False or value}
    return spec.url if len(said) == 1 else said


def _one_line(text: str) -> str:
    """Return a title from elsewhere as a name may be: one printable line of at most 200 characters."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())[:200].strip()


def _words(words: Iterable[str]) -> Value:
    return [word for word in map(_one_line, words) if word]


def _check_added(edited: bytes, path: Path, old: Settings, new: Sequence[FeedSpec]) -> None:
    """Raise unless `edited` is the old configuration with the new feeds behind the old ones."""
    result = _loaded(edited, path)
    count = len(old.feeds)
    if (
        result is None
        or [feed.url for feed in result.feeds[count:]] != [spec.url for spec in new]
        or replace(result, feeds=result.feeds[:count]) != old
    ):
        raise file_error(path, "its list of feeds is written in a way that only a person can edit; add them by hand")


def _loaded(raw: bytes, path: Path) -> Settings | None:
    try:
        return parse_settings(raw, path)
    except ConfigError:
        return None


# --------------------------------------------------------------------------- files


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time edit files in the directory of `path`."""
    try:
        descriptor = os.open(_target(path).parent, os.O_RDONLY)
    except OSError as exc:
        raise file_error(path, f"its directory cannot be opened: {exc.strerror}") from exc
    try:
        with contextlib.suppress(OSError):  # some network file systems lock no directories
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _target(path: Path) -> Path:
    """Return the file itself where `path` is a symbolic link, so that the link stays one."""
    return Path(os.path.realpath(path))


def _replace(path: Path, raw: bytes) -> None:
    """Put `raw` in the place of the file in one step, with its mode; a new file is the owner's alone."""
    target = _target(path)
    try:
        before = target.stat() if target.exists() else None
        if before and not os.access(target, os.W_OK):
            raise file_error(path, "it may not be written by this user; look at its permissions (ls -l)")
        descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".tmp", dir=target.parent)
    except OSError as exc:
        raise file_error(path, f"it cannot be written: {exc.strerror}") from exc
    try:
        with open(descriptor, "wb") as file:
            file.write(raw)
            if before:
                os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
                with contextlib.suppress(PermissionError):
                    os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except OSError as exc:
        Path(name).unlink(missing_ok=True)
        hint = "; in a container, mount its directory instead of the file" if exc.errno == errno.EBUSY else ""
        raise file_error(path, f"it cannot be replaced: {exc.strerror}{hint}") from exc
