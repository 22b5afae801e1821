"""What the global options of one invocation mean: the settings, the database, the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.config import Settings
    from store import Store


class LogFormat(StrEnum):
    """How log lines are written."""

    text = "text"
    json = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """The global options as given; what they lead to is read when asked for."""

    config: Path
    #: None = what the configuration says.
    db: Path | None
    verbose: int
    log_format: LogFormat

    def settings(self) -> Settings:
        """Return the configuration, `--db` taking the place of its database.

        Raises:
            ConfigError: it is missing or wrong.
        """
        from dataclasses import replace

        from scraper.config import load_settings

        settings = load_settings(self.config, selector_fault=_selector_fault)
        return replace(settings, database=self.db.absolute()) if self.db else settings

    def settings_or_default(self) -> Settings:
        """Return the configuration, or the defaults if there is no such file: for commands that need no feeds.

        Raises:
            ConfigError: there is one, and it is wrong.
        """
        from scraper.config import Settings

        if self.config.exists():
            return self.settings()
        path = self.config.absolute()
        return Settings(path=path, database=self.db or path.with_name("wireroom.db"))

    def problems(self) -> tuple[str, ...]:
        """Return what is wrong with the configuration, a line each; nothing if there is none, or it is in order."""
        from scraper.errors import ConfigError

        try:
            self.settings_or_default()
        except ConfigError as exc:
            return exc.problems
        return ()

    def database(self) -> Path:
        """Return the path of the database; with `--db` no configuration is needed.

        Raises:
            ConfigError: the configuration is needed, and missing or wrong.
        """
        from scraper.config import read_database_path

        return self.db or read_database_path(self.config)

    def archive(self, *, migrate: bool = True) -> Store:
        """Open the archive that is there, as a context manager; without `migrate` not one of an earlier version.

        Raises:
            ConfigError: as `database`.
            StoreUnusable: there is none, or it cannot be used.
        """
        from store import open_store

        self.log(quiet=True)
        return open_store(self.database(), create=False, migrate=migrate)

    def arguments(self) -> tuple[str, ...]:
        """Return the global options for another process, whatever its directory."""
        given = ["--config", str(self.config.absolute()), "--log-format", self.log_format.value]
        if self.db:
            given += ["--db", str(self.db.absolute())]
        return (*given, *["-v"] * self.verbose)

    def log(self, *, quiet: bool) -> None:
        """Send log lines to standard error; `quiet` for commands that report their outcome themselves."""
        from wireroom.logs import configure

        configure(self.log_format.value, self.verbose, quiet=quiet)


def _selector_fault(selector: str) -> str | None:
    """Judge a selector of `sites:` by the extractor, which is loaded only for configurations that have one."""
    from scraper.extract.rules import selector_fault

    return selector_fault(selector)
