"""A test that never ends is ended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from patience import LONG_S

HANGS = """
import signal, threading

def test_waits_for_nothing():
    if {is_deaf}:
        signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGALRM}})
    threading.Event().wait()

def test_comes_after_it():
    pass
"""


@pytest.mark.parametrize("is_deaf", [False, True])
def test_a_test_that_never_ends_fails_with_its_stack(tmp_path: Path, is_deaf: bool) -> None:
    (tmp_path / "test_hangs.py").write_text(HANGS.format(is_deaf=is_deaf))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "limit", "-p", "no:cacheprovider", "--rootdir", ".", "test_hangs.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent), "WIREROOM_TEST_LIMIT_S": "1"},
        capture_output=True,
        text=True,
        timeout=LONG_S,
        check=False,
    )
    assert done.returncode == 1
    assert "in test_waits_for_nothing" in done.stderr
    if not is_deaf:
        assert "test_waits_for_nothing was not over after 1 s" in done.stdout
        assert "1 failed, 1 passed" in done.stdout
