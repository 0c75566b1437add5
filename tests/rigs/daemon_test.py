# SPDX-License-Identifier: Apache-2.0
"""The rig itself, on a small program in the daemon's place: what it waits for, sends and ends."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.daemon import Rappeld  # noqa: E402
from rigs.ports import free_port  # noqa: E402
from rigs.processes import workplace  # noqa: E402

PROGRAM = """#!/usr/bin/python3
import json, os, socketserver, sys
from http.server import BaseHTTPRequestHandler

configuration = json.load(open(sys.argv[2]))
if configuration.get("wrong"):
    sys.exit("rappel.yaml:1:2: unknown key 'wrong'")


class Handler(BaseHTTPRequestHandler):
    asked = 0

    def address_string(self):
        return "test"

    def do_GET(self):
        Handler.asked += 1
        self.answer(503 if Handler.asked < 3 else 200, {"pid": os.getpid()})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(201, {"got": body, "key": self.headers["Authorization"]})

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


listen = configuration["listen"]
if listen.startswith("/"):
    if os.path.exists(listen):
        os.unlink(listen)
    server = socketserver.UnixStreamServer(listen, Handler)
else:
    socketserver.TCPServer.allow_reuse_address = True
    server = socketserver.TCPServer(("127.0.0.1", int(listen.rpartition(":")[2])), Handler)
server.serve_forever()
"""


class RappeldTest(unittest.TestCase):
    def setUp(self):
        self.folder = self.enterContext(workplace())
        self.bin_folder = self.folder / "bin"
        self.bin_folder.mkdir()
        program = self.bin_folder / "rappeld"
        program.write_text(PROGRAM, encoding="utf-8")
        program.chmod(0o755)

    def daemon(self, address, **more):
        return Rappeld(self.bin_folder, self.folder, {"listen": address, **more}, address)

    def test_it_is_ready_when_it_says_200_and_comes_back_after_a_kill(self):
        for address in (f"127.0.0.1:{free_port()}", str(self.folder / "api.sock")):
            with self.subTest(address), self.daemon(address) as daemon:
                first = daemon.api("GET", "/").json["pid"]
                self.assertEqual(daemon.kill(), -9)
                self.assertFalse(daemon.is_ready())
                daemon.start()
                self.assertNotEqual(daemon.api("GET", "/").json["pid"], first)

    def test_a_body_goes_as_json_with_the_key(self):
        with self.daemon(f"127.0.0.1:{free_port()}") as daemon:
            answer = daemon.api("POST", "/v1/x", {"a": [1]}, key="secret")
        self.assertEqual(
            (answer.status, answer.json), (201, {"got": {"a": [1]}, "key": "Bearer secret"})
        )

    def test_a_daemon_that_refuses_its_configuration_fails_with_its_words(self):
        with self.assertRaisesRegex(RuntimeError, "unknown key 'wrong'"):
            self.daemon(f"127.0.0.1:{free_port()}", wrong=True).start()


if __name__ == "__main__":
    unittest.main()
