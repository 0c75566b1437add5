# SPDX-License-Identifier: Apache-2.0
"""A real SMTP server that insists on STARTTLS, keeps every mail and answers as it is told to.

    with SmtpSink(folder) as sink:
        sink.answer("gone@example.org", "550 5.1.1 No such mailbox")
        ... send to 127.0.0.1:sink.port, trusting sink.authority ...
        mail = sink.wait_for(lambda mail: "alice@example.org" in mail.to)
"""

import email
import email.policy
import json
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.controller import Controller

from . import certificates
from .ports import free_port
from .processes import wait_until

ACCEPTED = "250 2.0.0 Taken"


@dataclass(frozen=True)
class Mail:
    sender: str
    to: tuple
    over_tls: bool
    message: EmailMessage
    file: Path

    @property
    def text(self):
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    @property
    def html(self):
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""


class _Handler:
    def __init__(self, sink):
        self.sink = sink

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        answer = self.sink.answer_for(address)
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server, session, envelope):
        self.sink.keep(envelope, session.ssl is not None)
        return ACCEPTED


class SmtpSink:
    """Listens on 127.0.0.1:`port` in a thread of this process. Each mail is NNNNNN.eml with its envelope
    in NNNNNN.json, in `folder`/mail."""

    def __init__(self, folder, port=None):
        self.port = port or free_port()
        self.folder = Path(folder) / "mail"
        self.folder.mkdir(parents=True, exist_ok=True)
        made = certificates.make(Path(folder) / "tls")
        self.authority = made.authority
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(made.certificate, made.key)
        self._lock = threading.Lock()
        self._answers = {}
        self._count = 0
        self._controller = None

    def start(self):
        self._controller = Controller(
            _Handler(self),
            hostname="127.0.0.1",
            port=self.port,
            server_hostname="localhost",
            require_starttls=True,
            tls_context=self._context,
            enable_SMTPUTF8=True,
        )
        self._controller.start()
        return self

    def stop(self):
        """Closes the port: from here on the relay is down, until start() again."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    def answer(self, address, reply):
        """From now on RCPT TO:<address> gets `reply`, a whole SMTP line such as "451 4.3.0 Later".
        None accepts again."""
        with self._lock:
            if reply is None:
                self._answers.pop(address.lower(), None)
            else:
                self._answers[address.lower()] = reply

    def answer_for(self, address):
        with self._lock:
            return self._answers.get(address.lower(), ACCEPTED)

    def keep(self, envelope, over_tls):
        with self._lock:
            self._count += 1
            stem = self.folder / f"{self._count:06d}"
        facts = {"sender": envelope.mail_from, "to": envelope.rcpt_tos, "over_tls": over_tls}
        stem.with_suffix(".json").write_text(json.dumps(facts), encoding="utf-8")
        # The mail appears whole, after its envelope.
        stem.with_suffix(".part").write_bytes(envelope.content)
        stem.with_suffix(".part").rename(stem.with_suffix(".eml"))

    def mails(self):
        """Every mail so far, in order of arrival."""
        found = []
        for file in sorted(self.folder.glob("*.eml")):
            facts = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
            message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            found.append(
                Mail(facts["sender"], tuple(facts["to"]), facts["over_tls"], message, file)
            )
        return found

    def wait_for(self, wanted, seconds=20):
        """The first mail for which `wanted(mail)` holds."""
        return wait_until(
            lambda: next((m for m in self.mails() if wanted(m)), None), "a mail arrives", seconds
        )

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
