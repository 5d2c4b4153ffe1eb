"""What holds for all tests: a busy machine makes none of them fail."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("feedsvc", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("feedsvc")
