# SPDX-License-Identifier: Apache-2.0
import logging
import smtplib
import ssl
import sys
import unittest
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.processes import workplace  # noqa: E402
from rigs.smtp_sink import SmtpSink  # noqa: E402


def mail(to="alice@example.org"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "mairie@example.org", to, "Échéance"
    message.set_content("Votre carte expire bientôt.")
    message.add_alternative("<p>Votre carte expire bientôt.</p>", subtype="html")
    return message


class SmtpSinkTest(unittest.TestCase):
    def setUp(self):
        logging.getLogger("mail.log").setLevel(
            logging.CRITICAL
        )  # a refused handshake is expected here
        folder = self.enterContext(workplace())
        self.sink = self.enterContext(SmtpSink(folder))

    def client(self, trusting=True):
        client = smtplib.SMTP("localhost", self.sink.port, timeout=10)
        self.addCleanup(client.close)
        authority = str(self.sink.authority) if trusting else None
        client.starttls(context=ssl.create_default_context(cafile=authority))
        return client

    def test_a_mail_over_starttls_is_kept_as_it_was_sent(self):
        self.client().send_message(mail())
        kept = self.sink.wait_for(lambda m: "alice@example.org" in m.to)
        self.assertTrue(kept.over_tls)
        self.assertEqual(kept.sender, "mairie@example.org")
        self.assertEqual(kept.message["Subject"], "Échéance")
        self.assertIn("expire bientôt", kept.text)
        self.assertIn("<p>", kept.html)

    def test_nothing_is_taken_in_clear(self):
        with smtplib.SMTP("localhost", self.sink.port, timeout=10) as client:
            with self.assertRaises(smtplib.SMTPResponseException) as refused:
                client.send_message(mail())
        self.assertEqual(refused.exception.smtp_code, 530)
        self.assertEqual(self.sink.mails(), [])

    def test_a_client_that_does_not_know_the_authority_gives_up(self):
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.client(trusting=False)

    def test_answers_are_given_by_address_until_taken_back(self):
        client = self.client()
        for code in (550, 451):
            self.sink.answer("Gone@example.org", f"{code} 0.0.0 As told")
            with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                client.send_message(mail("gone@example.org"))
            self.assertEqual(refused.exception.recipients["gone@example.org"][0], code)
        client.send_message(mail("alice@example.org"))
        self.sink.answer("gone@example.org", None)
        client.send_message(mail("gone@example.org"))
        self.assertEqual(
            [m.to for m in self.sink.mails()], [("alice@example.org",), ("gone@example.org",)]
        )

    def test_a_stopped_relay_comes_back_on_its_port(self):
        self.sink.stop()
        with self.assertRaises(OSError):
            self.client()
        self.sink.start()
        self.client().send_message(mail())
        self.assertEqual(len(self.sink.mails()), 1)


if __name__ == "__main__":
    unittest.main()
