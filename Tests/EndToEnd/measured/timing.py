"""Bounds on time, for tests that `make bench` runs on a quiet machine."""

import time


def assert_best_of_three(measure, below):
    """The least of three measurements is below a bound: other work on the machine holds up one or two, a fault all.

    Ends with the first that is.
    """
    measured = []
    while not measured or min(measured) >= below:
        assert len(measured) < 3, measured
        measured.append(measure())


def at_once(request, seconds=1):
    """What a request gives, which takes less time than this; asked up to three times."""
    given = []

    def measure():
        begun = time.monotonic()
        given.append(request())
        return time.monotonic() - begun

    assert_best_of_three(measure, seconds)
    return given[-1]
