"""APScheduler, set up so that nothing is lost: the only module that knows it.

The schedule of the sources is in the database; these are only the few beats of the service itself.
Jobs live in memory and are made anew at each start.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

JOB_DEFAULTS = {
    # By default a job that starts more than a second late is skipped; ours only ever run late.
    "misfire_grace_time": None,
    # However many beats were missed, one run makes up for them.
    "coalesce": True,
    "max_instances": 1,
}


class Scheduler:
    """Runs callables at a fixed distance, each at most once at a time, on threads of its own."""

    def __init__(self) -> None:
        self._scheduler = BackgroundScheduler(
            job_defaults=JOB_DEFAULTS,
            executors={"default": ThreadPoolExecutor(5)},
            timezone=UTC,
            daemon=True,
        )

    def every(self, distance: timedelta, job: Callable[[], None]) -> None:
        """Run a job at this distance, for the first time as soon as the scheduler starts."""
        self._scheduler.add_job(
            job, "interval", seconds=distance.total_seconds(), next_run_time=datetime.now(UTC)
        )

    def once(self, after: timedelta, job: Callable[[], None]) -> None:
        """Run a job once, so long after now; nobody misses one that was for after the end."""
        self._scheduler.add_job(job, "date", run_date=datetime.now(UTC) + after)

    def start(self) -> None:
        """Begin to beat."""
        self._scheduler.start()

    @property
    def running(self) -> bool:
        """Whether the scheduler beats."""
        return bool(self._scheduler.running)

    def stop(self) -> None:
        """Stop beating, without waiting for jobs that are under way."""
        if self.running:
            self._scheduler.shutdown(wait=False)
