# SPDX-License-Identifier: Apache-2.0
"""Providers with moods: a mail relay and an SMS gateway over real sockets. For a bounded number of messages
each picks a bad mood; after that it is well. What it has in its hands it writes into its books, with
whether it gave a clear answer.

    with Relay(seed) as relay, Gateway(seed) as gateway:
        relay.be_moody(5)
        ... send to 127.0.0.1:relay.port; relay.arrivals() ...
"""

import contextlib
import email
import json
import random
import re
import socketserver
import threading

from books import Arrival
from rigs.ports import free_port

MOODY_SHARE = 0.5
GARBAGE = b"\x00\xff\x17 ni hao \xc3\x28 <html>\r\n"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class Moody:
    """`MOODS` are the bad ones, taken in a random order, each as often as the others."""

    MOODS = ()

    def __init__(self, seed):
        self.port = free_port()
        self.bad_moods = 0  # so far
        self._random = random.Random(f"{seed}/{type(self).__name__}")
        self._lock = threading.Lock()
        self._waiting, self._arrivals = [], []
        self._server = None

    def converse(self, lines, out):
        """One connection, from what was read to what is answered, until one side ends it."""
        raise NotImplementedError

    def be_moody(self, count):
        """The next messages, about every second of them, meet `count` bad moods."""
        with self._lock:
            while count > 0:
                moods = self._random.sample(self.MOODS, len(self.MOODS))
                self._waiting += moods[:count]
                count -= len(moods)

    @property
    def is_well(self):
        with self._lock:
            return not self._waiting

    def mood(self):
        """For the next message; "well" or one of the bad ones."""
        with self._lock:
            if not self._waiting or self._random.random() > MOODY_SHARE:
                return "well"
            self.bad_moods += 1
            return self._waiting.pop(0)

    def take(self, arrival):
        with self._lock:
            self._arrivals.append(arrival)

    def arrivals(self):
        with self._lock:
            return list(self._arrivals)

    def __enter__(self):
        provider = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                with contextlib.suppress(OSError):
                    provider.converse(self.rfile, self.wfile)

        self._server = _Server(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


def stay_silent(lines):
    """Until the other side gives up."""
    while lines.read(1):
        pass


class Relay(Moody):
    """SMTP in clear. "busy", "later" and "garbage" come before the content is taken, "refused" and the others
    after it: refused is clear, the rest leaves the sender in doubt."""

    MOODS = ("busy", "later", "garbage", "refused", "garbage_after", "silent", "dies")
    BEFORE = {"busy": b"421 4.3.2 Too busy\r\n", "later": b"451 4.3.0 Later\r\n", "garbage": GARBAGE}
    AFTER = {"well": b"250 2.0.0 Taken\r\n", "refused": b"554 5.6.0 Not like this\r\n",
             "garbage_after": GARBAGE, "dies": b""}  # fmt: skip

    def converse(self, lines, out):
        out.write(b"220 relay ESMTP\r\n")
        mood = "well"
        while line := lines.readline():
            word = line[:4].upper()
            if word == b"MAIL":
                mood = self.mood()
                out.write(self.BEFORE.get(mood, b"250 2.1.0 OK\r\n"))
                if mood in ("busy", "garbage"):
                    return
            elif word == b"DATA":
                out.write(b"354 Go on\r\n")
                if not self._take_mail(lines, mood):
                    return
                if mood == "silent":
                    stay_silent(lines)
                    return
                out.write(self.AFTER.get(mood, self.AFTER["well"]))
                if mood in ("garbage_after", "dies"):
                    return
            elif word == b"QUIT":
                out.write(b"221 2.0.0 Bye\r\n")
                return
            else:
                out.write(b"250 OK\r\n")

    def _take_mail(self, lines, mood):
        """False when the sender went away in the middle."""
        content = []
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            content.append(line)
        if mood != "refused":
            identity = email.message_from_bytes(b"".join(content))["Message-ID"]
            in_doubt = mood in ("garbage_after", "silent", "dies")
            self.take(Arrival(identity.strip("<>").split("@")[0], identity, in_doubt=in_doubt))
        return True


class Gateway(Moody):
    """HTTP, a JSON object with the idempotency key for each SMS. "throttled" and "unavailable" refuse it, the
    others leave the sender in doubt: the gateway has it then."""

    MOODS = ("throttled", "unavailable", "broken", "garbage", "silent", "dies", "dripping")
    LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE)
    ANSWERS = {
        "well": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "throttled": b"HTTP/1.1 429 Slow down\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n",
        "unavailable": b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n",
        "broken": b"HTTP/1.1 500 Oh no\r\nContent-Length: 0\r\n\r\n",
        "garbage": GARBAGE,
        "silent": b"",
        "dies": b"",
        "dripping": b"HTTP/1.1 200 OK\r\nContent-Le",  # and never the rest
    }

    def converse(self, lines, out):
        length = 0
        while (line := lines.readline()) not in (b"\r\n", b""):
            if found := self.LENGTH.match(line):
                length = int(found[1])
        body = lines.read(length)
        if len(body) < length or not body:
            return
        mood = self.mood()
        if mood not in ("throttled", "unavailable"):
            key = json.loads(body)["key"]
            self.take(Arrival(key, key, repeatable=False, in_doubt=mood != "well"))
        out.write(self.ANSWERS[mood])
        if mood in ("silent", "dripping"):
            stay_silent(lines)


def notifiers(relay_port, gateway_port):
    """A mail notifier that may repeat and an SMS notifier that may not, both impatient."""
    return [
        {"name": "mail", "channel": "email", "plugin": "email", "repeatable": True,
         "send_timeout": "3s", "window_max": 32,
         "config": {"host": "127.0.0.1", "port": relay_port, "tls": "none", "connections": 4,
                    "from": "mairie@example.org"}},
        {"name": "sms", "channel": "sms", "plugin": "sms-http", "send_timeout": "3s", "window_max": 32,
         "config": {"url": f"http://127.0.0.1:{gateway_port}/send", "timeout_ms": 1000,
                    "json": {"key": "{idempotency_key}", "to": "{to}", "text": "{text}"}}},
    ]  # fmt: skip
