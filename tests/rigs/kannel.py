# SPDX-License-Identifier: Apache-2.0
"""Kannel with its fake SMS centre: bearerbox, smsbox and fakesmsc, as they run in production but for the
operator's network.

    with Kannel(folder) as kannel:
        ... GET kannel.send_url with username, password, to, text ...
        text = kannel.wait_for(lambda sms: sms.to == "0033612345678")
"""

import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, unquote_to_bytes, urlsplit

from .ports import free_port
from .processes import Process, folder_for, unprivileged, wait_until

FAKE_SMSC = "/usr/lib/kannel/test/fakesmsc"
USER, PASSWORD, SENDER = "rappel", "pass", "Mairie"

CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = admin
status-password = status
admin-deny-ip = "*.*.*.*"
admin-allow-ip = "127.0.0.1"
smsbox-port = {smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
log-file = "{folder}/log/bearerbox.log"
log-level = 0
store-type = spool
store-location = "{folder}/spool"
dlr-storage = internal
sms-resend-freq = 5
sms-resend-retry = 3

group = smsc
smsc = fake
smsc-id = FAKE
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1
allowed-smsc-id = FAKE
preferred-smsc-id = FAKE

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
sendsms-chars = "0123456789 +-"
log-file = "{folder}/log/smsbox.log"
log-level = 0
access-log = "{folder}/log/access.log"

group = sendsms-user
username = {user}
password = {password}
user-allow-ip = "127.0.0.1"
max-messages = 5
concatenation = true
default-sender = "{sender}"
default-smsc = FAKE
omit-empty = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:{receipts}/mo?from=%p&to=%P&text=%b&id=%I"
"""


@dataclass(frozen=True)
class Sms:
    sender: str
    to: str
    kind: str  # text, data or ucs-2, as fakesmsc names it
    text: str
    header: bytes  # of one part of a longer message; its last byte is the number of the part


GOT = re.compile(r"Got message \d+: <(\S+) (\S+) (?:udh (\S+) )?(\S+) (.*)>\s*$", re.MULTILINE)


def _bytes(payload):
    return unquote_to_bytes(payload.replace("+", " "))


def read_texts(log):
    """The messages in a log of fakesmsc."""
    found = []
    for sender, to, header, kind, payload in GOT.findall(log):
        if kind == "ucs-2":
            text = _bytes(payload).decode("utf-16-be", "replace")
        elif kind == "data":
            text = _bytes(payload).decode("utf-8", "replace")
        else:
            text = payload
        found.append(Sms(sender, to, kind, text, _bytes(header)))
    return found


class Receipts:
    """Takes Kannel's calls: delivery reports at /dlr, answers of citizens at /mo."""

    def __init__(self):
        self.port = free_port()
        self.calls = []  # (path, {name: value})
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                url = urlsplit(self.path)
                calls.append((url.path, dict(parse_qsl(url.query, keep_blank_values=True))))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class Kannel:
    def __init__(self, folder):
        self.user = unprivileged()
        self.folder = folder_for(Path(folder) / "kannel", self.user)
        for name in ("log", "spool"):
            folder_for(self.folder / name, self.user)
        self.receipts = Receipts()
        self.ports = {name: free_port() for name in ("admin", "smsbox", "smsc", "send")}
        self.send_url = f"http://127.0.0.1:{self.ports['send']}/cgi-bin/sendsms"
        self.receipt_url = f"http://127.0.0.1:{self.receipts.port}/dlr"
        self._file = self.folder / "kannel.conf"
        self._file.write_text(
            CONFIGURATION.format(
                folder=self.folder,
                user=USER,
                password=PASSWORD,
                sender=SENDER,
                receipts=self.receipts.port,
                **self.ports,
            ),
            encoding="utf-8",
        )
        self._file.chmod(0o644)
        self._parts = {}

    def start(self):
        self._start(
            "bearerbox", ["bearerbox", "-v", "4", self._file], lambda: self.status() is not None
        )
        # Not by a request: Debian's smsbox opens its port first and crashes on what it is asked before
        # it has read its users. It joins the bearerbox last.
        self._start(
            "smsbox",
            ["smsbox", "-v", "4", self._file],
            lambda: re.search(r"smsbox.*on-line", self.status() or ""),
        )
        self.start_centre()
        return self

    def start_centre(self):
        """Connects the fake SMS centre; returns when Kannel sees it."""
        self._start(
            "fakesmsc",
            [FAKE_SMSC, "-H", "127.0.0.1", "-r", self.ports["smsc"], "-i", "1", "-m", "0", "%"],
            lambda: re.search(r"FAKE.*\(online", self.status() or ""),
        )

    def stop_centre(self):
        """The operator's network is gone: Kannel accepts and keeps what it is given."""
        self._parts.pop("fakesmsc").stop()
        wait_until(
            lambda: not re.search(r"FAKE.*\(online", self.status() or ""), "Kannel sees the loss"
        )

    def stop(self):
        for name in ("fakesmsc", "smsbox", "bearerbox"):
            if name in self._parts:
                self._parts.pop(name).end()

    def status(self):
        """Kannel's own status page, or None while it does not answer."""
        url = f"http://127.0.0.1:{self.ports['admin']}/status.txt?password=status"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.read().decode("utf-8", "replace")
        except (urllib.error.URLError, OSError):
            return None

    def texts(self):
        """Every message that reached the fake SMS centre, in order; long ones are several."""
        logs = (self.folder / "log").glob("fakesmsc*.out")
        return [
            sms for log in sorted(logs) for sms in read_texts(log.read_text("utf-8", "replace"))
        ]

    def wait_for(self, wanted, seconds=20):
        return wait_until(
            lambda: next((sms for sms in self.texts() if wanted(sms)), None),
            "a text message arrives",
            seconds,
        )

    def _start(self, name, command, ready):
        log = self.folder / "log" / f"{name}.out"
        part = Process(command, log, user=self.user, cwd=self.folder).start()
        self._parts[name] = part
        part.wait_ready(ready, f"{name} is ready")

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        self.receipts.stop()
