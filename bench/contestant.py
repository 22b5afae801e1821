"""A program being measured, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parent.parent
#: Interpreters of Wireroom and of its peers.
OURS = ROOT / ".venv" / "bin" / "python"
PEERS = ROOT / "bench" / ".venv" / "bin" / "python"
#: Time that a program gets to leave.
_PATIENCE_S = 20


class BenchError(Exception):
    """A measurement that says nothing: a program failed, or the two did not do the same work."""


class Contestant:
    """Starts `python -m module` and asks it things; a context manager. See `bench.dialogue` for the other side."""

    def __init__(self, python: Path, module: str, *arguments: str) -> None:
        self._module = module
        self._process = subprocess.Popen(
            [str(python), "-m", module, *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            # A session of its own: what it starts can be found, and counted, by it.
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def ask(self, do: str, **arguments: object) -> dict[str, Any]:
        """Have it do something and return what it says.

        Raises:
            BenchError: it ended instead of answering.
        """
        pipe, answers = self._process.stdin, self._process.stdout
        if pipe is None or answers is None:
            raise BenchError(f"{self._module} has no pipes")
        try:
            pipe.write(json.dumps({"do": do, **arguments}) + "\n")
            pipe.flush()
            line = answers.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise BenchError(f"{self._module} ended while asked to {do}; standard error says why")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask_counting(self, do: str, **arguments: object) -> tuple[dict[str, Any], float | None]:
        """Do as `ask`; return also the CPU seconds of all its processes meanwhile (None where that is not known)."""
        before = session_cpu(self._process.pid)
        answer = self.ask(do, **arguments)
        after = session_cpu(self._process.pid)
        return answer, None if before is None or after is None else after - before

    def stop(self) -> None:
        """End it: it leaves when its input ends."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            # With what it started: the session's first process group is its own.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def session_cpu(session: int) -> float | None:
    """Return the CPU seconds used so far by all processes of a session, ended ones included; None without /proc."""
    processes = Path("/proc")
    if not (processes / "self" / "stat").exists():
        return None
    ticks = 0
    for stat in processes.glob("[0-9]*/stat"):
        try:
            # The command's name may hold spaces and brackets; what follows it does not.
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            ticks += sum(int(field) for field in fields[11:15])  # utime stime cutime cstime
    return ticks / os.sysconf("SC_CLK_TCK")
