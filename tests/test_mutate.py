"""The tool that breaks modules breaks one thing at a time."""

from __future__ import annotations

from scripts.mutate import importers_of, mutants

SOURCE = """
def least(a, b=True):
    \"\"\"Return the lesser.\"\"\"
    if a < 2:
        return a
    return None
"""


def test_each_break_is_one_change() -> None:
    found = {what: text for _, what, text in mutants(SOURCE)}
    assert set(found) == {"a < 2 -> a <= 2", "2 -> 3", "if a < 2: -> if not a < 2:", "return a -> return None"}
    whole = 'def least(a, b=True):\n    """Return the lesser."""\n    if a {}:\n        return a\n    return None'
    assert found["a < 2 -> a <= 2"] == whole.format("<= 2")
    assert found["2 -> 3"] == whole.format("< 3")


def test_the_tests_of_a_module_are_those_that_import_it() -> None:
    assert "tests/test_mutate.py" in importers_of("scripts.mutate")
    assert "tests/test_mutate.py" not in importers_of("scripts.keep_schema")
