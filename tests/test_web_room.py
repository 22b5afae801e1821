"""The reading room as a server on loopback."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from patience import LONG_S, wait_until
from shelf import Filed, fill

from scraper.errors import WireroomError
from scraper.model import Extraction
from store import Store, open_store
from wireroom.serving import DEFAULT_HOST, DEFAULT_PORT, ReadingRoom, RoomUnavailable


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "wireroom.db") as archive:
        fill(archive, [Filed(url="https://paper.example/a", extraction=Extraction(title="Lamp", text="A lamp."))])
        yield archive


def get(url: str, path: str = "/", host: str | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=LONG_S)
    try:
        connection.request("GET", path, headers={"Host": host} if host else {})
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_the_room_answers_between_start_and_stop(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    room = ReadingRoom(store, port=0)
    room.start()
    assert room.port > 0
    assert room.url == f"http://127.0.0.1:{room.port}/"
    status, html = get(room.url)
    assert (status, "Lamp" in html) == (200, True)
    assert get(room.url, host="evil.example")[0] == 400
    assert get(room.url, "/articles/7")[0] == 404
    room.stop()
    room.stop()
    with pytest.raises(ConnectionError):
        get(room.url)
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


def test_the_usual_address() -> None:
    assert (DEFAULT_HOST, DEFAULT_PORT) == ("127.0.0.1", 8460)


def test_a_port_in_use_names_the_remedy(store: Store) -> None:
    with ReadingRoom(store, port=0) as first:
        second = ReadingRoom(store, port=first.port)
        with pytest.raises(RoomUnavailable, match=r"is in use.*`listen:`") as caught:
            second.start()
        assert isinstance(caught.value, WireroomError)
        assert caught.value.address == f"127.0.0.1:{first.port}"
        second.stop()
        assert get(first.url)[0] == 200


def test_the_same_port_can_be_taken_again_at_once(store: Store) -> None:
    with ReadingRoom(store, port=0) as first:
        port = first.port
        get(first.url)
    with ReadingRoom(store, port=port) as again:
        assert get(again.url)[0] == 200


def test_an_address_of_another_machine_is_named(store: Store) -> None:
    with pytest.raises(RoomUnavailable, match="cannot listen on 192"):
        ReadingRoom(store, "192.0.2.1", 0, allowed_hosts=("192.0.2.1",)).start()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "news.example"])
def test_without_a_login_the_room_stays_on_this_machine(store: Store, host: str) -> None:
    with pytest.raises(RoomUnavailable, match="has no login yet"):
        ReadingRoom(store, host, 0).start()


def test_named_hosts_open_it_wider(store: Store) -> None:
    with ReadingRoom(store, "0.0.0.0", 0, allowed_hosts=("reader.home.arpa",)) as room:
        url = f"http://127.0.0.1:{room.port}/"
        assert get(url, host="reader.home.arpa")[0] == 200
        assert get(url)[0] == 400


def test_stopping_does_not_wait_for_idle_connections(store: Store) -> None:
    room = ReadingRoom(store, port=0)
    room.start()
    with socket.create_connection(("127.0.0.1", room.port)), socket.create_connection(("127.0.0.1", room.port)) as half:
        half.sendall(b"GET / HTTP/1.1\r\nHost: loc")
        room.stop()
        wait_until(lambda: "reading-room" not in {thread.name for thread in threading.enumerate()}, "its end")


def test_many_readers_at_once(store: Store) -> None:
    with ReadingRoom(store, port=0) as room:
        answers: list[int] = []
        threads = [threading.Thread(target=lambda: answers.append(get(room.url)[0])) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert answers == [200] * 24
