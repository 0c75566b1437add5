# SPDX-License-Identifier: Apache-2.0
"""Take-over: two nodes share the shards of one database; one of them is killed (SIGKILL) while reminders
fall due in all shards. For each of its shards: how long until the next message of that shard reaches the
other node's notifier. What was in flight at the kill goes twice, under the same key; what is lost would be
told.
"""

import datetime
import statistics
import time

from figures import Figure
from send_side import Bench, arrivals, two_nodes, wait_until
from send_side import TARGETS as TARGETS  # noqa: PLC0414

LEASE_TTL_S = 15
PER_SECOND = 500  # due in all shards together
QUICK_PER_SECOND = 50
BEFORE_S = 5  # of this flow before the kill
LEAD_S = 20  # from the filling to the first that is due: both nodes are up and have spread the shards
PATIENCE_S = 60


def takeover(bench, per_second, ttl):
    """{slowest, median, twice} of one kill, in seconds and messages."""
    lasting = BEFORE_S + ttl + 5
    count = int(per_second * lasting)
    with bench.database() as database:
        first, second = two_nodes(bench, database, {"scheduler": {"lease_ttl": f"{ttl}s"}})
        begin = datetime.datetime.now(datetime.timezone.utc)
        begin += datetime.timedelta(seconds=LEAD_S + count / 2_000)
        first.fill(count, begin, lasting)
        with first.daemon, second.daemon:
            wait_until(lambda: time.time() > begin.timestamp() + BEFORE_S, "the flow is under way", PATIENCE_S)
            owned = first.shards()
            if not owned or not second.shards():
                raise RuntimeError("the shards were not spread over both nodes")
            killed = time.time()
            first.daemon.kill()
            left = "select count(*) from rappel.reminder where state not in ('sent', 'delivered')"
            wait_until(lambda: time.time() > begin.timestamp() + lasting and node_is_done(second, left),
                       "every reminder is sent", ttl + PATIENCE_S)
        shard_of = dict(second.query("select idempotency_key, shard from rappel.delivery"))
        again = {}
        for key, at in arrivals(second):
            shard = int(shard_of[key])
            if shard in owned and at > killed:
                again[shard] = min(at - killed, again.get(shard, PATIENCE_S))
        keys = [key for node in (first, second) for key, _ in arrivals(node)]
        return {"slowest": max(again.values()), "median": statistics.median(again.values()),
                "twice": len(keys) - len(set(keys)), "lost": count - len(set(keys))}


def node_is_done(node, left):
    return node.query(left) == [["0"]]


def run(build, quick, runs, count=None):
    per_second = count or (QUICK_PER_SECOND if quick else PER_SECOND)
    with Bench(build) as bench:
        taken = [takeover(bench, per_second, LEASE_TTL_S) for _ in range(runs)]
    against = f"lease TTL: {LEASE_TTL_S} s"

    def figure(name, number, unit):
        told = (against, number / LEASE_TTL_S) if unit == "s" else ()
        return Figure("takeover", name, number, unit, runs, *told)

    return [
        figure("the last shard fires again", statistics.median(each["slowest"] for each in taken), "s"),
        figure("the worst of all runs", max(each["slowest"] for each in taken), "s"),
        figure("half of the shards fire again", statistics.median(each["median"] for each in taken), "s"),
        figure("sent twice, each under one key", statistics.median(each["twice"] for each in taken),
               "messages"),
        figure("lost", sum(each["lost"] for each in taken), "messages"),
    ]
