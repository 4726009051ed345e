"""The one place where the tests look at a clock: waiting for what another process does.

No test has a time limit of its own. A loaded machine may take as long as it needs; only a test that hangs is ended, after
`HANG` seconds, so that its failure says what it waited for.
"""

import os
import time

HANG = 900
SOAK = os.environ.get("DPAIS_SOAK") == "1"


def eventually(condition, what=""):
    """The first true value that `condition()` returns. `what`, a text or a function that makes one, explains a hang."""
    deadline = time.monotonic() + HANG
    while not (value := condition()):
        assert time.monotonic() < deadline, what() if callable(what) else what or "waited in vain"
        time.sleep(0.01)
    return value


def rounds(short, long):
    """How many rounds a test of random input takes: a seeded sample in `make test`, all of them in `make soak`."""
    return long if SOAK else short
