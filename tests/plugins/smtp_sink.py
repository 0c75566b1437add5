# SPDX-License-Identifier: Apache-2.0
"""A mail relay for tests: smtp_sink.py FOLDER [--no-tls] [--auth].

Writes FOLDER/cert.pem and, once it listens, FOLDER/port; then each mail as FOLDER/mail-N.eml with
the envelope in X- headers. The first word of the recipient's local part decides the answer:
unknown-, full-, spam-, later-, busy-, refused- (after the content) and drop- (hangs up on it).
"""
import asyncio
import os
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder = sys.argv[1]
ANSWERS = {
    "unknown": "550 5.1.1 no such user",
    "full": "552 5.2.2 mailbox full",
    "spam": "554 5.7.1 not here",
    "later": "451 4.7.1 greylisted",
    "busy": "421 4.3.2 too busy",
}


class Sink:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = ANSWERS.get(address.split("-")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        word = envelope.rcpt_tos[0].split("-")[0]
        if word == "drop":
            server.transport.abort()
            return "451 gone"
        if word == "refused":
            return "550 5.7.1 content refused for " + envelope.rcpt_tos[0]
        self.count += 1
        envelope_lines = (
            f"X-From: {envelope.mail_from}\r\nX-To: {','.join(envelope.rcpt_tos)}\r\n"
            f"X-Tls: {session.ssl is not None}\r\nX-Peer-Port: {session.peer[1]}\r\n"
        )
        path = os.path.join(folder, f"mail-{self.count}.eml")
        with open(path, "wb") as file:
            file.write(envelope_lines.encode() + envelope.original_content)
        return f"250 2.0.0 Ok: queued as Q{self.count}"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login == b"rappel" and data.password == b"hunter2-secret"
    return AuthResult(success=right, handled=False)


def tls_context():
    cert, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", key, "-out", cert], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    return context


async def main():
    context = None if "--no-tls" in sys.argv else tls_context()
    auth = {"authenticator": authenticate, "auth_required": True} if "--auth" in sys.argv else {}
    sink = Sink()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(sink, hostname="sink", tls_context=context, enable_SMTPUTF8=True,
                     loop=asyncio.get_running_loop(), **auth), "127.0.0.1", 0)
    port = str(server.sockets[0].getsockname()[1])
    with open(os.path.join(folder, "port.new"), "w") as file:
        file.write(port)
    os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
    await server.serve_forever()


asyncio.run(main())
