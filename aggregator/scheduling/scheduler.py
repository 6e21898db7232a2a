"""APScheduler, set up so that nothing is lost: the only module that knows it.

The schedule of the sources is in the database; these are only the few beats of the service itself.
Jobs live in memory and are made anew at each start. APScheduler goes by the wall clock: where that
was set back by an hour, no job would come for an hour, so the jobs are moved with it.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from aggregator.scheduling.clock import ClockWatch

LOOK_SECONDS = 1.0
"""Distance at which it is looked whether somebody set the clock."""
JOB_DEFAULTS = {
    # By default a job that starts more than a second late is skipped; ours only ever run late.
    "misfire_grace_time": None,
    # However many beats were missed, one run makes up for them.
    "coalesce": True,
    "max_instances": 1,
}


class Scheduler:
    """Runs callables at a fixed distance, each at most once at a time, on threads of its own."""

    def __init__(self, clocks: ClockWatch | None = None) -> None:
        self._scheduler = BackgroundScheduler(
            job_defaults=JOB_DEFAULTS,
            executors={"default": ThreadPoolExecutor(5)},
            timezone=UTC,
            daemon=True,
        )
        # It warns at each beat that comes while the one before is under way, as is meant here.
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
        self._clocks = clocks or ClockWatch(lambda: datetime.now(UTC))
        self._stopped = threading.Event()

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
        threading.Thread(target=self._follow_clock, name="clock", daemon=True).start()

    @property
    def running(self) -> bool:
        """Whether the scheduler beats."""
        return bool(self._scheduler.running)

    def stop(self) -> None:
        """Stop beating, without waiting for jobs that are under way."""
        self._stopped.set()
        if self.running:
            self._scheduler.shutdown(wait=False)

    def _follow_clock(self) -> None:
        """Where the clock was set back, have each job as soon as it would have come before."""
        while not self._stopped.wait(LOOK_SECONDS):
            jump = self._clocks.jump()
            self._clocks.agree()
            for job in self._scheduler.get_jobs() if jump < timedelta(0) else ():
                with contextlib.suppress(JobLookupError):  # one for once has run meanwhile
                    job.modify(next_run_time=job.next_run_time + jump)
