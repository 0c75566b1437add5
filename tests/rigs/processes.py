# SPDX-License-Identifier: Apache-2.0
"""Processes that never outlive the test, and waiting for what they promise."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

POLL_SECONDS = 0.02


def wait_until(condition, what, seconds=20, every=POLL_SECONDS):
    """The first true answer of `condition`, asked again and again, each `every` seconds; TimeoutError naming `what` when
    none came in time. This is the only place where tests let time pass."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        pause.wait(every)


def unprivileged(wanted="nobody"):
    """The account that servers refusing root run under, or None when we are not root ourselves."""
    return wanted if os.geteuid() == 0 else None


def folder_for(path, user, mode=0o755):
    """A folder that belongs to `user` (None: to us)."""
    path = Path(path)
    path.mkdir(parents=True, exist_ok=True)
    if user:
        account = pwd.getpwnam(user)
        os.chown(path, account.pw_uid, account.pw_gid)
    path.chmod(mode)
    return path


@contextlib.contextmanager
def workplace(prefix="rappel-"):
    """A folder for one test, gone afterwards; kept when RAPPEL_KEEP is set. Its path is short enough
    for unix sockets, and other accounts may pass through it."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        if os.environ.get("RAPPEL_KEEP"):
            print(f"kept: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)


def command_as(user, command):
    """The command, run as `user`, and killed by the kernel when its parent dies."""
    identity = (
        [f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups"]
        if user
        else []
    )
    return ["setpriv", *identity, "--pdeathsig", "KILL", "--", *map(str, command)]


class Process:
    """One running program with its output in a log file. Leads a process group of its own, so that its
    children can be ended with it."""

    def __init__(self, command, log, user=None, env=None, cwd=None):
        self.command = [str(word) for word in command]
        self.log = Path(log)
        self.user, self.cwd = user, cwd
        self.env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **(env or {})}
        self._child = None

    def start(self):
        with self.log.open("ab") as out:
            self._child = subprocess.Popen(
                command_as(self.user, self.command),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
            )
        return self

    @property
    def pid(self):
        return self._child.pid

    @property
    def is_running(self):
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self):
        """None while it runs; negative for a signal."""
        return self._child.poll() if self._child else None

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def wait_ready(self, condition, what, seconds=20):
        """Waits for `condition`, or fails at once with the log when the program has ended."""

        def ready_or_gone():
            if not self.is_running:
                raise RuntimeError(
                    f"{self.command[0]} ended with {self.exit_code} before {what}:\n"
                    f"{self.log_text()[-4000:]}"
                )
            return condition()

        try:
            return wait_until(ready_or_gone, what, seconds)
        except TimeoutError as late:
            raise TimeoutError(f"{late}\n{self.log_text()[-4000:]}") from None

    def send_signal(self, number):
        if self.is_running:
            os.kill(self.pid, number)

    def kill(self):
        """SIGKILL to the program alone, as a crash would."""
        self.send_signal(signal.SIGKILL)
        return self.wait()

    def wait(self, seconds=30):
        return self._child.wait(seconds) if self._child else None

    def stop(self, number=signal.SIGTERM, seconds=30):
        """Asks it to end and returns its exit code; what does not end in time is killed and raises."""
        self.send_signal(number)
        try:
            return self.wait(seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise TimeoutError(
                f"{self.command[0]} did not stop within {seconds} s:\n" f"{self.log_text()[-4000:]}"
            ) from None

    def end(self):
        """Kills it and every child it left, without a question."""
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def __enter__(self):
        return self.start() if self._child is None else self

    def __exit__(self, *_):
        self.end()
