# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks of the send side share: a real PostgreSQL with its usual durability, the real
daemon with its sender, the peers, and the CPU that all of them use."""

import contextlib
import datetime
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests"))

from rigs import web  # noqa: E402
from rigs.daemon import Rappeld  # noqa: E402
from rigs.ports import free_port  # noqa: E402
from rigs.postgres import Postgres  # noqa: E402
from rigs.processes import Process, unprivileged, wait_until, workplace  # noqa: E402

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


def peak_rss(pid):
    """MiB of memory that a process has had in use at most."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M).group(1)) / 1024


class Bench:
    """A PostgreSQL for one benchmark; every measurement gets a database of its own."""

    def __init__(self, build, settings=()):
        """`settings`: of PostgreSQL, beside the usual ones."""
        self.build, self.settings = build, (*SETTINGS, *settings)
        self._stack = contextlib.ExitStack()
        self._databases = 0

    def __enter__(self):
        try:
            self.folder = self._stack.enter_context(workplace("rappel-bench-"))
            self._make_keys()
            self.postgres = self._stack.enter_context(
                Postgres(self.folder, self.settings, segment_mb=16))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _make_keys(self):
        """Of all nodes and databases alike: a database may be copied, and two nodes serve one."""
        self.keys = {}
        for name in ("master", "index"):
            file = self.folder / f"{name}-key"
            file.write_text(secrets.token_hex(32) + "\n")
            file.chmod(0o400)
            self.keys[f"{name}_key_file"] = str(file)

    def postgres_cpu(self):
        return cpu_of(self.postgres._process.pid)

    @contextlib.contextmanager
    def database(self, template=None):
        """A fresh database, or a copy of another one, dropped afterwards."""
        self._databases += 1
        name = f"bench{self._databases}"
        copied = f" template {template} strategy file_copy" if template else ""
        self.sql(f"create database {name}{copied}", "postgres")
        try:
            yield name
        finally:
            self.postgres.query(f"drop database {name} with (force)")

    def sql(self, sql, database):
        """A statement that may take long."""
        subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", self.postgres.dsn(database),
                        "-c", sql], check=True, stdout=subprocess.DEVNULL)

    def tidy(self, database):
        """What filling left behind must not be paid by the measurement."""
        self.sql("vacuum analyze", database)
        self.sql("checkpoint", database)

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

    def __init__(self, bench, database, name="node", notifier=None, extra=None, arrivals=False):
        """`arrivals`: its notifier notes when each message came, see arrivals()."""
        self.bench, self.database = bench, database
        self.folder = bench.folder / database / name
        self.folder.mkdir(parents=True)
        self.arrivals_file = self.folder / "arrivals"
        notifier = dict(notifier or {})
        if arrivals:
            noted = {"arrivals": str(self.arrivals_file)}
            notifier["config"] = {**notifier.get("config", {}), **noted}
        address = f"127.0.0.1:{free_port()}"
        plugin = bench.build / "plugins-bench/rappel-notifier-noop.so"
        configuration = {
            "state_directory": str(self.folder / "state"),
            "log_level": "warning",
            "api": {"listen": address},
            "database": {"dsn": bench.postgres.dsn(database)},
            "keys": bench.keys,
            "notifiers": [{"name": "mail", "channel": "email", "plugin": str(plugin),
                           "repeatable": True, **notifier}],
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

    def add_citizens(self, count):
        """COUNT citizens without a reminder, called c0, c1 and so on."""
        subprocess.run([self.bench.build / "bin/drain_bench", "citizens", self.daemon.file, str(count)],
                       check=True)

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

    def shards(self):
        """Those that it holds a living lease of."""
        identity = (self.folder / "state/node").read_text().strip()
        held = self.query("select shard from rappel.shard_lease "
                          f"where owner = '{identity}' and expires_at > now()")
        return {int(shard) for [shard] in held}

    def query(self, sql):
        return self.bench.postgres.query(sql, self.database)


def arrivals(node):
    """[(idempotency key, seconds since 1970)] of every message that its notifier has been handed."""
    if not node.arrivals_file.exists():
        return []
    lines = node.arrivals_file.read_text().split("\n")[:-1]  # the last one may be half written
    return [(key, int(micros) / 1e6) for key, micros in (line.split() for line in lines)]


def one_node(bench, database, extra=None, notifier=None):
    return [Node(bench, database, "one", notifier, extra, arrivals=True)]


def two_nodes(bench, database, extra=None, notifier=None):
    return [Node(bench, database, name, notifier, extra, arrivals=True) for name in ("one", "two")]


__all__ = ["PEERS", "TARGETS", "Bench", "Node", "Process", "arrivals", "free_port", "one_node",
           "peak_rss", "two_nodes", "unprivileged", "wait_until", "workplace"]
