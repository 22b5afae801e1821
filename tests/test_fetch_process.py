"""scraper.fetch.fetch_process: the process that fetches, its death and its end."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest
from fakes import FixedClock
from origin import Answer, Origin, Request
from patience import LONG_S, held_back, wait_until

from scraper.errors import AddressRefused, AnswerBroken, DeadlineExceeded, WireroomError, WorkersStopped
from scraper.fetch.client import ClientPolicy
from scraper.fetch.fetch_process import FetchProcess
from scraper.fetch.networks import AddressPolicy
from scraper.model import FetchRequest, Response
from scraper.ports import Fetcher


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def wait() -> Iterator[Callable[[], None]]:
    """What an answer that does not come before the test's end does meanwhile."""
    with held_back() as made:
        yield made


POLICY = ClientPolicy(user_agent="Wireroom/test", addresses=AddressPolicy.allowing(("127.0.0.1/32",)))


@pytest.fixture
def process() -> Iterator[FetchProcess]:
    made = FetchProcess(POLICY, FixedClock())
    yield made
    made.close()


def get(fetcher: Fetcher, url: str, deadline_s: float = LONG_S) -> Response:
    return fetcher.fetch(FetchRequest(url=url, max_bytes=100_000, deadline_s=deadline_s))


def get_in_thread(fetcher: Fetcher, url: str) -> tuple[threading.Thread, list[object]]:
    """Ask in a thread; the body that came, or what was raised, is in the list."""
    got: list[object] = []

    def run() -> None:
        try:
            got.append(get(fetcher, url).body)
        except WireroomError as exc:
            got.append(exc)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, got


def pid_of(process: FetchProcess) -> int:
    assert process._child is not None
    return process._child.pid


def test_answers_and_errors_are_those_of_a_fetcher_here(origin: Origin, process: FetchProcess) -> None:
    origin.routes["/feed"] = Answer(b"news", headers={"ETag": '"a"'})
    fetcher = process.open()
    answer = get(fetcher, origin.url("/feed"))
    assert (answer.status, answer.body, answer.validators.etag) == (200, b"news", '"a"')
    assert origin.requests[0].headers["user-agent"] == "Wireroom/test"
    with pytest.raises(AddressRefused, match="not public") as caught:
        get(fetcher, "http://127.0.0.2/feed")
    assert caught.value.url == "http://127.0.0.2/feed"
    fetcher.close()
    assert get(fetcher, origin.url("/feed")).body == b"news"


def test_what_a_process_that_dies_was_asked_is_asked_again_once(
    origin: Origin, process: FetchProcess, wait: Callable[[], None]
) -> None:
    origin.routes["/feed"] = Answer(b"news")
    asked = threading.Event()

    def slowly(request: Request) -> Answer:
        if not asked.is_set():
            asked.set()
            wait()
        return Answer(b"late news")

    origin.routes["/slow"] = slowly
    fetcher, other = process.open(), process.open()
    assert get(fetcher, origin.url("/feed")).body == get(other, origin.url("/feed")).body
    thread, got = get_in_thread(fetcher, origin.url("/slow"))
    assert asked.wait(LONG_S)
    process.kill()
    thread.join(LONG_S)
    assert got == [b"late news"]
    assert get(other, origin.url("/feed")).body == b"news", "its connection led to the process that died"


def test_who_sees_the_process_die_twice_is_told(
    origin: Origin, process: FetchProcess, wait: Callable[[], None]
) -> None:
    origin.routes["/slow"] = Answer(stream=lambda send: wait())
    thread, got = get_in_thread(process.open(), origin.url("/slow"))
    for times in (1, 2):
        wait_until(partial(was_asked, origin, times))
        process.kill()
    thread.join(LONG_S)
    assert [type(exc) for exc in got] == [AnswerBroken]
    assert "ended twice" in str(got[0])


def test_a_process_that_is_stuck_is_replaced_and_who_was_late_is_not_asked_again(origin: Origin) -> None:
    origin.routes["/feed"] = Answer(b"news")
    with closing(FetchProcess(POLICY, FixedClock(), grace_s=5)) as process:
        fetcher = process.open()
        assert get(fetcher, origin.url("/feed")).body == b"news"
        os.kill(pid_of(process), signal.SIGSTOP)
        wait_until(lambda: state_of(pid_of(process)).startswith("T"), "its stop")
        with pytest.raises(DeadlineExceeded):
            get(fetcher, origin.url("/feed"), deadline_s=0.1)
        assert len(origin.requests) == 1
        assert get(fetcher, origin.url("/feed")).body == b"news"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_what_is_told_to_all_processes_is_the_daemon_s(origin: Origin, process: FetchProcess, number: int) -> None:
    origin.routes["/feed"] = Answer(b"news")
    fetcher = process.open()
    get(fetcher, origin.url("/feed"))
    pid = pid_of(process)
    os.kill(pid, number)
    assert get(fetcher, origin.url("/feed")).body == b"news"
    assert get(process.open(), origin.url("/feed")).body == b"news"
    assert pid_of(process) == pid


def test_the_fork_server_s_death_is_none_of_its_own(origin: Origin, process: FetchProcess) -> None:
    origin.routes["/feed"] = Answer(b"news")
    get(process.open(), origin.url("/feed"))
    pid = pid_of(process)
    parent = subprocess.run(["ps", "-o", "ppid=", "-p", str(pid)], capture_output=True, check=True).stdout
    os.kill(int(parent), signal.SIGKILL)
    assert get(process.open(), origin.url("/feed")).body == b"news"
    assert pid_of(process) == pid, "it goes on"
    process.kill()
    assert get(process.open(), origin.url("/feed")).body == b"news", "another fork server makes another"


def test_closing_ends_the_process_and_what_it_does(
    origin: Origin, process: FetchProcess, wait: Callable[[], None]
) -> None:
    origin.routes["/slow"] = Answer(stream=lambda send: wait())
    thread, raised = get_in_thread(process.open(), origin.url("/slow"))
    wait_until(lambda: bool(origin.requests))
    process.close()
    thread.join(LONG_S)
    assert [type(exc) for exc in raised] == [WorkersStopped]
    with pytest.raises(WorkersStopped):
        get(process.open(), origin.url("/slow"))


def was_asked(origin: Origin, times: int) -> bool:
    return len(origin.requests) == times


def state_of(pid: int) -> str:
    """Return the state of a process as `ps` writes it; T = stopped."""
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=True, text=True).stdout
