# SPDX-License-Identifier: Apache-2.0
"""A road to a server that can turn into a hole: nothing passes any more and nothing is closed, as when a
firewall forgets a connection or a machine is gone without a word.

    with Proxy("/run/postgresql/.s.PGSQL.5432") as proxy:
        ... connect to 127.0.0.1:proxy.port ...
        proxy.hole()   # what is open stays open and silent for ever; what is new is taken and silent
        proxy.heal()   # what is new passes again
"""

import contextlib
import socket
import threading

from .ports import free_port

PIECE_BYTES = 65536


def _connect(target):
    """To the path of a unix socket or to (host, port)."""
    if isinstance(target, str):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.connect(target)
        return link
    return socket.create_connection(target, timeout=None)


class _Road:
    """One connection through the proxy."""

    def __init__(self, near):
        self.near, self.far = near, None
        self.is_dead = threading.Event()

    def open(self, target):
        self.far = _connect(target)
        for source, sink in ((self.near, self.far), (self.far, self.near)):
            threading.Thread(target=self._pass_on, args=(source, sink), daemon=True).start()

    def _pass_on(self, source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(PIECE_BYTES):
                if self.is_dead.is_set():
                    return
                sink.sendall(piece)
        if not self.is_dead.is_set():
            self.close()

    def close(self):
        for end in (self.near, self.far):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()


class Proxy:
    """Listens on 127.0.0.1:`port` and passes everything on to `target`."""

    def __init__(self, target):
        self.target, self.port = target, free_port()
        self._lock = threading.Lock()
        self._is_hole = False
        self._roads = []
        self._listener = None

    def hole(self):
        with self._lock:
            self._is_hole = True
            for road in self._roads:
                road.is_dead.set()

    def heal(self):
        """For new connections: the old ones stay what they are."""
        with self._lock:
            self._is_hole = False

    def start(self):
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._take, daemon=True).start()
        return self

    def _take(self):
        with contextlib.suppress(OSError):
            while True:
                road = _Road(self._listener.accept()[0])
                with self._lock:
                    self._roads.append(road)
                    if self._is_hole:
                        road.is_dead.set()
                        continue
                try:
                    road.open(self.target)
                except OSError:
                    road.close()

    def stop(self):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for road in self._roads:
            road.is_dead.set()
            road.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()
