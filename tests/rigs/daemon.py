# SPDX-License-Identifier: Apache-2.0
"""The real rappeld.

    with Rappeld(bin_folder, folder, configuration, address="127.0.0.1:20123") as daemon:
        daemon.api("PUT", "/v1/citizens/A1", {...}, key=key)
        daemon.kill(); daemon.start()
"""

import json
import os
import subprocess
from pathlib import Path

from . import web
from .processes import Process, command_as, folder_for


class Rappeld:
    """`configuration` is the configuration file as a dict; `address` is where it makes the daemon
    listen. `user` is the account to run under (None: ours)."""

    def __init__(self, bin_folder, folder, configuration, address, user=None, env=None):
        self.bin_folder = Path(bin_folder)
        self.folder = folder_for(Path(folder) / "rappeld", user)
        self.address = address
        self.user, self.env = user, env
        self.file = self.folder / "rappel.yaml"
        self.log = self.folder / "rappeld.log"
        self.process = None
        self.configure(configuration)

    def configure(self, configuration):
        """Replaces the file; the daemon reads it at its next start or SIGHUP. JSON is YAML."""
        self.file.write_text(json.dumps(configuration, indent=2), encoding="utf-8")
        self.file.chmod(0o644)

    def start(self, seconds=60):
        """Starts it and returns when /readyz answers 200."""
        self.process = Process(
            [self.bin_folder / "rappeld", "--config", self.file],
            self.log,
            user=self.user,
            env=self.env,
            cwd=self.folder,
        ).start()
        self.process.wait_ready(self.is_ready, "rappeld is ready", seconds)
        return self

    def is_ready(self):
        try:
            return web.call(self.address, "GET", "/readyz", timeout=5).status == 200
        except OSError:
            return False

    def kill(self):
        """As a crash would: no word to the daemon, and its senders end by themselves."""
        return self.process.kill()

    def stop(self, seconds=60):
        """SIGTERM; returns the exit code once it has drained."""
        return self.process.stop(seconds=seconds)

    def restart(self):
        self.stop()
        return self.start()

    def api(self, method, path, body=None, key=None, headers=None, timeout=30):
        headers = dict(headers or {})
        if key:
            headers["Authorization"] = f"Bearer {key}"
        return web.call(self.address, method, path, body, headers, timeout)

    def ctl(self, *arguments, check=True):
        """Runs rappelctl with the same configuration and returns what it printed."""
        command = [self.bin_folder / "rappelctl", "--config", self.file, *arguments]
        answer = subprocess.run(
            command_as(self.user, command),
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.folder,
            env={**os.environ, **(self.env or {})},
            check=False,
        )
        if check and answer.returncode:
            raise RuntimeError(
                f"rappelctl {' '.join(map(str, arguments))}: {answer.returncode}\n"
                f"{answer.stdout}{answer.stderr}"
            )
        return answer.stdout

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.process:
            self.process.end()
