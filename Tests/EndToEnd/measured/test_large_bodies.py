"""Bodies far above the limit, of clients that read nothing before they have sent all: the server reads on for two seconds."""

import pytest

from conftest import reply_to_large
from test_bad_requests import post


def whole():
    return b" " * 100_000_000


def in_chunks():
    for _ in range(100):
        yield b" " * (1 << 20)


@pytest.mark.parametrize("body", [whole, in_chunks])
def test_a_client_that_sends_100_mb_reads_why_it_is_refused(server, body):
    reply = reply_to_large(lambda: post(server, content=body(), headers={"content-type": "application/json"}))
    assert reply.status_code == 413 and "33554432" in reply.text.replace(",", "").replace("_", "")
    assert server.http().get("/health").status_code == 200
