# SPDX-License-Identifier: Apache-2.0
"""A database that crashes, loses sessions, or has no room left."""

import contextlib
import os
import signal
import subprocess
import uuid
from pathlib import Path

from rigs.processes import wait_until, workplace
from stage import LOOK_SECONDS, Stage

DISK_MB = 128
SESSIONS_AT_ONCE_MAX = 4
NOTICED_SECONDS_MAX = 30
NOT_OURS = "pid <> pg_backend_pid() and backend_type = 'client backend'"


def restart(faults, reminders, seed):
    """pg_ctl restart -m immediate: PostgreSQL crashes and recovers, under load."""
    with Stage("restart", seed) as stage:
        for _ in stage.bursts(faults, reminders):
            with stage.fault("immediate restart"):
                stage.town.postgres.restart("immediate")
                stage.wait_ready()
    return stage.verdict


def backends(faults, reminders, seed):
    """Sessions ended by pg_terminate_backend; every fourth time one by kill -9, upon which PostgreSQL ends all
    and recovers."""
    with Stage("backends", seed) as stage:
        for number in stage.bursts(faults, reminders):
            with stage.fault("sessions lost"):
                (_kill_one if number % 4 == 1 else _terminate_some)(stage)
                stage.wait_ready()
    return stage.verdict


def _sessions(stage):
    rows = stage.query(f"select pid from pg_stat_activity where {NOT_OURS}")
    return [int(row[0]) for row in rows]


def _terminate_some(stage):
    open_now = _sessions(stage)
    victims = stage.random.sample(open_now, min(SESSIONS_AT_ONCE_MAX, len(open_now)))
    stage.query(f"select pg_terminate_backend(pid) from unnest(array{victims}::int[]) as pid")


def _kill_one(stage):
    before = _sessions(stage)
    os.kill(stage.random.choice(before), signal.SIGKILL)

    def recovered():
        with contextlib.suppress(RuntimeError):  # no session while it recovers
            return not set(before) & set(_sessions(stage))
        return False

    wait_until(recovered, "PostgreSQL has recovered", NOTICED_SECONDS_MAX, LOOK_SECONDS)


def why_no_full_disk():
    """Why this machine cannot give us a small disk of our own; empty when it can."""
    if os.geteuid() != 0:
        return "a small tmpfs needs root"
    with workplace() as folder:
        mounted = subprocess.run(
            ("unshare", "--mount", "--propagation", "private", "mount", "-t", "tmpfs", "none", folder),
            capture_output=True, text=True, check=False)  # fmt: skip
    return f"no tmpfs here: {mounted.stderr.strip()}" if mounted.returncode else ""


@contextlib.contextmanager
def small_disk():
    """Only in a mount namespace of our own: `run` sees to it."""
    with workplace() as folder:
        subprocess.run(("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=755", "none", folder),
                       check=True)  # fmt: skip
        try:
            yield folder
        finally:
            subprocess.run(("umount", "-l", folder), check=True)


def _fill(folder):
    """Every byte of the disk. Returns what to remove to have room again."""
    ballast = Path(folder) / f"ballast-{uuid.uuid4()}"
    with ballast.open("wb", buffering=0) as file:
        with contextlib.suppress(OSError):
            while file.write(bytes(1 << 16)):
                pass
        with contextlib.suppress(OSError):
            while file.write(bytes(1)):
                pass
    return ballast


def full_disk(faults, reminders, seed):
    """The disk under the daemon's own PostgreSQL is full, and has room again."""
    with small_disk() as disk:
        extra = {"state_directory": str(disk / "state"), "database": {"embedded_fsync": False}}
        with Stage("full_disk", seed, nodes=1, embedded=True, extra=extra) as stage:
            log = disk / "state/postgres/log"
            for _ in stage.bursts(faults, reminders):
                said = log.read_text(errors="replace").count("No space left on device")
                with stage.fault("full disk"):
                    ballast = _fill(disk)
                    stage.load.release(max(reminders // faults, 2))  # asked for while there is no room
                    wait_until(
                        lambda: log.read_text(errors="replace").count("No space left") > said,  # noqa: B023
                        "PostgreSQL finds no room",
                        NOTICED_SECONDS_MAX,
                    )
                    ballast.unlink()
                    stage.wait_ready()
    return stage.verdict
