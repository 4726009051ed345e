"""A server that is killed leaves nothing behind, whatever it was doing."""

import os
import pathlib
import signal
import socket
import threading

import httpx
import pytest

from conftest import EMBEDDER, LISTENER, servers_of
from memory_home import TWINS, small_home  # noqa: F401
from test_life import freeze, gone, loaded
from test_memory_life import HELLO
from test_streams import WITHOUT_END
from waiting import HANG, eventually

A, B, C, _ = TWINS


@pytest.fixture
def serve(small_home, tmp_path, monkeypatch):  # noqa: F811
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    yield from servers_of(small_home.path, tmp_path)


def in_background(server, path, **body):
    """A request whose reply nobody gets."""

    def post():
        try:
            httpx.post(server.url + path, json=body, timeout=HANG)
        except httpx.HTTPError:
            pass

    thread = threading.Thread(target=post)
    thread.start()
    return thread


def kill(server, seen=()):
    """Kills the server; all runners that it had end."""
    runners = set(seen) | set(server.runners())
    server.stop(signal.SIGKILL)
    eventually(lambda: all(map(gone, runners)), lambda: f"a runner of {runners} is there still")
    return runners


def assert_clean(server):
    """The next server answers, and finds none of the sockets of the one before."""
    reply = server.http().post("/v1/chat/completions", json={"model": A, "messages": HELLO, "max_tokens": 1})
    assert reply.status_code == 200


def sockets(small_home):
    return {path.name for path in small_home.run.glob("*.sock")}


def starting(server, model):
    """The process of a model that has begun to load, once it runs the runner's program."""
    return eventually(lambda: loaded(server).get(model, {}).get("process"))


def maps(process):
    try:
        return pathlib.Path(f"/proc/{process}/maps").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


# How far a model has come when the server is killed; on a slow machine it may have come further.
STAGES = {
    "there is a process": lambda server, model: server.runners(),
    "it runs the runner's program": starting,
    "its libraries are there": lambda server, model: "libopenvino" in maps(starting(server, model)),
    "the model is ready": lambda server, model: loaded(server).get(model, {}).get("state") == "ready",
}


@pytest.mark.parametrize("stage", STAGES)
def test_killed_while_a_model_loads(serve, small_home, stage):
    server = serve()
    asking = in_background(server, f"/v1/models/{EMBEDDER}/load")
    eventually(lambda: STAGES[stage](server, EMBEDDER))
    assert kill(server)
    asking.join()
    assert_clean(serve())


@pytest.mark.parametrize("has_left", [False, True])
def test_killed_while_a_model_makes_room(serve, small_home, has_left):
    server = serve(DPAIS_MODELS_MAXIMUM_LOADED=1)
    assert server.http().post(f"/v1/models/{A}/load").status_code == 200
    seen = server.runners()
    asking = in_background(server, f"/v1/models/{B}/load")
    eventually(lambda: server.runners() != seen if has_left else "leaves memory" in server.log.read_text())
    kill(server, seen)
    asking.join()
    assert_clean(serve())


def test_killed_with_several_models_at_work(serve, small_home):
    server = serve()
    for model in (A, B, EMBEDDER, LISTENER):
        assert server.http().post(f"/v1/models/{model}/load").status_code == 200
    asking = in_background(
        server, "/v1/chat/completions", model=A, messages=HELLO, stream=True, logit_bias=WITHOUT_END)
    server.until(lambda stats: stats["running"] == 1, A)
    assert len(kill(server)) == 4
    asking.join()
    left = sockets(small_home)
    assert left, "a runner that is ended at once leaves its socket"
    assert_clean(serve())
    assert not left & sockets(small_home)


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


def test_a_runner_that_hangs_while_it_loads_does_not_outlive_its_server(serve, small_home):
    """It is stopped in the middle, and notices nothing itself."""
    server = serve()
    asking = in_background(server, f"/v1/models/{C}/load")
    runner = starting(server, C)
    freeze(runner)
    server.stop(signal.SIGKILL)
    # The system lets a stopped process continue whose parent is gone, and tells it to hang up.
    eventually(lambda: gone(runner))
    asking.join()
    assert_clean(serve())
