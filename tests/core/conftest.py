"""How hypothesis draws in this folder: the same cases each time, and no clock, since machines differ."""

from hypothesis import HealthCheck, settings

QUIET = (HealthCheck.too_slow, HealthCheck.filter_too_much)
settings.register_profile("core", max_examples=40, deadline=None, derandomize=True, suppress_health_check=QUIET)
settings.load_profile("core")
