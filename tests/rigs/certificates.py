# SPDX-License-Identifier: Apache-2.0
"""A private certificate authority and a certificate for this machine, made by openssl."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    authority: Path  # what a client must trust
    certificate: Path
    key: Path


def _openssl(folder, *arguments):
    subprocess.run(("openssl", *arguments), cwd=folder, check=True, capture_output=True, timeout=30)


def make(folder, host="localhost"):
    """A certificate for `host` and 127.0.0.1, signed by an authority made for the occasion."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    _openssl(
        folder,
        "req",
        "-x509",
        *curve,
        "-days",
        "2",
        "-subj",
        "/CN=Test authority",
        "-keyout",
        "authority.key",
        "-out",
        "authority.pem",
    )
    _openssl(
        folder, "req", *curve, "-subj", f"/CN={host}", "-keyout", "server.key", "-out", "server.csr"
    )
    (folder / "names").write_text(f"subjectAltName=DNS:{host},IP:127.0.0.1\n", encoding="ascii")
    _openssl(
        folder,
        "x509",
        "-req",
        "-in",
        "server.csr",
        "-CA",
        "authority.pem",
        "-CAkey",
        "authority.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
        "-out",
        "server.pem",
    )
    (folder / "authority.pem").chmod(0o644)
    return Certificate(folder / "authority.pem", folder / "server.pem", folder / "server.key")
