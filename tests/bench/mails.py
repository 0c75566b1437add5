# SPDX-License-Identifier: Apache-2.0
"""Email: mails through the real plugin in its sender process into Postfix's smtp-sink, beside libcurl
alone on as many kept connections, with the mail that the plugin has made. (The file is not called
email.py because Python has a module of that name.)
"""

import contextlib
import json
import shutil
import socket
import statistics
import subprocess

from figures import Figure
from send_side import Process, free_port, unprivileged, wait_until, workplace

TARGETS = ["rappel-sender", "rappel-notifier-email", "email_bench"]
CONNECTIONS = (1, 4, 16)
COUNT = 20_000
QUICK_COUNT = 500
BACKLOG = 128


def smtp_sink():
    path = shutil.which("smtp-sink") or shutil.which("smtp-sink", path="/usr/sbin")
    if not path:
        raise SystemExit("smtp-sink is missing: install postfix (packaging/packages/bench.txt), or unpack "
                         "its package and put smtp-sink into PATH")
    return path


@contextlib.contextmanager
def sink(folder, *options):
    """A server that takes every mail; yields its port."""
    port = free_port()
    log = folder / "smtp-sink.log"
    server = Process([smtp_sink(), *options, f"127.0.0.1:{port}", BACKLOG], log, user=unprivileged(),
                     cwd=folder)
    with server:
        server.wait_ready(lambda: listens(port), "smtp-sink listens")
        yield port


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def seconds(build, *words):
    answer = subprocess.run([build / "bin/email_bench", *map(str, words)], check=True,
                            stdout=subprocess.PIPE, text=True)
    return float(answer.stdout)


def through_sender(build, folder, port, connections, count):
    settings = {"host": "127.0.0.1", "port": port, "tls": "none", "from": "mairie@example.org",
                "connections": connections}
    return seconds(build, "sender", folder, build / "bin/rappel-sender",
                   build / "plugins/rappel-notifier-email.so", json.dumps(settings), count)


def sample(build, folder):
    """One mail as the plugin makes it, in a file, without what smtp-sink writes before it."""
    kept = folder / "kept"
    kept.mkdir()
    kept.chmod(0o777)
    with sink(folder, "-d", str(kept / "mail.")) as port:
        through_sender(build, folder, port, 1, 1)
        file = wait_until(lambda: next(iter(kept.iterdir()), None), "smtp-sink keeps the mail")
    lines = file.read_bytes().splitlines()
    while lines[0].startswith((b"X-", b"Received:", b"\t", b" ")):
        del lines[0]
    mail = folder / "mail"
    mail.write_bytes(b"\r\n".join(lines) + b"\r\n")
    return mail


def run(build, quick, runs, count=None):
    count = count or (QUICK_COUNT if quick else COUNT)
    taken = {(connections, way): [] for connections in CONNECTIONS for way in ("sender", "curl")}
    with workplace("rappel-bench-") as folder:
        mail = sample(build, folder)
        size = mail.stat().st_size
        with sink(folder) as port:
            for _ in range(runs):
                for connections in CONNECTIONS:
                    taken[connections, "sender"].append(
                        through_sender(build, folder, port, connections, count))
                    taken[connections, "curl"].append(
                        seconds(build, "curl", port, connections, count, mail))
    figures = []
    for connections in CONNECTIONS:
        own, alone = taken[connections, "sender"], taken[connections, "curl"]
        figures.append(Figure(
            "email", f"{connections} connection{'s' * (connections > 1)}",
            statistics.median(count / each for each in own), "mails/s", runs,
            f"libcurl alone: {statistics.median(count / each for each in alone):,.0f} mails/s",
            statistics.median(b / a for a, b in zip(own, alone, strict=True))))
    figures.append(Figure("email", "size of a mail", size, "B", 1))
    return figures
