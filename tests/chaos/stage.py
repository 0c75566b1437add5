# SPDX-License-Identifier: Apache-2.0
"""Where a scenario happens: a town of one or two nodes, a load of reminders, and the books.

    with Stage("kill_node", seed) as stage:
        for _ in stage.bursts(faults, reminders):        # in the middle of each burst of work
            victim = stage.random.choice(stage.nodes)
            with stage.fault("kill -9", victim):
                victim.kill()
            victim.start()
    return stage.verdict
"""

import contextlib
import email
import os
import random
import re
import time
from pathlib import Path

from books import Arrival, Fault, Verdict, flights_of, judge
from load import Load
from rigs import web
from rigs.processes import wait_until
from town import Town

SHARDS = 256
LEASE_TTL_S = 4
CITIZENS = 40
FINAL = "('sent', 'delivered', 'failed', 'suppressed', 'cancelled', 'expired', 'dead')"
BURST_SECONDS_MAX = 120
END_SECONDS_MAX = 180
READY_SECONDS_MAX = 60
LOOK_SECONDS = 0.2  # between two looks that cost a process or a page
FIRST_NODE = "rappel"  # the application_name of each node's sessions: who wrote what
SECOND_NODE = "second"

# Quick to notice, to come back and to settle doubt; everything else as shipped.
SETTINGS = {
    "scheduler": {"lease_ttl": f"{LEASE_TTL_S}s", "lease_margin": "1s", "sweep_interval": "1s"},
    "dispatch": {"unknown_delay": "200ms", "retry_first": "200ms", "retry_last": "1s"},
}


def metric(node, name):
    text = web.call(node.address, "GET", "/metrics").body.decode()
    return int(float(re.search(rf"^{name} (\S+)$", text, re.MULTILINE).group(1)))


def owned(node):
    """How many shards the node has; 0 when it does not answer."""
    with contextlib.suppress(OSError):
        return metric(node, "rappel_shards_owned")
    return 0


class Stage:
    """`nodes`: one or two. `second_dsn(stage)`: the second node's road to PostgreSQL. `extra`: as in Town.
    `channels`: as in Load. A scenario adds to `providers` those that keep their own books."""

    def __init__(self, name, seed, nodes=2, embedded=False, extra=None, channels=(["email"],),
                 second_dsn=None):  # fmt: skip
        self.random = random.Random(f"{seed}/{name}")
        self.verdict = Verdict(name)
        self.faults, self.providers = [], []
        self._began = time.monotonic()
        self._nodes_wanted, self._second_dsn, self._channels = nodes, second_dsn, list(channels)
        self._seed = seed
        self._stack = contextlib.ExitStack()
        self.town = Town(embedded=embedded, extra={**SETTINGS, **(extra or {})})

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, kind, *_):
        try:
            if kind is None:
                self._finish()
        finally:
            self.load.abandon()
            self._stack.close()

    def enter(self, context):
        return self._stack.enter_context(context)

    def _start(self):
        self.enter(self.town)
        self.nodes = [self.town.daemon]
        self.folders = [self.town.folder / "mail/new"]
        if self._nodes_wanted == 2:
            dsn = self._second_dsn(self) if self._second_dsn else self.town.postgres.dsn("rappel")
            self.nodes.append(self.town.add_node(f"{dsn} application_name={SECOND_NODE}"))
            self.folders.append(self.town.folder / "node2/mail/new")
        self.wait_settled()
        self.query((Path(__file__).parent / "trail.sql").read_text(encoding="utf-8"))
        people = [f"c{number}" for number in range(CITIZENS)]
        for number, name in enumerate(people):
            self.town.put(name, {"given_name": name, "contacts": [
                {"channel": "email", "address": f"{name}@example.org"},
                {"channel": "sms", "address": f"+336120000{number:02d}"}]})  # fmt: skip
        self.load = Load(self.nodes, self.town.key, people, self._channels, self._seed)

    def name_of(self, node):
        return FIRST_NODE if node is self.nodes[0] else SECOND_NODE

    def other(self, node):
        return self.nodes[1] if node is self.nodes[0] else self.nodes[0]

    def query(self, sql):
        return self.town.query(sql)

    def wait_settled(self):
        """Every node answers and has its part of the shards."""
        def settled():
            parts = [owned(node) for node in self.nodes]
            return all(parts) and sum(parts) == SHARDS

        wait_until(settled, "each node has its part", READY_SECONDS_MAX, LOOK_SECONDS)

    def wait_ready(self):
        for node in self.nodes:
            wait_until(node.is_ready, "the node is ready again", READY_SECONDS_MAX)

    def arrived(self):
        """How many messages the providers have so far."""
        in_files = sum(len(os.listdir(folder)) for folder in self.folders if folder.exists())
        return in_files + sum(len(provider.arrivals()) for provider in self.providers)

    def bursts(self, faults, reminders):
        """Yields `faults` times, each time when a random part of a new burst of reminders has arrived."""
        for number in range(faults):
            burst = max(reminders * (number + 1) // faults - reminders * number // faults, 2)
            wanted = self.arrived() + self.random.randint(1, max(burst * 3 // 4, 1))
            self.load.release(burst)
            wait_until(lambda: self.arrived() >= wanted, f"{wanted} have arrived", BURST_SECONDS_MAX)  # noqa: B023
            yield number

    @contextlib.contextmanager
    def fault(self, what, node=None):
        """Whatever is in flight at the node (None: at any) meanwhile may be repeated."""
        fault = Fault(what, self.name_of(node) if node else None, time.time())
        self.faults.append(fault)
        yield
        fault.end = time.time()

    def check(self, is_so, words):
        if not is_so:
            self.verdict.problems.append(words)

    def _finish(self):
        self.load.finish()
        wait_until(
            lambda: self.query(f"select count(*) from rappel.reminder where state not in {FINAL}")
            == [["0"]],
            "every reminder has come to an end",
            END_SECONDS_MAX,
            LOOK_SECONDS,
        )
        arrivals = self._mails() + [a for p in self.providers for a in p.arrivals()]
        self.verdict.faults = self.verdict.faults or len(self.faults)
        judge(self.verdict, self.load.acknowledged, self._told(), arrivals, self._flights(), self.faults)
        if self._nodes_wanted == 2:
            self._check_fences()
        self.verdict.seconds = time.monotonic() - self._began

    def _mails(self):
        """What the nodes have written as files."""
        found = []
        for folder in self.folders:
            for path in folder.glob("*"):
                identity = email.message_from_bytes(path.read_bytes())["Message-ID"]
                found.append(Arrival(identity.strip("<>").split("@")[0], identity))
        return found

    def _told(self):
        return {row[0] for row in self.query(
            "select t.reminder from rappel.task t join rappel.reminder r on r.id = t.reminder"
            " and r.shard = t.shard where r.state in ('failed', 'dead')")}  # fmt: skip

    def _flights(self):
        rows = self.query("select reminder, became, who, extract(epoch from at) from chaos.step"
                          " order by number")  # fmt: skip
        return flights_of([(*row[:3], float(row[3])) for row in rows], time.time())

    def _check_fences(self):
        """No node has changed a reminder of a shard that another owned."""
        folders = (self.town.folder, self.town.folder / "node2")
        ids = [(folder / "state/node").read_text().strip() for folder in folders]
        names = f"('{FIRST_NODE}', '{ids[0]}'::uuid), ('{SECOND_NODE}', '{ids[1]}'::uuid)"
        wrong = self.query(
            f"""with node(name, id) as (values {names})
            select s.reminder, s.was, s.became, s.who from chaos.step s join node n on n.name = s.who
            where n.id is distinct from (
              select o.owner from chaos.owner o where o.shard = s.shard and o.at <= s.at
              order by o.number desc limit 1)""")  # fmt: skip
        self.check(not wrong, f"{len(wrong)} writes of a node that owned the shard no more: {wrong[:3]}")
