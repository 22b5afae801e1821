"""Wireroom polling feeds and filing articles, for the bench to ask."""

from __future__ import annotations

from bench.dialogue import serve
from bench.ours.room import Room


def main() -> None:
    """Answer the bench's questions about one archive."""
    room = Room()
    try:
        serve({"open": room.open, "poll": room.poll, "file": room.file, "close": room.close})
    finally:
        room.close()


if __name__ == "__main__":
    main()
