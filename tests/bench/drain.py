# SPDX-License-Identifier: Apache-2.0
"""Drain: reminders that are all due go through the whole path - profile read, preferences, rendered
message, in-flight mark, delivery record - into a notifier that does nothing, in its sender process. The
peers run jobs that do nothing and record nothing, on the same PostgreSQL.

The daemon's time runs from the first claim to the last outcome that is committed; a peer's from the
start of its worker to its last job.
"""

import statistics

from figures import Figure
from send_side import PEERS, Bench, Node, peak_rss, wait_until
from send_side import TARGETS as TARGETS  # noqa: PLC0414

COUNT = 100_000
QUICK_COUNT = 2_000
PATIENCE_S = 600
NAMES = {"graphile": "graphile-worker", "boss": "pg-boss"}


def drain(bench, count, template=None):
    """{seconds, cpu, postgres_cpu, rss} of one drain, in a copy of the database `template`."""
    with bench.database(template) as database:
        node = Node(bench, database)
        node.fill(count)
        bench.tidy(database)
        before = bench.postgres_cpu()
        with node.daemon:
            wait_until(lambda: node.accepted() >= count, "every reminder is answered", PATIENCE_S)
            left = "select count(*) from rappel.reminder where state not in ('sent', 'delivered') " \
                   "and due_at <= now()"
            wait_until(lambda: node.query(left) == [["0"]], "every outcome is stored", PATIENCE_S)
            cpu = node.cpu()
            postgres_cpu = bench.postgres_cpu() - before
            [[seconds]] = node.query("select extract(epoch from max(finished_at) - min(started_at)) "
                                     "from rappel.delivery")
            rss = peak_rss(node.daemon.process.pid)
        return {"seconds": float(seconds), "cpu": cpu, "postgres_cpu": postgres_cpu, "rss": rss}


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    taken = {"rappel": [], "limit": [], **{peer: [] for peer in PEERS}}
    with Bench(build) as bench:
        for _ in range(runs):
            taken["limit"].append({"seconds": count / bench.limit(count)})
            taken["rappel"].append(drain(bench, count))
            for peer in PEERS:
                taken[peer].append(bench.peer(peer, "drain", count))

    def rate(name):
        return statistics.median(count / each["seconds"] for each in taken[name])

    def ratio(name):
        """Of one round each: what disturbed the machine disturbed both."""
        return statistics.median(other["seconds"] / own["seconds"]
                                 for own, other in zip(taken["rappel"], taken[name], strict=True))

    def cpu(name):
        return statistics.median((each["cpu"] + each["postgres_cpu"]) * 100_000 / count
                                 for each in taken[name])

    figures = [Figure("drain", "rappel", rate("rappel"), "reminders/s", runs)]
    for peer in PEERS:
        figures.append(Figure("drain", f"rappel beside {NAMES[peer]}", rate("rappel"), "reminders/s", runs,
                              f"{NAMES[peer]}: {rate(peer):,.0f} jobs/s", ratio(peer)))
    figures.append(Figure("drain", "rappel beside the limit", rate("rappel"), "reminders/s", runs,
                          f"bare claim and complete: {rate('limit'):,.0f} rows/s", ratio("limit")))
    for name in ("rappel", *PEERS):
        figures.append(Figure("drain", f"CPU of {NAMES.get(name, name)}", cpu(name), "s/100,000", runs,
                              "rappel", cpu(name) / cpu("rappel")))
    figures.append(Figure("drain", "PostgreSQL's part of rappel's CPU", statistics.median(
        each["postgres_cpu"] * 100_000 / count for each in taken["rappel"]), "s/100,000", runs))
    return figures
