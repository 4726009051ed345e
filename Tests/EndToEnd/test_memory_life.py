"""Models come into memory, stay, and make room for others."""

import concurrent.futures
import pathlib
import random
import re
import threading

import httpx
import pytest

from conftest import EMBEDDER, LISTENER, Server, in_parallel, servers_of
from memory_home import TWINS, small_home  # noqa: F401
from speech import recording, silence
from test_life import frozen, loaded
from test_streams import WITHOUT_END
from waiting import HANG, eventually, rounds

A, B, C, D = TWINS
# A small context, so that a model takes little and is there soon; and no limit on time that a slow machine could reach.
SMALL = {
    "DPAIS_RUNNER_CONTEXT_LENGTH": 256, "DPAIS_RUNNER_KV_CACHE_BUDGET": 0, "DPAIS_RUNNER_PARALLEL_REQUESTS": 4,
    "DPAIS_RUNNER_LOAD_TIMEOUT": 3600, "DPAIS_MODELS_MEMORY_WAIT": 3600,
}  # fmt: skip
HELLO = [{"role": "user", "content": "Hi"}]
MIB = 1 << 20


@pytest.fixture
def serve(small_home, tmp_path, monkeypatch):  # noqa: F811
    """Starts servers of the small home; all are gone when the test ends."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    yield from servers_of(small_home.path, tmp_path, **SMALL)


@pytest.fixture(scope="module")
def sizes(small_home, tmp_path_factory):
    """What each model takes, in bytes, when it has been used."""
    server = Server(small_home.path, tmp_path_factory.mktemp("sizes") / "log", **SMALL)
    for model in (A, EMBEDDER):
        assert ask(server, model).status_code == 200
    found = {model: one["memory_bytes"] for model, one in loaded(server).items()}
    assert server.stop() == 0
    return found | dict.fromkeys(TWINS, found[A])


def chat(server, model, **fields):
    return server.http().post("/v1/chat/completions", json={"model": model, "messages": HELLO, "max_tokens": 1} | fields)


def embed(server, **fields):
    return server.http().post("/v1/embeddings", json={"model": EMBEDDER, "input": "Hi"} | fields)


def listen(server, **fields):
    return server.http().post(
        "/v1/audio/transcriptions", files={"file": ("a.wav", silence(1))}, data={"model": LISTENER} | fields)


def ask(server, model):
    return embed(server) if model == EMBEDDER else listen(server) if model == LISTENER else chat(server, model)


def at_rest(server):
    """The models in memory, by id, once none of them has a request."""
    return eventually(lambda: (now := loaded(server)) and all(one["state"] == "ready" for one in now.values()) and now)


def stay(one):
    """For how many seconds a model stays after its last answer. Both times are whole seconds."""
    return one["expires_at"] - one["last_used"]


def resident(process):
    try:
        status = pathlib.Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) << 10 if found else 0


class Watch:
    """The most runners, and bytes that they had together, that a server had at once meanwhile."""

    def __init__(self, server):
        self.server, self.processes, self.bytes = server, 0, 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=eventually, args=[self.look])

    def look(self):
        held = [size for size in map(resident, self.server.runners()) if size]
        self.processes, self.bytes = max(self.processes, len(held)), max(self.bytes, sum(held))
        return self.ended.is_set()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def test_the_third_of_three_makes_the_least_recently_used_leave(serve, sizes):
    # What it lies above the sizes of two and below those of three: half of a model.
    budget = sizes[A] + max(sizes[A], sizes[EMBEDDER]) + min(sizes[A], sizes[EMBEDDER]) // 2
    server = serve(DPAIS_MODELS_MEMORY_BUDGET=budget // MIB)
    with Watch(server) as watch:
        for model in (A, EMBEDDER, A):
            assert ask(server, model).status_code == 200
        first = loaded(server)
        assert set(first) == {A, EMBEDDER}
        assert ask(server, B).status_code == 200
    assert set(loaded(server)) == {A, B}
    # Its process has ended, and its memory is back.
    assert resident(first[EMBEDDER]["process"]) == 0
    assert sorted(server.runners()) == sorted(one["process"] for one in loaded(server).values())
    assert watch.processes <= 2 and sum(one["memory_bytes"] for one in loaded(server).values()) <= budget
    assert ask(server, EMBEDDER).status_code == 200
    assert set(loaded(server)) == {B, EMBEDDER}


def test_random_requests_over_four_models_are_all_answered(serve):
    server = serve(DPAIS_MODELS_MAXIMUM_LOADED=2)
    models = (A, B, EMBEDDER, LISTENER)
    order = random.Random(7)
    waiting, lock, failed = [order.choice(models) for _ in range(rounds(50, 200))], threading.Lock(), []
    assert set(waiting) == set(models)
    sound = rounds(silence(1), recording())

    def work():
        with httpx.Client(base_url=server.url, timeout=HANG) as client:
            while True:
                with lock:
                    if not waiting:
                        return
                    model = waiting.pop()
                if model == EMBEDDER:
                    reply = client.post("/v1/embeddings", json={"model": model, "input": "Hi"})
                elif model == LISTENER:
                    reply = client.post(
                        "/v1/audio/transcriptions", files={"file": ("a.wav", sound)}, data={"model": model})
                else:
                    reply = client.post(
                        "/v1/chat/completions", json={"model": model, "messages": HELLO, "max_tokens": 1})
                if reply.status_code != 200:
                    failed.append((model, reply.status_code, reply.text))

    with Watch(server) as watch:
        in_parallel([work] * 16)
    assert failed == []
    assert watch.processes <= 2


def test_a_model_stays_for_as_long_as_a_request_says(serve):
    server = serve()
    assert chat(server, A, keep_alive=0).status_code == 200
    eventually(lambda: A not in loaded(server))
    assert chat(server, A, keep_alive="100ms").status_code == 200
    assert embed(server, keep_alive=-1).status_code == 200
    assert listen(server, keep_alive="1h30m").status_code == 200
    assert chat(server, B).status_code == 200
    eventually(lambda: A not in loaded(server))
    kept = at_rest(server)
    assert "expires_at" not in kept[EMBEDDER]
    assert abs(stay(kept[LISTENER]) - 5_400) <= 1 and abs(stay(kept[B]) - 300) <= 1
    # What one request has said holds until another says otherwise.
    assert embed(server).status_code == 200
    assert "expires_at" not in at_rest(server)[EMBEDDER]
    assert embed(server, keep_alive="0s").status_code == 200
    eventually(lambda: EMBEDDER not in loaded(server))


def test_the_settings_say_how_long_models_stay(serve):
    server = serve(
        DPAIS_MODELS_KEEP_ALIVE="100ms", DPAIS_MODELS_KEEP_ALIVE_OF=f"{B}=10m,{EMBEDDER}=-1", DPAIS_MODELS_PINNED=LISTENER)
    for model in (A, B, EMBEDDER, LISTENER):
        assert ask(server, model).status_code == 200
    eventually(lambda: A not in loaded(server))
    kept = at_rest(server)
    assert set(kept) == {B, EMBEDDER, LISTENER}
    assert [kept[one]["pinned"] for one in (B, EMBEDDER, LISTENER)] == [False, False, True]
    assert abs(stay(kept[B]) - 600) <= 1 and "expires_at" not in kept[EMBEDDER] and "expires_at" not in kept[LISTENER]


@pytest.mark.parametrize("value", ["5 minutes", "", "m", [], {}, True, "1d"])
def test_a_time_that_is_none_is_named(server, value):
    bodies = {
        "/v1/chat/completions": {"model": "none", "messages": HELLO},
        "/v1/openai/chat/completions": {"model": "none", "messages": HELLO},
        "/v1/completions": {"model": "none", "prompt": "Hi"},
        "/v1/responses": {"model": "none", "input": "Hi"},
        "/v1/embeddings": {"model": "none", "input": "Hi"},
        "/v1/openai/embeddings": {"model": "none", "input": "Hi"},
        "/v1/llamastack/inference/chat-completion": {"model_id": "none", "messages": HELLO},
        "/v1/llamastack/inference/embeddings": {"model_id": "none", "contents": ["Hi"]},
        f"/v1/models/{EMBEDDER}/load": {},
    }
    for path, body in bodies.items():
        reply = server.http().post(path, json=body | {"keep_alive": value})
        assert reply.status_code == 400, (path, reply.text)
        assert reply.json()["error"]["param"] == "keep_alive", path
    if isinstance(value, str):
        for path, file in {"images/variations": "image", "audio/transcriptions": "file", "audio/translations": "file"}.items():
            reply = server.http().post(
                f"/v1/{path}", files={file: ("a", b"a")}, data={"model": "none", "keep_alive": value})
            assert reply.status_code == 400 and reply.json()["error"]["param"] == "keep_alive", reply.text


@pytest.mark.parametrize("base", ["/v1", "/v1/openai"])
def test_models_are_loaded_and_unloaded_by_name(serve, base):
    server = serve()
    http = server.http()
    assert loaded(server) == {}
    reply = http.post(f"{base}/models/{A}/load", json={"keep_alive": "10m"})
    assert reply.status_code == 200, reply.text
    one = reply.json()
    assert one["id"] == A and one["state"] == "ready" and one["capability"] == "chat" and one["requests"] == 0
    assert one["process"] in server.runners() and abs(one["memory_bytes"] - resident(one["process"])) < 64 * MIB
    assert one["peak_memory_bytes"] >= one["memory_bytes"] and one["load_time"] > 0 and one["threads"] >= 1
    assert abs(stay(one) - 600) <= 1
    assert http.post(f"{base}/models/{A}/load").status_code == 200, "it is there already"
    assert [row["id"] for row in http.get("/v1/stats").json()["loaded"]] == [A]
    assert http.get(f"{base}/models/loaded").json()["data"][0]["id"] == A
    assert http.post(f"{base}/models/{A}/unload").json() == {"id": A, "was_loaded": True}
    assert server.runners() == [] and loaded(server) == {}
    assert http.post(f"{base}/models/{A}/unload", json={}).json() == {"id": A, "was_loaded": False}
    status = 404 if base == "/v1" else 400
    for action in ("load", "unload"):
        reply = http.post(f"{base}/models/no%2Fsuch/{action}")
        assert reply.status_code == status and reply.json()["error"]["code"] == "model_not_found"
        assert http.get(f"{base}/models/{A}/{action}").headers["allow"] == "POST"
        assert http.post(f"{base}/models/{A}/{action}", content=b"{").status_code == 400


def test_unloading_waits_for_answers_and_later_requests_load_the_model_again(serve):
    server = serve()
    assert server.http().post(f"/v1/models/{A}/load").status_code == 200
    first = loaded(server)[A]["process"]
    path, body = "/v1/chat/completions", {"model": A, "messages": HELLO, "max_tokens": 4}
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        # Stopped meanwhile, so that the answer has not ended when the others come.
        with frozen(first):
            answering = pool.submit(httpx.post, server.url + path, json=body | {"stream": True}, timeout=HANG)
            eventually(lambda: loaded(server)[A]["requests"] == 1)
            unloading = pool.submit(httpx.post, f"{server.url}/v1/models/{A}/unload", timeout=HANG)
            eventually(lambda: loaded(server)[A]["state"] == "stopping")
            later = pool.submit(httpx.post, server.url + path, json=body, timeout=HANG)
        lines = [line for line in answering.result().text.splitlines() if line]
        assert unloading.result().json()["was_loaded"] and later.result().status_code == 200
    assert lines[-1] == "data: [DONE]"
    assert resident(first) == 0 and server.runners() == [loaded(server)[A]["process"]]


def test_a_model_that_cannot_fit_is_refused_with_the_figures(serve, sizes):
    budget = sizes[EMBEDDER] + sizes[A] // 2
    server = serve(DPAIS_MODELS_MEMORY_BUDGET=f"{budget // MIB}MB", DPAIS_MODELS_PINNED=EMBEDDER)
    assert embed(server).status_code == 200
    held = loaded(server)[EMBEDDER]["memory_bytes"]
    reply = chat(server, A)
    assert reply.status_code == 503 and "retry-after" not in reply.headers
    needed, total, pinned = map(int, re.findall(r"(\d+) MiB", reply.json()["error"]["message"]))
    assert total == budget // MIB and abs(pinned - held / MIB) < 16
    assert abs(needed - sizes[A] / MIB) < sizes[A] / MIB / 2
    assert server.http().post(f"/v1/models/{A}/load").status_code == 503
    assert embed(server).status_code == 200 and set(loaded(server)) == {EMBEDDER}


def test_a_request_that_waits_too_long_for_busy_models_is_told_when_to_try_again(serve):
    server = serve(DPAIS_MODELS_MAXIMUM_LOADED=1, DPAIS_MODELS_MEMORY_WAIT=1)
    assert server.http().post(f"/v1/models/{A}/load").status_code == 200
    body = {"model": A, "messages": HELLO, "max_tokens": 4, "logit_bias": WITHOUT_END}
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # Stopped meanwhile, so that it is busy for as long as the other waits.
        with frozen(loaded(server)[A]["process"]):
            answering = pool.submit(httpx.post, server.url + "/v1/chat/completions", json=body, timeout=HANG)
            eventually(lambda: loaded(server)[A]["requests"] == 1)
            reply = embed(server)
            assert reply.status_code == 503 and int(reply.headers["retry-after"]) >= 1
            assert set(loaded(server)) == {A}
        assert answering.result().json()["usage"]["completion_tokens"] == 4
    # An idle model is evicted at once, so that this wait cannot time out.
    assert set(at_rest(server)) == {A}
    assert embed(server).status_code == 200


def test_models_are_loaded_ahead_and_a_wrong_name_ends_nothing(serve):
    server = serve(DPAIS_MODELS_PRELOAD=f"no-such,{B},{EMBEDDER}")
    assert server.http().get("/health").status_code == 200
    eventually(lambda: all(loaded(server).get(model, {}).get("state") == "ready" for model in (B, EMBEDDER)))
    assert "no-such" in server.log.read_text()
    assert server.stop() == 0
