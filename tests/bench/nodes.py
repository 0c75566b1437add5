# SPDX-License-Identifier: Apache-2.0
"""Nodes: two nodes on one database beside one, when each message takes the provider 20 ms and a node may
have only so many at once in its hands: then the provider is the limit, and another node doubles it. All
reminders are due in one instant, after the nodes have spread the shards.
"""

import contextlib
import datetime
import statistics

from figures import Figure
from send_side import Bench, one_node, two_nodes, wait_until
from send_side import TARGETS as TARGETS  # noqa: PLC0414

LATENCY_MS = 20
WINDOW = 32  # 1,600 messages a second for each node at most
COUNT = 20_000
QUICK_COUNT = 1_000
LEAD_S = 20
PATIENCE_S = 300


def drain(bench, count, make):
    """Seconds from the first claim to the last outcome."""
    slow = {"config": {"latency_ms": LATENCY_MS}, "window_max": WINDOW}
    with bench.database() as database:
        nodes = make(bench, database, {}, slow)
        due = datetime.datetime.now(datetime.timezone.utc)
        due += datetime.timedelta(seconds=LEAD_S + count / 2_000)
        nodes[0].fill(count, due)
        left = "select count(*) from rappel.reminder where state not in ('sent', 'delivered')"
        with contextlib.ExitStack() as stack:
            for node in nodes:
                stack.enter_context(node.daemon)
            wait_until(lambda: nodes[0].query(left) == [["0"]], "every outcome is stored", PATIENCE_S)
            shares = [node.accepted() / count for node in nodes]
        [[seconds]] = nodes[0].query("select extract(epoch from max(finished_at) - min(started_at)) "
                                     "from rappel.delivery")
        return {"seconds": float(seconds), "share": min(shares)}


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    one, two = [], []
    with Bench(build) as bench:
        for _ in range(runs):
            one.append(drain(bench, count, one_node))
            two.append(drain(bench, count, two_nodes))
    rate = lambda taken: statistics.median(count / each["seconds"] for each in taken)  # noqa: E731
    return [
        Figure("nodes", "one node", rate(one), "reminders/s", runs),
        Figure("nodes", "two nodes", rate(two), "reminders/s", runs, f"one node: {rate(one):,.0f} reminders/s",
               statistics.median(a["seconds"] / b["seconds"] for a, b in zip(one, two, strict=True))),
        Figure("nodes", "smaller share of the two", statistics.median(each["share"] for each in two),
               "of the reminders", runs),
    ]
