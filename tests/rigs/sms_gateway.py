# SPDX-License-Identifier: Apache-2.0
"""An HTTP gateway for SMS that answers what it is told to.

    with SmsGateway() as gateway:
        gateway.answer = lambda sms: (429, {"Retry-After": "3"})
        ... POST gateway.url ...
        gateway.wait_for(lambda sms: sms.to == "0612345678")
"""

import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from .processes import wait_until


@dataclass(frozen=True)
class Sms:
    at: float  # time.monotonic()
    to: str
    text: str
    key: str  # its idempotency key
    status: int  # what it was answered


def accept(_sms):
    return 200, {}


class SmsGateway:
    def __init__(self):
        self.answer = accept
        self._received = []
        self._lock = threading.Lock()

    def __enter__(self):
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers = gateway._take(parse_qs(body.decode()))
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/send"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _take(self, form):
        def field(name):
            return form.get(name, [""])[0]

        sms = Sms(time.monotonic(), field("to"), field("text"), field("key"), 0)
        status, headers = self.answer(sms)
        with self._lock:
            self._received.append(Sms(sms.at, sms.to, sms.text, sms.key, status))
        return status, headers

    @property
    def received(self):
        with self._lock:
            return list(self._received)

    def wait_for_count(self, count, seconds=40):
        """Returns what was received once it is so many."""
        return wait_until(
            lambda: len(now := self.received) >= count and now, f"{count} SMS have come", seconds
        )

    def notifier(self, name, **more):
        """A notifier of the configuration that sends here."""
        config = {"url": self.url, "form": {"to": "{to}", "text": "{text}",
                                            "key": "{idempotency_key}"}}  # fmt: skip
        return {"name": name, "channel": "sms", "plugin": "sms-http", "config": config, **more}
