"""What holds for all tests: none depends on how long it runs, property tests included."""

from hypothesis import HealthCheck, settings
from patience import times

settings.register_profile(
    "any machine", max_examples=times(100, 1000), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")
