# SPDX-License-Identifier: Apache-2.0
"""One whole town for a test: rappeld with a tenant and a key, real mail and SMS servers when asked.

    with Town(bin_folder, plugins, notifiers="files") as town:
        town.put("A1", {...}); town.events("A1", [...]); reminder = town.schedule("A1", ...)
        town.wait_state(reminder, {"delivered"})
"""

import contextlib
import datetime
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.daemon import Rappeld  # noqa: E402
from rigs.kannel import PASSWORD, USER, Kannel  # noqa: E402
from rigs.ports import free_port  # noqa: E402
from rigs.postgres import Postgres  # noqa: E402
from rigs.processes import wait_until, workplace  # noqa: E402
from rigs.smtp_sink import SmtpSink  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("RAPPEL_BIN", ROOT / "build/dev/bin"))
PHONE = "02 99 00 00 00"


def in_seconds(count):
    """RFC 3339, so many seconds from now."""
    at = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=count)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def in_days(count):
    return (datetime.date.today() + datetime.timedelta(days=count)).isoformat()


def file_notifiers(folder):
    return [
        {"name": "mail", "channel": "email", "plugin": "file", "repeatable": True,
         "config": {"directory": str(folder / "mail"), "format": "maildir"}},
        {"name": "sms", "channel": "sms", "plugin": "file", "repeatable": True,
         "config": {"directory": str(folder / "sms"), "format": "text"}},
        {"name": "inbox", "channel": "inapp", "plugin": "inapp", "repeatable": True},
    ]  # fmt: skip


def real_notifiers(folder, sink, kannel):
    credential = folder / "kannel.password"
    credential.write_text(PASSWORD)
    return [
        {"name": "mail", "channel": "email", "plugin": "email", "repeatable": True,
         "config": {"host": "localhost", "port": sink.port, "tls": "required",
                    "ca_file": str(sink.authority), "from": "mairie@example.org"}},
        {"name": "sms", "channel": "sms", "plugin": "sms-http", "credential_file": str(credential),
         "config": {"preset": "kannel", "url": kannel.send_url.rsplit("/cgi-bin", 1)[0],
                    "user": USER, "from": "Mairie"}},
        {"name": "inbox", "channel": "inapp", "plugin": "inapp", "repeatable": True},
    ]  # fmt: skip


class Town:
    """`real` starts an SMTP server over STARTTLS and Kannel; otherwise mails and SMS are files.
    `embedded` lets rappeld run its own PostgreSQL. `extra` is merged into the configuration."""

    def __init__(self, real=False, embedded=False, extra=None):
        self.real, self.embedded, self.extra = real, embedded, extra or {}
        self._stack = contextlib.ExitStack()

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_):
        self._stack.close()

    def _start(self):
        enter = self._stack.enter_context
        self.folder = enter(workplace())
        configuration = {"state_directory": str(self.folder / "state"), "log_level": "info"}
        # The tests run at any hour of any day.
        configuration["courtesy"] = {
            "quiet_channels": [], "advice_on_closed_days": True,
            "service_per_day_max": 0, "advice_per_day_max": 0,
        }  # fmt: skip
        configuration["api"] = {"listen": f"127.0.0.1:{free_port()}"}
        if self.embedded:
            configuration["database"] = {"embedded_fsync": False}
        else:
            self.postgres = enter(Postgres(self.folder))
            self.postgres.create("rappel")
            configuration["database"] = {"dsn": self.postgres.dsn("rappel")}
        if self.real:
            self.sink = enter(SmtpSink(self.folder))
            self.kannel = enter(Kannel(self.folder))
            configuration["notifiers"] = real_notifiers(self.folder, self.sink, self.kannel)
        else:
            configuration["notifiers"] = file_notifiers(self.folder)
        for name, value in self.extra.items():
            configuration[name] = {**configuration.get(name, {}), **value}
        self.configuration = configuration
        self.daemon = Rappeld(BIN, self.folder, configuration, configuration["api"]["listen"])
        enter(self.daemon)
        self.key = self.new_tenant("demo")

    def new_tenant(self, slug):
        """Creates a tenant and returns a key of it."""
        self.daemon.ctl(
            "tenant", "create", "--slug", slug, "--name", f"Mairie de {slug}",
            "--human-name", "Mme Diallo", "--human-phone", PHONE,
        )  # fmt: skip
        return self.daemon.ctl("key", "create", "--tenant", slug, "--label", "tests").strip()

    def call(self, method, path, body=None, headers=None, key=None):
        return self.daemon.api(method, path, body, key or self.key, headers)

    def put(self, reference, body):
        answer = self.call("PUT", f"/v1/citizens/{reference}", body)
        assert answer.status in (200, 201), (answer.status, answer.body)
        return answer.json

    def events(self, reference, events):
        answer = self.call("POST", f"/v1/citizens/{reference}/events", {"events": events})
        assert answer.status == 201, (answer.status, answer.body)
        return answer.json

    def schedule(self, reference, seconds, channel, title="Rendez-vous", headers=None):
        """A caseworker's note, so many seconds from now; returns the reminder."""
        answer = self.call(
            "POST", "/v1/reminders",
            {"citizen": reference, "template": "caseworker_note", "channels": [channel],
             "values": {"title": title, "body": "Merci d'apporter votre dossier."},
             "send_at": in_seconds(seconds)},
            headers,
        )  # fmt: skip
        assert answer.status == 201, (answer.status, answer.body)
        return answer.json["reminders"][0]

    def reminder(self, identity):
        answer = self.call("GET", f"/v1/reminders/{identity}")
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json

    def wait_state(self, reminder, states, seconds=40):
        return wait_until(
            lambda: (now := self.reminder(reminder["id"]))["state"] in states and now,
            f"the reminder is {' or '.join(states)}",
            seconds,
        )

    def deliveries(self, reminder):
        answer = self.call("GET", f"/v1/reminders/{reminder['id']}/deliveries")
        assert answer.status == 200, (answer.status, answer.body)
        return answer.json["items"]

    def people(self):
        """The three people of the demonstration, as (name, citizen, events)."""
        folder = self.folder / "people"
        subprocess.run([ROOT / "packaging/demo/people", folder], check=True)
        return folder
