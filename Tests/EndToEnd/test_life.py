"""Starting, dying, stopping."""

import os
import pathlib
import signal
import time

import httpx
import pytest

from conftest import ask, assert_best_of_three, in_parallel
from test_streams import ENDLESS


def gone(process_id):
    try:
        return pathlib.Path(f"/proc/{process_id}/stat").read_text().split(") ")[1][0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def wait_until(condition, seconds):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_listens_at_once_and_stays_small(own_server):
    def start():
        server = own_server()
        assert server.http().get("/health").json()["status"] == "ok"
        assert server.resident_bytes() <= 60 << 20, server.resident_bytes()
        return server.seconds_to_listen

    # The bar is 0.3 s on a quiet machine; a busy one is given the time it takes to start any process twice over.
    assert_best_of_three(start, below=1.0)


def test_requests_for_a_cold_model_start_it_once(own_server):
    server = own_server()
    answers = in_parallel([lambda: ask(server.client(), "Hi", max_tokens=2) for _ in range(6)])
    assert len(answers) == 6 and len(server.runners()) == 1


def test_a_killed_runner_ends_its_stream_with_an_error_and_the_next_request_answers(own_server):
    def kill():
        """The seconds in which the stream ends."""
        server = own_server()
        ask(server.client(), "Hi", max_tokens=1)
        (runner,) = server.runners()
        lines, killed_at = [], None
        with server.http().stream(
            "POST",
            "/v1/chat/completions",
            json=ENDLESS | {"stream": True},
        ) as response:
            for line in response.iter_lines():
                lines.append(line)
                if len(lines) == 6:
                    os.kill(runner, signal.SIGKILL)
                    killed_at = time.monotonic()
        seconds = time.monotonic() - killed_at
        data = [line for line in lines if line.startswith("data: ")]
        assert '"error"' in data[-1] and "[DONE]" not in data[-1]
        assert ask(server.client(), "Still there?", max_tokens=3).choices[0].message.content
        assert server.runners() != [runner]
        return seconds

    assert_best_of_three(kill, below=1.0)


def test_a_runner_that_keeps_dying_is_left_alone(own_server):
    server = own_server()
    body = ENDLESS | {"stream": True}
    for _ in range(3):
        with server.http().stream("POST", "/v1/chat/completions", json=body) as response:
            lines = response.iter_lines()
            next(lines)
            os.kill(server.runners()[0], signal.SIGKILL)
            list(lines)
        wait_until(lambda: not server.runners(), 5)
    reply = server.http().post("/v1/chat/completions", json=body)
    assert reply.status_code == 503 and int(reply.headers["retry-after"]) >= 1
    assert "3 times" in reply.json()["error"]["message"]
    assert server.http().get("/health").status_code == 200


def test_a_killed_server_leaves_no_runner(own_server):
    server = own_server()
    ask(server.client(), "Hi", max_tokens=1)
    (runner,) = server.runners()
    server.stop(signal.SIGKILL)
    wait_until(lambda: gone(runner), 5)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopping_server_lets_running_answers_finish(own_server, how):
    server = own_server()
    client = server.client()
    ask(client, "Hi", max_tokens=1)
    (runner,) = server.runners()
    stream = ask(client, "Count to a hundred.", stream=True, max_tokens=150)
    next(iter(stream))
    server.process.send_signal(how)
    chunks = list(stream)
    assert chunks[-1].choices[0].finish_reason in ("stop", "length")
    assert server.process.wait(10) == 0
    assert gone(runner)
    with pytest.raises(httpx.ConnectError):
        server.http().get("/health")


def test_a_port_in_use_is_told_plainly(server, home):
    from conftest import dpais

    result = dpais(home, "serve", "--port", server.port)
    assert result.returncode == 1
    assert f"Port {server.port}" in result.stderr and "--port" in result.stderr
