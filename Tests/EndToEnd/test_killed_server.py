"""A server that is killed leaves nothing behind, whatever it was doing."""

import os
import pathlib
import signal
import socket
import threading
import time

import httpx
import pytest

from conftest import EMBEDDER, LISTENER, servers_of
from memory_home import TWINS, small_home  # noqa: F401
from test_life import gone
from test_memory_life import HELLO, until

A, B, C, _ = TWINS


@pytest.fixture
def serve(small_home, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    yield from servers_of(small_home.path, tmp_path)


def in_background(server, path, **body):
    """A request whose reply nobody gets."""

    def post():
        try:
            httpx.post(server.url + path, json=body, timeout=60)
        except httpx.HTTPError:
            pass

    thread = threading.Thread(target=post)
    thread.start()
    return thread


def kill(server, seen=()):
    """Kills the server; all runners that it had end."""
    runners = set(seen) | set(server.runners())
    server.stop(signal.SIGKILL)
    until(lambda: all(map(gone, runners)), 5)
    return runners


def assert_clean(server):
    """The next server answers, and finds none of the sockets of the one before."""
    reply = server.http().post("/v1/chat/completions", json={"model": A, "messages": HELLO, "max_tokens": 1})
    assert reply.status_code == 200


def sockets(small_home):
    return {path.name for path in small_home.run.glob("*.sock")}


@pytest.mark.parametrize("delay", [0, 0.02, 0.1])
def test_killed_while_a_model_loads(serve, small_home, delay):
    server = serve()
    asking = in_background(server, f"/v1/models/{EMBEDDER}/load")
    runner = until(server.runners)
    time.sleep(delay)
    assert kill(server, runner)
    asking.join()
    assert_clean(serve())


@pytest.mark.parametrize("delay", [0, 0.05])
def test_killed_while_a_model_makes_room(serve, small_home, delay):
    server = serve(DPAIS_MODELS_MAXIMUM_LOADED=1)
    assert server.http().post(f"/v1/models/{A}/load").status_code == 200
    seen = server.runners()
    asking = in_background(server, f"/v1/models/{B}/load")
    until(lambda: server.runners() != seen or "leaves memory" in server.log.read_text())
    time.sleep(delay)
    kill(server, seen)
    asking.join()
    assert_clean(serve())


def test_killed_with_several_models_at_work(serve, small_home):
    server = serve()
    for model in (A, B, EMBEDDER, LISTENER):
        assert server.http().post(f"/v1/models/{model}/load").status_code == 200
    asking = in_background(
        server, "/v1/chat/completions", model=A, messages=HELLO, stream=True, logit_bias={"2": -100, "0": -100})
    until(lambda: any(row["requests"] for row in server.http().get("/v1/stats").json()["runners"]))
    assert len(kill(server)) == 4
    asking.join()
    left = sockets(small_home)
    assert left, "a runner that is ended at once leaves its socket"
    other = serve()
    assert not left & sockets(small_home)
    assert_clean(other)


def test_only_sockets_of_servers_that_are_gone_are_removed(serve, small_home):
    first = serve()
    assert_clean(first)
    dead = os.fork()
    if dead == 0:
        os._exit(0)
    os.waitpid(dead, 0)
    stale, foreign = small_home.run / f"{dead}-1.sock", small_home.run / "notes.txt"
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(stale))
    foreign.write_text("mine")
    mine = sockets(small_home) - {stale.name}
    second = serve()
    assert_clean(second)
    assert not stale.exists() and foreign.exists() and mine <= sockets(small_home)
    assert_clean(first)
    assert second.stop() == 0 and first.stop() == 0
    assert sockets(small_home) == set()
    foreign.unlink()


def stopped(process):
    """Whether every thread of a process has stopped: each does when it is next about to run."""
    try:
        files = pathlib.Path(f"/proc/{process}/task").glob("*/stat")
        states = [path.read_text().rsplit(")", 1)[1].split()[0] for path in files]
    except (FileNotFoundError, ProcessLookupError):
        return False  # a thread has ended
    return bool(states) and set(states) == {"T"}


def test_a_runner_that_hangs_while_it_loads_does_not_outlive_its_server(serve, small_home):
    """It is stopped in the middle, and notices nothing itself."""
    server = serve()
    asking = in_background(server, f"/v1/models/{C}/load")
    (runner,) = until(server.runners)
    os.kill(runner, signal.SIGSTOP)
    until(lambda: stopped(runner))
    server.stop(signal.SIGKILL)
    # The system lets a stopped process go on whose parent is gone, and hang up.
    until(lambda: gone(runner), 5)
    asking.join()
    assert_clean(serve())
