# SPDX-License-Identifier: Apache-2.0
"""HTTP to a daemon under test, over TCP or a unix socket."""

import http.client
import json
import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict  # lower-case names
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def connection(address, timeout=10):
    """`address` is "host:port" or the path of a unix socket."""
    if address.startswith("/"):
        return _UnixConnection(address, timeout)
    host, _, port = address.rpartition(":")
    return http.client.HTTPConnection(host, int(port), timeout=timeout)


def call(address, method, path, body=None, headers=None, timeout=10):
    """One request; a body that is no bytes is sent as JSON. OSError when nobody listens."""
    headers = dict(headers or {})
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
        headers.setdefault("Content-Type", "application/json")
    link = connection(address, timeout)
    try:
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        names = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, names, answer.read())
    except http.client.HTTPException as broken:
        raise ConnectionError(str(broken)) from broken
    finally:
        link.close()
