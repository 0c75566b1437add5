# SPDX-License-Identifier: Apache-2.0
"""Restart: a million reminders are due within the horizon. How long after PostgreSQL answers again, after
it was restarted under the daemon, does the first message reach the notifier; and how long after the start
of a daemon that was killed.
"""

import datetime
import re
import statistics
import time

from figures import Figure
from send_side import Bench, Node, arrivals, wait_until
from send_side import TARGETS as TARGETS  # noqa: PLC0414

COUNT = 1_000_000
QUICK_COUNT = 5_000
HORIZON_S = 1_800  # the scheduler's own
FILLED_PER_S = 4_000  # about; the first are due when the filling is over
PATIENCE_S = 60
READY = "database system is ready to accept connections"


def last_ready(log):
    """When PostgreSQL said last that it answers, in seconds since 1970: each line of its log begins with
    the instant."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if READY in line]
    text = re.match(r"(\S+ \S+) (\S+)", lines[-1])
    at = datetime.datetime.strptime(text.group(1), "%Y-%m-%d %H:%M:%S.%f")
    return at.replace(tzinfo=datetime.timezone.utc).timestamp()


def first_after(node, since):
    """The instant of the first arrival after `since`."""
    return wait_until(lambda: min((at for _, at in arrivals(node) if at > since), default=None),
                      "a message arrives", PATIENCE_S)


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    database_back, daemon_back = [], []
    with Bench(build, ("log_timezone=UTC",)) as bench, bench.database() as database:
        node = Node(bench, database, arrivals=True)
        now = datetime.datetime.now(datetime.timezone.utc)
        node.fill(count, now + datetime.timedelta(seconds=count / FILLED_PER_S), HORIZON_S)
        bench.tidy(database)
        with node.daemon:
            first_after(node, 0)
            for _ in range(runs):
                bench.postgres.restart()
                answered = last_ready(bench.postgres.folder / "log")
                database_back.append(first_after(node, answered) - answered)
                node.daemon.kill()
                begun = time.time()
                node.daemon.start()
                daemon_back.append(first_after(node, begun) - begun)
    return [
        Figure("restart", f"PostgreSQL back, {count:,} due within the horizon",
               statistics.median(database_back), "s to the first message", runs),
        Figure("restart", "the slowest of these", max(database_back), "s to the first message", runs),
        Figure("restart", f"daemon killed and started, {count:,} due within the horizon",
               statistics.median(daemon_back), "s to the first message", runs),
    ]
