"""How soon a server listens and how small it is; how soon a stream ends whose runner has been killed."""

import os
import signal
import time

from conftest import ask
from test_streams import ENDLESS
from timing import assert_best_of_three


def test_listens_at_once_and_stays_small(own_server):
    def start():
        begun = time.monotonic()
        server = own_server()
        seconds = time.monotonic() - begun
        assert server.http().get("/health").json()["status"] == "ok"
        assert server.resident_bytes() <= 60 << 20, server.resident_bytes()
        return seconds

    assert_best_of_three(start, below=0.3)


def test_a_killed_runner_ends_its_stream_at_once(own_server):
    def kill():
        """The seconds in which the stream ends."""
        server = own_server()
        ask(server.client(), "Hi", max_tokens=1)
        with server.http().stream("POST", "/v1/chat/completions", json=ENDLESS | {"stream": True}) as response:
            for count, _ in enumerate(response.iter_lines(), start=1):
                if count == 6:
                    os.kill(server.runners()[0], signal.SIGKILL)
                    begun = time.monotonic()
        return time.monotonic() - begun

    assert_best_of_three(kill, below=1)
