"""scraper.fetch_process: the process that fetches, its death and its end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from fakes import FixedClock
from origin import Answer, Origin

from scraper.addresses import AddressPolicy
from scraper.errors import AddressRefused, AnswerBroken, WireroomError, WorkersStopped
from scraper.fetch import ClientPolicy
from scraper.fetch_process import FetchProcess
from scraper.model import FetchRequest, Response
from scraper.ports import Fetcher


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        yield server


@pytest.fixture
def process() -> Iterator[FetchProcess]:
    addresses = AddressPolicy.allowing(("127.0.0.1/32",))
    made = FetchProcess(ClientPolicy(user_agent="Wireroom/test", addresses=addresses), FixedClock())
    yield made
    made.close()


def get(fetcher: Fetcher, url: str, deadline_s: float = 30) -> Response:
    return fetcher.fetch(FetchRequest(url=url, max_bytes=100_000, deadline_s=deadline_s))


def get_in_thread(fetcher: Fetcher, url: str) -> tuple[threading.Thread, list[BaseException]]:
    """Ask for what does not answer, in a thread; what is raised is in the list."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            get(fetcher, url)
        except WireroomError as exc:
            raised.append(exc)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


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


def test_an_exchange_in_a_process_that_dies_fails_and_the_next_starts_another(
    origin: Origin, process: FetchProcess
) -> None:
    origin.routes["/feed"] = Answer(b"news")
    origin.routes["/slow"] = Answer(stream=lambda send: time.sleep(6))
    fetcher, other = process.open(), process.open()
    assert get(fetcher, origin.url("/feed")).body == get(other, origin.url("/feed")).body
    thread, raised = get_in_thread(fetcher, origin.url("/slow"))
    wait_for(lambda: any(request.path == "/slow" for request in origin.requests))
    process.kill()
    thread.join(10)
    assert [type(exc) for exc in raised] == [AnswerBroken]
    assert "started anew" in str(raised[0])
    with pytest.raises(AnswerBroken):
        get(other, origin.url("/feed"))
    assert get(fetcher, origin.url("/feed")).body == get(other, origin.url("/feed")).body == b"news"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_told_to_all_processes_is_the_daemon_s(origin: Origin, process: FetchProcess, number: int) -> None:
    origin.routes["/feed"] = Answer(b"news")
    fetcher = process.open()
    get(fetcher, origin.url("/feed"))
    assert process._process is not None
    assert process._process.pid is not None
    os.kill(process._process.pid, number)
    time.sleep(0.1)
    assert get(fetcher, origin.url("/feed")).body == b"news"


def test_closing_ends_the_process_and_what_it_does(origin: Origin, process: FetchProcess) -> None:
    origin.routes["/slow"] = Answer(stream=lambda send: time.sleep(6))
    thread, raised = get_in_thread(process.open(), origin.url("/slow"))
    wait_for(lambda: bool(origin.requests))
    began = time.monotonic()
    process.close()
    thread.join(10)
    assert time.monotonic() - began < 5
    assert [type(exc) for exc in raised] == [WorkersStopped]
    with pytest.raises(WorkersStopped):
        get(process.open(), origin.url("/slow"))


def wait_for(condition) -> None:
    ends_at = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < ends_at
        time.sleep(0.01)
