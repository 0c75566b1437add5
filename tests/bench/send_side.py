# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of the send side share: a real PostgreSQL with its usual durability, the real
daemon with its sender, the peers, and the CPU that all of them use."""

import contextlib
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests"))

from rigs import web  # noqa: E402
from rigs.daemon import Rappeld  # noqa: E402
from rigs.ports import free_port  # noqa: E402
from rigs.postgres import Postgres  # noqa: E402
from rigs.processes import command_as, wait_until, workplace  # noqa: E402

TARGETS = ["rappeld", "rappel-sender", "rappelctl", "drain_bench", "rappel-notifier-noop"]
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
# As the peers were measured: everything else as PostgreSQL ships it, so every commit is on disk.
SETTINGS = ("shared_buffers=512MB",)
PEERS = ("graphile", "boss")


def cpu_of(pid):
    """CPU seconds of a process and of its children, those that have ended included."""
    total = 0
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if entry.name == str(pid):
            total += sum(map(int, fields[11:15]))
        elif fields[1] == str(pid):
            total += sum(map(int, fields[11:13]))
    return total / CLOCK_TICKS


class Bench:
    """A PostgreSQL for one benchmark; every measurement gets a database of its own."""

    def __init__(self, build):
        self.build = build
        self._stack = contextlib.ExitStack()
        self._databases = 0

    def __enter__(self):
        try:
            self.folder = self._stack.enter_context(workplace("rappel-bench-"))
            self.postgres = self._stack.enter_context(
                Postgres(self.folder, SETTINGS, segment_mb=16))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def postgres_cpu(self):
        return cpu_of(self.postgres._process.pid)

    @contextlib.contextmanager
    def database(self):
        """A fresh database, dropped afterwards."""
        self._databases += 1
        name = f"bench{self._databases}"
        self.postgres.create(name)
        try:
            yield name
        finally:
            self.postgres.query(f"drop database {name} with (force)")

    def tidy(self, database):
        """What filling left behind must not be paid by the measurement."""
        self.postgres.query("vacuum analyze", database)
        self.postgres.query("checkpoint", database)

    def limit(self, count):
        """Rows a second of a bare claim-and-complete loop in batches of 500."""
        with self.database() as database:
            answer = subprocess.run(
                [self.build / "bin/drain_bench", "limit", self.postgres.dsn(database), str(count)],
                check=True, stdout=subprocess.PIPE, text=True)
            return float(answer.stdout)

    def modules(self):
        """The folder with the peers' packages, installed once per build folder."""
        home = self.build / "bench-peers"
        source = SOURCE / "tests/bench/peers/package.json"
        wanted = source.read_text()
        if not (home / "node_modules").exists() or (home / "package.json").read_text() != wanted:
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(parents=True)
            shutil.copy(source, home / "package.json")
            subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=home, check=True,
                           stdout=sys.stderr)
        return home

    def peer(self, name, task, count, seconds=0):
        """One peer's run: {seconds, cpu, postgres_cpu, p50, p99, max}; times of one job in ms."""
        modules = self.modules()
        with self.database() as database:
            process = subprocess.Popen(
                ["node", SOURCE / "tests/bench/peers/peers.mjs", name, task, str(count), str(seconds)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env={**os.environ, "NODE_MODULES": str(modules), "PGHOST": str(self.postgres.folder),
                     "PGUSER": "postgres", "PGDATABASE": database})
            try:
                if process.stdout.readline() != "filled\n":
                    raise RuntimeError(f"{name} could not enqueue its jobs")
                if task == "drain":
                    self.tidy(database)
                before = self.postgres_cpu()
                process.stdin.write("go\n")
                process.stdin.flush()
                told = json.loads(process.stdout.readline())
                told["postgres_cpu"] = self.postgres_cpu() - before
                process.wait(30)
                return told
            finally:
                process.kill()
                process.wait()


class Node:
    """The daemon of one measurement, not started yet, with a store that can be filled."""

    def __init__(self, bench, database, name="node", notifier=None, extra=None):
        self.bench, self.database = bench, database
        self.folder = bench.folder / database / name
        self.folder.mkdir(parents=True)
        address = f"127.0.0.1:{free_port()}"
        plugin = bench.build / "plugins-bench/rappel-notifier-noop.so"
        configuration = {
            "state_directory": str(self.folder / "state"),
            "log_level": "warning",
            "api": {"listen": address},
            "database": {"dsn": bench.postgres.dsn(database)},
            "notifiers": [{"name": "mail", "channel": "email", "plugin": str(plugin),
                           "repeatable": True, **(notifier or {})}],
        }
        for key, value in (extra or {}).items():
            configuration[key] = {**configuration.get(key, {}), **value}
        self.daemon = Rappeld(bench.build / "bin", self.folder, configuration, address)

    def fill(self, count, first=None, seconds=0):
        """COUNT citizens with a reminder each, due within `seconds` from `first` on (None: past)."""
        first = first or datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=1)
        text = first.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        subprocess.run([self.bench.build / "bin/drain_bench", "fill", self.daemon.file, str(count),
                        text, str(seconds)], check=True)

    def metrics(self):
        """Every series of /metrics, by name and labels."""
        try:
            text = web.call(self.daemon.address, "GET", "/metrics", timeout=5).body
        except OSError:
            return {}
        text = text.decode() if isinstance(text, bytes) else text
        return {name: float(value) for name, value in re.findall(r"^(\S+) (\S+)$", text, re.M)}

    def accepted(self):
        return int(self.metrics().get('rappel_results_total{result="accepted"}', 0))

    def cpu(self):
        return cpu_of(self.daemon.process.pid)

    def query(self, sql):
        return self.bench.postgres.query(sql, self.database)


__all__ = ["PEERS", "TARGETS", "Bench", "Node", "command_as", "wait_until"]
