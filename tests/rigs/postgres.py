# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL on a unix socket, copied from a cluster that is initialised once per machine.

    with Postgres(folder) as database:
        database.create("rappel")
        ... connect with database.dsn("rappel") ...
        database.stop("immediate"); database.start()
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from .processes import Process, command_as, folder_for, unprivileged

BIN = Path("/usr/lib/postgresql/15/bin")
# A test's data must survive a crash of the server, not one of the machine. synchronous_commit stays on:
# without it an immediate stop loses what was just committed.
UNSAFE = ("fsync=off", "full_page_writes=off")


def _run(user, *command):
    answer = subprocess.run(
        command_as(user, command),
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        cwd="/",
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(f"{Path(str(command[0])).name}: {answer.stderr.strip()}")
    return answer.stdout


def _template(user, segment_mb):
    """The initialised cluster to copy. Made once, by whoever comes first."""
    owner = pwd.getpwnam(user).pw_uid if user else os.getuid()
    home = Path(tempfile.gettempdir()) / f"rappel-pg15-{owner}-{segment_mb}"
    home.mkdir(mode=0o700, exist_ok=True)
    if home.stat().st_uid not in (owner, os.getuid()):
        raise RuntimeError(f"{home} belongs to somebody else")
    if user:
        folder_for(home, user, 0o700)
    with open(home / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            shutil.rmtree(home / "data", ignore_errors=True)
            _run(
                user,
                BIN / "initdb",
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
                "--no-instructions",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                f"--wal-segsize={segment_mb}",
                "-D",
                home / "data",
            )
            (home / "ready").touch()
    return home / "data"


def psql(dsn, sql):
    """The rows, each a list of text."""
    text = subprocess.run(
        ("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\x1f", "-d", dsn, "-c", sql),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if text.returncode:
        raise RuntimeError(text.stderr.strip())
    return [line.split("\x1f") for line in text.stdout.splitlines()]


class Postgres:
    def __init__(self, folder, settings=UNSAFE, segment_mb=1):
        """`segment_mb`: of the write-ahead log; 1 takes least room, 16 is the usual size."""
        self.user = unprivileged("postgres")
        self.folder = folder_for(Path(folder) / "pg", self.user)
        self.settings = tuple(settings)
        self._process = None
        self._data = self.folder / "data"
        if not self._data.exists():
            _run(self.user, "cp", "-a", _template(self.user, segment_mb), self._data)

    def dsn(self, database="postgres", user="postgres"):
        return f"host={self.folder} user={user} dbname={database}"

    def start(self):
        settings = (f"unix_socket_directories={self.folder}", "listen_addresses=", *self.settings)
        options = [word for setting in settings for word in ("-c", setting)]
        self._process = Process(
            [BIN / "postgres", "-D", self._data, *options],
            self.folder / "log",
            user=self.user,
            cwd=self.folder,
        ).start()
        self._process.wait_ready(self._answers, "PostgreSQL accepts connections")
        return self

    def stop(self, mode="fast"):
        """fast: ends sessions and writes everything; immediate: as a crash, recovered at the next start;
        smart: waits for the sessions."""
        if self._process:
            signals = {"smart": 15, "fast": 2, "immediate": 3}
            self._process.stop(signals[mode])
            self._process = None

    def restart(self, mode="fast"):
        self.stop(mode)
        return self.start()

    def create(self, database):
        self.query(f'create database "{database}"')

    def query(self, sql, database="postgres"):
        """The rows, each a list of text."""
        return psql(self.dsn(database), sql)

    def _answers(self):
        return (
            subprocess.run(("pg_isready", "-q", "-h", str(self.folder)), check=False).returncode
            == 0
        )

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self._process:
            self._process.end()
