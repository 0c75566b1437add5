# SPDX-License-Identifier: Apache-2.0
"""The systemd units: what systemd says of them, and traps it says nothing about."""

import re
import subprocess
import tempfile
from pathlib import Path

import tree

# Overall exposure of `systemd-analyze security`, in tenths.
EXPOSURE_MAX = {"rappeld.service": 5, "rappel-sender@.service": 10}
# What each unit must start: paths shared with the installation rules.
STARTS = {
    "rappeld.service": "/usr/sbin/rappeld --config /etc/rappel/rappel.yaml",
    "rappel-sender@.service": "/usr/lib/rappel/rappel-sender --name %i --plugin ",
}


def units(project):
    yield from project.files("systemd", suffixes=(".service", ".socket", ".timer"))


def settings(path):
    """(line number, key, value) of a unit."""
    for number, line in tree.numbered(path):
        match = re.match(r"([A-Za-z]+)=(.*)", line)
        if match:
            yield number, match.group(1), match.group(2).strip()


def analyze(*arguments):
    return subprocess.run(
        ("systemd-analyze", *arguments), capture_output=True, text=True, timeout=60, check=False
    )


def verify(project):
    """systemd accepts a mistyped key with a warning and exit code 0: any word on stderr is a finding."""
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for path in units(project):
            # The programs are not installed where the tests run.
            copy = Path(folder) / path.name
            copy.write_text(re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", path.read_text()))
            copies.append(str(copy))
        answer = analyze("verify", "--man=no", *copies)
        for line in answer.stderr.splitlines():
            yield line.replace(folder, "systemd")
        if answer.returncode:
            yield f"systemd: systemd-analyze verify ended with {answer.returncode}"


def exposure(project):
    """How much a taken-over process could reach, as systemd scores it."""
    for path in units(project):
        if path.suffix == ".service":
            limit = EXPOSURE_MAX.get(path.name, 10)
            answer = analyze(
                "security", "--offline=true", f"--threshold={limit}", "--no-pager", str(path)
            )
            if answer.returncode:
                last = (answer.stdout + answer.stderr).strip().splitlines()[-1:]
                yield f"{project.name(path)}: more exposed than {limit / 10}: {' '.join(last)}"


def traps(project):
    """Settings that Debian 12 takes and then ignores, or that cover less than they seem to."""
    for path in units(project):
        name, keys = project.name(path), {}
        for number, key, value in settings(path):
            keys.setdefault(key, []).append(value)
            if key in ("SocketBindDeny", "SocketBindAllow", "RestrictFileSystems"):
                yield f"{name}:{number}: {key} has no effect: this systemd is built without BPF programs"
            if key in ("RestartSteps", "RestartMaxDelaySec"):
                yield f"{name}:{number}: {key} is not known to systemd 252"
            if key == "SystemCallFilter" and value.startswith("~") and "@memlock" in value:
                yield f"{name}:{number}: @memlock must stay allowed, keys are in locked pages"
            if key == "TemporaryFileSystem" and "NoExecPaths" in tree.text_of(path):
                yield f"{name}:{number}: TemporaryFileSystem breaks the start together with NoExecPaths"
        if path.suffix != ".service":
            continue
        closed = " ".join(keys.get("NoExecPaths", [])).split()
        for key, where in (
            ("StateDirectory", "/var/lib/"),
            ("RuntimeDirectory", "/run/"),
            ("CacheDirectory", "/var/cache/"),
        ):
            for folder in " ".join(keys.get(key, [])).split():
                if where + folder not in closed:
                    yield f"{name}: NoExecPaths does not name {where + folder}, so programs there may run"
        for key, value in (("Type", "notify"), ("StartLimitIntervalSec", "0")):
            if keys.get(key) != [value]:
                yield f"{name}: {key}={value} is missing"
        if "Group" in keys and not keys.get("User", [""])[-1]:
            yield f"{name}: Group without User: the name systemd derives may be the group's, and fails"
        if path.name == "rappeld.service" and keys.get("KillMode") != ["mixed"]:
            yield f"{name}: KillMode=mixed is missing: a stop would end its PostgreSQL before its drain"
        if "WatchdogSec" not in keys:
            yield f"{name}: WatchdogSec is missing"
        start = keys.get("ExecStart", [""])[0]
        if not start.startswith(STARTS.get(path.name, "/")):
            yield f"{name}: starts {start}"


CHECKS = {"verify": verify, "exposure": exposure, "traps": traps}
if __name__ == "__main__":
    tree.main(CHECKS)
