# SPDX-License-Identifier: Apache-2.0
"""Free ports that two tests running side by side never share."""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

# Below the range that the kernel gives to outgoing connections.
FIRST, LAST = 20000, 31999
_held = []  # open lock files: a port is ours until this process ends


def _reserved(port):
    folder = Path(tempfile.gettempdir()) / f"rappel-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = open(folder / str(port), "w", encoding="ascii")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return False
    _held.append(lock)
    return True


def _answers_nobody(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    """A port of 127.0.0.1 that nobody uses and no other test will be given."""
    for port in random.sample(range(FIRST, LAST + 1), LAST + 1 - FIRST):
        if _answers_nobody(port) and _reserved(port):
            return port
    raise RuntimeError("no free port")
