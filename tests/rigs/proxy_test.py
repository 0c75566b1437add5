# SPDX-License-Identifier: Apache-2.0
import socket
import socketserver
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.proxy import Proxy  # noqa: E402

SILENCE_S = 0.3


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while piece := self.request.recv(100):
            self.request.sendall(piece)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.server = self.enterContext(Server(("127.0.0.1", 0), Echo))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.shutdown)
        self.proxy = self.enterContext(Proxy(self.server.server_address))

    def client(self):
        link = socket.create_connection(("127.0.0.1", self.proxy.port), timeout=10)
        self.addCleanup(link.close)
        return link

    def said_back(self, link, word):
        link.sendall(word)
        return link.recv(100)

    def check_silent(self, link):
        link.settimeout(SILENCE_S)
        with self.assertRaises(TimeoutError):  # neither an answer nor an end
            self.said_back(link, b"anybody?")

    def test_what_is_said_passes_both_ways_until_one_end_closes(self):
        link = self.client()
        self.assertEqual(self.said_back(link, b"one"), b"one")
        self.assertEqual(self.said_back(link, b"two"), b"two")
        link.shutdown(socket.SHUT_WR)
        self.assertEqual(link.recv(100), b"")

    def test_in_a_hole_old_and_new_connections_are_silent_and_open(self):
        old = self.client()
        self.assertEqual(self.said_back(old, b"one"), b"one")
        self.proxy.hole()
        self.check_silent(old)
        self.check_silent(self.client())

    def test_once_healed_new_connections_pass_and_the_old_stay_silent(self):
        old = self.client()
        self.said_back(old, b"one")
        self.proxy.hole()
        self.proxy.heal()
        self.assertEqual(self.said_back(self.client(), b"two"), b"two")
        self.check_silent(old)

    def test_a_server_that_is_away_closes_the_connection(self):
        with Proxy(("127.0.0.1", 1)) as proxy:
            link = socket.create_connection(("127.0.0.1", proxy.port), timeout=10)
            self.addCleanup(link.close)
            self.assertEqual(link.recv(100), b"")


if __name__ == "__main__":
    unittest.main()
