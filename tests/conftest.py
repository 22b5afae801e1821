"""What holds for all tests: none depends on how long it runs, property tests included; one that never ends is ended."""

from hypothesis import HealthCheck, settings
from limit import pytest_configure, pytest_runtest_protocol
from patience import times

__all__ = ["pytest_configure", "pytest_runtest_protocol"]

settings.register_profile(
    "any machine", max_examples=times(100, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
