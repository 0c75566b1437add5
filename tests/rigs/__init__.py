# SPDX-License-Identifier: Apache-2.0
"""Real servers for tests: each is started in a folder of its own on free ports, waits until it answers
and is gone when the test ends, however it ends. Python's standard library and Debian packages only.

    with workplace() as folder, Postgres(folder) as database, SmtpSink(folder) as sink:
        ...
"""
