"""The command line, run as `python -m tests.tied serve`. It ends when the process that holds its input open ends.

A test that is killed cannot stop the services that it started.
"""

import os
import runpy
import threading


def _end_with_the_owner() -> None:
    os.read(0, 1)  # nothing is written: the read returns when the other end is closed
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_owner, daemon=True).start()
    runpy.run_module("app", run_name="__main__", alter_sys=True)
