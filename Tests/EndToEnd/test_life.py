"""How servers and runners start and end."""

import concurrent.futures
import contextlib
import os
import pathlib
import signal
import socket

import httpx
import pytest

from conftest import ask, dpais
from test_streams import ENDLESS, WITHOUT_END
from waiting import HANG, eventually


def states(process):
    """The letter in /proc of each thread that a process has left; none where it is gone."""
    letters = []
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended since
                letters.append(pathlib.Path(f"/proc/{process}/task/{thread}/stat").read_text().rsplit(") ", 1)[1][0])
    return letters


def gone(process):
    """Whether a process has ended, and with it all threads: the first one can be a zombie while others close its files."""
    return set(states(process)) <= {"X", "Z"}


def stopped(process):
    """Whether every thread of a process has stopped: each does when it is next about to run."""
    return set(states(process)) == {"T"}


def freeze(process):
    """Stops a process: it answers nothing until it is told to continue."""
    os.kill(process, signal.SIGSTOP)
    eventually(lambda: stopped(process), "the process does not stop")


@contextlib.contextmanager
def frozen(process):
    """The process is stopped meanwhile, for as long as a test likes."""
    freeze(process)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


def loaded(server):
    """The models in memory, by id. The server asks no runner for this, so it answers while runners are stopped too."""
    reply = server.http().get("/v1/models/loaded")
    assert reply.status_code == 200 and reply.json()["object"] == "list"
    return {one["id"]: one for one in reply.json()["data"]}


def test_the_server_itself_loads_no_engine(own_server):
    server = own_server()
    assert server.http().get("/health").json()["status"] == "ok"
    maps = pathlib.Path(f"/proc/{server.process.pid}/maps").read_text()
    assert not any(engine in maps for engine in ("libllama", "libggml", "libopenvino", "libwhisper"))
    assert server.runners() == []


def test_requests_for_a_cold_model_start_it_once(own_server):
    server, count = own_server(DPAIS_RUNNER_LOAD_TIMEOUT=3600), 5
    with concurrent.futures.ThreadPoolExecutor(count) as pool, server.send("/v1/chat/completions", json=ENDLESS):
        # Stopped while it loads, so that all requests come before it is ready.
        (process,) = eventually(lambda: [one["process"] for one in loaded(server).values() if one.get("process")])
        with frozen(process):
            asked = [pool.submit(ask, server.client(), "Hi", max_tokens=2) for _ in range(count)]
            eventually(lambda: [one["requests"] for one in loaded(server).values()] == [count + 1])
            assert server.runners() == [process]
        assert all(one.result().usage.completion_tokens <= 2 for one in asked)
    assert server.runners() == [process]


def test_a_killed_runner_ends_its_stream_with_an_error_and_the_next_request_answers(own_server):
    server = own_server()
    ask(server.client(), "Hi", max_tokens=1)
    (runner,) = server.runners()
    lines = []
    with server.http().stream("POST", "/v1/chat/completions", json=ENDLESS | {"stream": True}) as response:
        for line in response.iter_lines():
            lines.append(line)
            if len(lines) == 6:
                os.kill(runner, signal.SIGKILL)
    data = [line for line in lines if line.startswith("data: ")]
    assert '"error"' in data[-1] and "[DONE]" not in data[-1]
    answer = ask(server.client(), "Still there?", max_tokens=3, logit_bias=WITHOUT_END)
    assert answer.usage.completion_tokens == 3
    assert server.runners() != [runner]


def test_a_runner_that_keeps_dying_is_left_alone(own_server):
    server = own_server()
    body = ENDLESS | {"stream": True}
    for _ in range(3):
        with server.http().stream("POST", "/v1/chat/completions", json=body) as response:
            lines = response.iter_lines()
            next(lines)
            os.kill(server.runners()[0], signal.SIGKILL)
            list(lines)
        eventually(lambda: not server.runners())
    reply = server.http().post("/v1/chat/completions", json=body)
    assert reply.status_code == 503 and int(reply.headers["retry-after"]) >= 1
    assert "3 times" in reply.json()["error"]["message"]
    assert server.http().get("/health").status_code == 200


def test_a_killed_server_leaves_no_runner(own_server):
    server = own_server()
    ask(server.client(), "Hi", max_tokens=1)
    (runner,) = server.runners()
    server.stop(signal.SIGKILL)
    eventually(lambda: gone(runner))


def refuses_connections(server):
    try:
        socket.create_connection(("127.0.0.1", server.port)).close()
        return False
    except ConnectionRefusedError:
        return True


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stopping_server_lets_running_answers_finish(own_server, how):
    server = own_server(DPAIS_SERVER_SHUTDOWN_GRACE=3600)
    client = server.client()
    ask(client, "Hi", max_tokens=1)
    (runner,) = server.runners()
    options = {"stream": True, "stream_options": {"include_usage": True}, "logit_bias": WITHOUT_END}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # Stopped meanwhile, so that the answer cannot end before the server is about to.
        with frozen(runner):
            answering = pool.submit(lambda: list(ask(client, "Count to a hundred.", max_tokens=8, **options)))
            eventually(lambda: [one["requests"] for one in loaded(server).values()] == [1])
            server.process.send_signal(how)
            eventually(lambda: refuses_connections(server))
        chunks = answering.result()
    assert chunks[-1].usage.completion_tokens == 8
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "length"
    assert server.process.wait(HANG) == 0
    assert gone(runner)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url + "/health")


def test_a_port_in_use_is_told_plainly(server, home):
    result = dpais(home, "serve", "--port", server.port)
    assert result.returncode == 1
    assert f"Port {server.port}" in result.stderr and "--port" in result.stderr
