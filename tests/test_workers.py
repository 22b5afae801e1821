"""Parsing in processes that can be stopped."""

import os
import platform
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from patience import LONG_S, wait_until

from scraper.engine.workers import LARGE_BYTES, WorkerPool
from scraper.errors import NotAFeed, WorkerDied, WorkersStopped, WorkersUnavailable, WorkerTimeout
from scraper.fetch.child import Child
from scraper.sources.syndication import parse_feed

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(1, cpu_limit_s=1.0, wall_limit_s=LONG_S)
    yield made
    made.close()


def test_results_and_errors_come_back(pool: WorkerPool) -> None:
    feed = parse_feed_of(pool, b"<rss version='2.0'><channel><title>T</title></channel></rss>")
    assert feed.title == "T"
    with pytest.raises(NotAFeed) as caught:
        parse_feed_of(pool, b"<html>")
    assert (caught.value.url, caught.value.is_html) == ("https://x.example/", True)


def test_a_bug_comes_back_with_its_place(pool: WorkerPool) -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        pool.run(int, "seven")
    assert "scraper/engine/workers.py" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="Strange: told in words"):
        pool.run(exec, "class Strange(Exception): pass\nraise Strange('told in words')")  # cannot be handed over


def test_a_worker_that_hangs_or_dies_is_replaced() -> None:
    pool = WorkerPool(1, wall_limit_s=1)
    with pytest.raises(WorkerTimeout, match="longer than 1 s"):
        pool.run(time.sleep, 60)
    with pytest.raises(WorkerDied):
        pool.run(os._exit, 3)
    assert pool.run(len, "still here") == 10
    pool.close()


@pytest.mark.parametrize(
    ("task", "args"),
    [
        (re.match, (r"(a+)+$", "a" * 60 + "b")),  # a loop in C that lets nobody else work
        (exec, ("while True: pass",)),
        (exec, ("while True:\n try:\n  while True: pass\n except BaseException: pass",)),
    ],
    ids=["C", "Python", "deaf"],
)
def test_the_limit_is_the_processor_s_time(
    pool: WorkerPool, task: Callable[..., object], args: tuple[str, ...]
) -> None:
    with pytest.raises(WorkerTimeout, match="more than 1 s of CPU time"):
        pool.run(task, *args)


def test_waiting_costs_nothing_of_the_limit_and_each_document_has_all_of_it(pool: WorkerPool) -> None:
    pool.run(time.sleep, 1.5)
    for _ in range(3):
        pool.run(exec, "import time\nend = time.process_time() + 0.4\nwhile time.process_time() < end: pass")


def test_a_worker_that_takes_too_much_memory_fails_alone(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDied):
        pool.run(bytearray, 8 * 1024**3)
    assert pool.run(len, "still here") == 10


def test_a_worker_that_read_a_large_document_is_not_kept(pool: WorkerPool) -> None:
    pid = pool.run(os.getpid)
    pool.run(len, b" " * LARGE_BYTES)
    assert pool.run(os.getpid) != pid


#: Large buffers between small ones that stay. Pages of memory in use: with the buffers, and without.
BUFFERS = """
from pathlib import Path
def in_use():
    return int(Path("/proc/self/statm").read_text().split()[1])
kept, buffers = [], []
for _ in range(400):
    buffers.append(bytearray(b"x") * 100_000)
    kept.append(bytearray(b"x") * 1000)
whole = in_use()
buffers.clear()
raise LookupError(whole, in_use())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the heap of glibc is meant")
def test_what_large_buffers_took_goes_back_to_the_system(pool: WorkerPool) -> None:
    with pytest.raises(LookupError) as caught:
        pool.run(exec, BUFFERS, {})
    before, after = caught.value.args
    assert (before - after) * os.sysconf("SC_PAGE_SIZE") > 30_000_000


def test_what_killed_a_worker_is_said(pool: WorkerPool) -> None:
    with pytest.raises(WorkerDied, match="more than 360 MiB of memory"):
        pool.run(bytearray, 400 * 1024**2)
    with pytest.raises(WorkerDied, match=r"crashed its worker \(exit status 3\)"):
        pool.run(os._exit, 3)
    with pytest.raises(WorkerDied, match="was killed, and so was the next"):
        pool.run(signal.raise_signal, signal.SIGKILL)


def test_a_worker_killed_from_outside_is_no_fault_of_the_document(pool: WorkerPool, tmp_path: Path) -> None:
    script = f"import os, time\nopen({str(tmp_path / 'pids')!r}, 'a').write(str(os.getpid()) + '\\n')\n"
    script += f"while not os.path.exists({str(tmp_path / 'over')!r}): time.sleep(0.01)"
    done: list[object] = []
    thread = threading.Thread(target=lambda: done.append(pool.run(exec, script)))
    thread.start()
    wait_until(lambda: written(tmp_path / "pids"), "its beginning")
    os.kill(written(tmp_path / "pids")[0], signal.SIGKILL)
    wait_until(lambda: len(written(tmp_path / "pids")) == 2, "another try")
    (tmp_path / "over").touch()
    thread.join(LONG_S)
    assert done == [None]
    assert len(set(written(tmp_path / "pids"))) == 2, "asked again, once"


def test_an_idle_worker_that_was_killed_is_not_asked(pool: WorkerPool) -> None:
    pid = pool.run(os.getpid)
    os.kill(pid, signal.SIGKILL)
    time.sleep(0.05)
    assert pool.run(os.getpid) != pid


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_what_is_told_to_all_processes_is_the_daemon_s(pool: WorkerPool, number: signal.Signals) -> None:
    pid, fork_server = pool.run(os.getpid), pool.run(os.getppid)
    for process in (pid, fork_server):
        os.kill(process, number)
    assert pool.run(os.getpid) == pid
    with pytest.raises(WorkerDied):
        pool.run(os._exit, 3)
    assert pool.run(os.getppid) == fork_server


def test_the_fork_server_s_death_ends_nothing(pool: WorkerPool) -> None:
    pid, fork_server = pool.run(os.getpid), pool.run(os.getppid)
    assert fork_server != os.getpid()
    os.kill(fork_server, signal.SIGKILL)
    assert pool.run(os.getpid) == pid, "a worker that is there goes on"
    with pytest.raises(WorkerDied, match="exit status 3"):  # nobody hears how it ended; the second is heard
        pool.run(os._exit, 3)
    assert pool.run(os.getpid) != pid
    assert pool.run(os.getppid) not in (1, fork_server)
    with pytest.raises(WorkerTimeout, match="CPU time"):
        pool.run(exec, "while True: pass")


def _end_at_once(pipe: object) -> None:
    os._exit(1)


def test_a_process_that_cannot_begin_is_no_fault_of_a_document() -> None:
    with pytest.raises(WorkersUnavailable, match="no process for testing can be started"):
        Child(_end_at_once, name="testing")


def test_close_leaves_nobody_waiting() -> None:
    pool = WorkerPool(1)
    assert pool.run(len, "started") == 7
    failures: list[Exception] = []

    def wait() -> None:
        try:
            pool.run(time.sleep, LONG_S)
        except WorkersStopped as exc:
            failures.append(exc)

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    wait_until(lambda: pool._busy, "a document at work")
    pool.close()
    for thread in threads:
        thread.join(LONG_S)
    assert len(failures) == 4, "one was being worked on, three waited for a worker"
    with pytest.raises(WorkersStopped):
        pool.run(len, "too late")


PROGRAM = """
import os, sys, threading, time
from scraper.engine.workers import WorkerPool

if __name__ == "__main__":
    pool = WorkerPool(2)
    threading.Thread(target=pool.run, args=(time.sleep, 600), daemon=True).start()
    while not pool._busy:
        time.sleep(0.01)
    busy, idle = next(iter(pool._busy)).pid, pool.run(os.getpid)
    print(busy, idle, pool.run(os.getppid), flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("is_killed", [True, False], ids=["killed", "forgetful"])
def test_no_process_outlives_the_daemon(tmp_path: Path, is_killed: bool) -> None:
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as daemon:
        assert daemon.stdout is not None
        pids = [int(word) for word in daemon.stdout.readline().split()]
        assert len(set(pids)) == 3
        if is_killed:
            daemon.kill()
        daemon.communicate(timeout=LONG_S)  # ends although nobody closed the pool
    wait_until(lambda: not any(map(is_running, pids)), "the end of all")


INTERRUPTED = """
import os, signal, sys, time
from scraper.fetch.child import Child

def stay(pipe, daemon):
    os.kill(daemon, signal.SIGINT)
    time.sleep(3600)

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        Child(stay, os.getpid(), name="testing")
    except KeyboardInterrupt:
        print("ended")
"""

LEFT_ALONE = """
import os, sys, threading, time
from scraper.fetch.child import Child

def stay(pipe, begun):
    open(begun, "w").close()
    time.sleep(3600)

if __name__ == "__main__":
    begun = sys.argv[1]
    threading.Thread(target=Child, args=(stay, begun), kwargs={"name": "testing"}, daemon=True).start()
    while not os.path.exists(begun):
        time.sleep(0.01)
    print("ended")
"""


@pytest.mark.parametrize("program", [INTERRUPTED, LEFT_ALONE], ids=["interrupted", "left alone"])
def test_the_end_does_not_wait_for_a_process_that_is_starting(tmp_path: Path, program: str) -> None:
    script = tmp_path / "program.py"
    script.write_text(program)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), str(tmp_path / "begun")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=LONG_S)
    assert (done.stdout, done.stderr, done.returncode) == ("ended\n", "", 0)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not is_zombie(pid)


def is_zombie(pid: int) -> bool:
    """Say whether nobody has collected a process that ended; where there is no /proc, nobody knows."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def written(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().splitlines()] if path.exists() else []


def parse_feed_of(pool: WorkerPool, body: bytes):
    return pool.run(parse_feed, body, url="https://x.example/", content_type=None)
