# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rigs.ports import free_port  # noqa: E402
from rigs.processes import Process, wait_until, workplace  # noqa: E402

SLEEPER = [sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"]


def exists(pid):
    return (
        Path(f"/proc/{pid}").exists()
        and "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    )


class ProcessTest(unittest.TestCase):
    def test_ready_when_it_says_so_and_stopped_by_its_signal(self):
        with workplace() as folder, Process(SLEEPER, folder / "log") as process:
            process.wait_ready(lambda: "up" in process.log_text(), "it is up")
            self.assertTrue(process.is_running)
            self.assertEqual(process.stop(), -15)

    def test_a_program_that_ends_early_fails_at_once_with_its_log(self):
        with workplace() as folder, Process(
            ["sh", "-c", "echo why; exit 3"], folder / "log"
        ) as process:
            with self.assertRaisesRegex(RuntimeError, "ended with 3(.|\n)*why"):
                process.wait_ready(lambda: False, "never", seconds=20)

    def test_a_program_that_ignores_the_signal_is_killed_and_reported(self):
        stubborn = [
            sys.executable,
            "-c",
            "import signal; signal.signal(15, signal.SIG_IGN); "
            "print('up', flush=True); signal.pause()",
        ]
        with workplace() as folder, Process(stubborn, folder / "log") as process:
            process.wait_ready(lambda: "up" in process.log_text(), "it is up")
            with self.assertRaises(TimeoutError):
                process.stop(seconds=0.2)
            self.assertFalse(process.is_running)

    def test_children_left_behind_are_ended_too(self):
        with workplace() as folder:
            with Process(["sh", "-c", "sleep" " 600 & echo $!; wait"], folder / "log") as process:
                child = wait_until(lambda: process.log_text().strip(), "the child is there")
                process.kill()
                self.assertTrue(exists(child))
            wait_until(lambda: not exists(child), "the child is gone")

    def test_nothing_survives_a_test_that_is_killed(self):
        with workplace() as folder:
            script = (
                "import os, sys; sys.path.insert(0, sys.argv[1])\n"
                "from rigs.processes import Process\n"
                "p = Process(sys.argv[3:], sys.argv[2]).start(); print(p.pid, flush=True)\n"
                "p.wait(600)"
            )
            test = subprocess.Popen(
                [
                    sys.executable,
                    "-B",
                    "-c",
                    script,
                    str(Path(__file__).resolve().parents[1]),
                    str(folder / "log"),
                    *SLEEPER,
                ],
                stdout=subprocess.PIPE,
                text=True,
            )
            child = int(test.stdout.readline())
            wait_until(
                lambda: (folder / "log").exists() and "up" in (folder / "log").read_text(),
                "it is up",
            )
            test.kill()
            test.wait()
            test.stdout.close()
            wait_until(lambda: not exists(child), "the kernel ended the child")

    def test_a_condition_that_never_holds_is_named(self):
        with self.assertRaisesRegex(TimeoutError, "pigs fly"):
            wait_until(lambda: False, "pigs fly", seconds=0.05)

    @unittest.skipUnless(os.geteuid() == 0, "only root can change its identity")
    def test_root_gives_up_its_rights(self):
        with workplace() as folder, Process(
            ["id", "-un"], folder / "log", user="nobody"
        ) as process:
            process.wait()
            self.assertEqual(process.log_text().strip(), "nobody")


class PortTest(unittest.TestCase):
    def test_ports_differ_also_between_processes(self):
        here = {free_port() for _ in range(20)}
        self.assertEqual(len(here), 20)
        script = (
            "import sys; sys.path.insert(0, sys.argv[1]); from rigs import ports\n"
            "print(*(p for p in map(int, sys.argv[2:]) if ports._reserved(p)))"
        )
        taken = subprocess.run(
            [
                sys.executable,
                "-B",
                "-c",
                script,
                str(Path(__file__).resolve().parents[1]),
                *map(str, here),
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        self.assertEqual(taken.strip(), "")


if __name__ == "__main__":
    unittest.main()
