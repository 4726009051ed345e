"""Measurements by `POST /v1/performance` and `dpais model performance`; measured/test_performance_figures.py times the same
works from outside."""

import contextlib
import http.client
import json
import re
import select

import numpy
import openai
import pytest

# The small CLIP model, and a server with it.
from test_clip import MODEL as SEER
from test_clip import folder, server as seeing_server  # noqa: F401

from conftest import EMBEDDER, LARGE_UPSCALER, LISTENER, MODEL, ROOT, UPSCALER, dpais, in_parallel
from test_life import frozen, loaded
from waiting import HANG, eventually

WORDS = re.search(r"```words\n(.*?)```", (ROOT / "Docs" / "performance.md").read_text(encoding="utf-8"), re.DOTALL)[1].split()
QUESTION = "Write a long story in which all of these words occur, in the order given."
ALWAYS = {"work", "device", "threads", "peak_memory_bytes", "execution_time"}


def text(count, start):
    return " ".join(WORDS[(start + index) % len(WORDS)] for index in range(count))


def question(start, **options):
    """The request of a chat's trial."""
    messages = [{"role": "user", "content": text(128, start) + "\n\n" + QUESTION}]
    return {"model": MODEL, "temperature": 0, "messages": messages} | options


def texts(start):
    """The request of a trial of embeddings."""
    return {"model": EMBEDDER, "input": [text(32, start + 2 * index) for index in range(64)], "encoding_format": "base64"}


def measure(server, model, trials=2, client=False):
    """A report, by OpenAI's client or by HTTP alone."""
    body = {"model": model, "trials": trials}
    if client:
        return server.client("/v1").post("/performance", cast_to=object, body=body)
    reply = server.http().post("/v1/performance", json=body)
    assert reply.status_code == 200, reply.text
    return reply.json()


def check(report, model, trials, metrics):
    """That it is whole, and agrees with itself."""
    extra = report["extra_metrics"]
    assert (report["model"], report["trials"]) == (model, trials)
    assert report["result"].endswith("performance measured.")
    times = report["execution_times"]
    assert len(times) == trials and min(times) > 0 and report["load_time"] > 0
    assert report["average_execution_times"] == pytest.approx(sum(times) / trials, abs=1e-5)
    assert set(extra) == ALWAYS | set(metrics)
    assert all(len(extra[name]) == trials and min(extra[name]) >= 0 for name in metrics)
    spread = extra["execution_time"]
    assert spread["minimum"] == min(times) and spread["maximum"] == max(times)
    assert spread["median"] == pytest.approx(numpy.median(times), abs=1e-5)
    assert spread["standard_deviation"] == pytest.approx(numpy.std(times, ddof=1) if trials > 1 else 0, abs=1e-5)
    assert extra["device"] == "cpu" and extra["threads"] >= 1
    assert 10_000_000 < extra["peak_memory_bytes"] < 20_000_000_000
    return report


def test_a_chat_model(server):
    report = check(
        measure(server, MODEL, 2, client=True), MODEL, 2,
        ["time_to_first_token", "tokens_per_second", "prompt_tokens_per_second", "prompt_tokens", "cached_prompt_tokens",
         "completion_tokens"],
    )  # fmt: skip
    extra = report["extra_metrics"]
    assert all(1 <= count <= 64 for count in extra["completion_tokens"])
    # None of the words is in the cache, but what the template puts before them.
    assert all(read > 128 and cached < 40 for read, cached in zip(extra["prompt_tokens"], extra["cached_prompt_tokens"]))
    for index, seconds in enumerate(report["execution_times"]):
        first, count, rate = (extra[name][index] for name in ("time_to_first_token", "completion_tokens", "tokens_per_second"))
        # The first token's time is the prompt's; an answer of one token has no other. Each time is rounded to a millionth.
        tokens, spent = (count - 1, seconds - first) if count > 1 and seconds - first > 2e-6 else (count, seconds)
        assert rate * spent == pytest.approx(tokens, rel=0.01, abs=rate * 2e-6)
        computed = extra["prompt_tokens"][index] - extra["cached_prompt_tokens"][index]
        assert extra["prompt_tokens_per_second"][index] == pytest.approx(computed / first, rel=0.01)
    # The same prompts by another way.
    for trial, count in enumerate(extra["prompt_tokens"], start=1):
        reply = server.http().post("/v1/chat/completions", json=question(trial, max_tokens=1))
        assert reply.json()["usage"]["prompt_tokens"] == count


def test_an_embedding_model(server):
    report = check(measure(server, EMBEDDER), EMBEDDER, 2, ["texts_per_second", "prompt_tokens"])
    for rate, seconds in zip(report["extra_metrics"]["texts_per_second"], report["execution_times"]):
        assert rate == pytest.approx(64 / seconds, rel=0.01)
    # The same texts by another way.
    for trial, count in enumerate(report["extra_metrics"]["prompt_tokens"], start=1):
        assert server.http().post("/v1/embeddings", json=texts(trial)).json()["usage"]["prompt_tokens"] == count


def test_an_embedding_model_that_sees(seeing_server):  # noqa: F811
    report = check(measure(seeing_server, SEER), SEER, 2, ["texts_per_second", "prompt_tokens", "images_per_second"])
    assert "16 pictures" in report["extra_metrics"]["work"]
    for index, seconds in enumerate(report["execution_times"]):
        extra = report["extra_metrics"]
        assert 64 / extra["texts_per_second"][index] + 16 / extra["images_per_second"][index] == pytest.approx(seconds, rel=0.01)


def test_a_speech_model(server):
    report = check(measure(server, LISTENER), LISTENER, 2, ["real_time_factor"])
    for factor, seconds in zip(report["extra_metrics"]["real_time_factor"], report["execution_times"]):
        assert factor == pytest.approx(seconds / 11, rel=0.01)


def test_an_image_model(server):
    report = check(measure(server, UPSCALER), UPSCALER, 2, ["megapixels_per_second"])
    for rate, seconds in zip(report["extra_metrics"]["megapixels_per_second"], report["execution_times"]):
        assert rate == pytest.approx(0.262144 / seconds, rel=0.01)


def test_the_time_to_load_is_the_one_that_is_told_of_the_model(server):
    measured = measure(server, EMBEDDER, 1)["load_time"]
    assert measured == pytest.approx(loaded(server)[EMBEDDER]["load_time"], abs=1e-6)


def completed(server, least):
    """How many requests the upscaler's process has answered, once they are at least so many."""
    return server.until(lambda stats: stats["completedRequests"] >= least, UPSCALER)["completedRequests"]


def test_the_process_is_a_new_one(server):
    measure(server, UPSCALER, 1)
    # The warm-up and the trial are all that it has done.
    assert completed(server, 2) == 2


def test_measurements_that_come_together_are_all_done(server):
    for report in in_parallel([lambda model=model: measure(server, model) for model in (UPSCALER, EMBEDDER, UPSCALER)]):
        check(report, report["model"], 2, set(report["extra_metrics"]) - ALWAYS)
    # Each has had a process of its own: this one's has been asked for the warm-up and two trials.
    assert completed(server, 3) == 3


def long_measurement(server):
    """A connection with a request for a measurement of a hundred trials, and the process that works on one of them."""
    # None of an earlier measurement is taken for this one's.
    eventually(lambda: loaded(server).get(LARGE_UPSCALER, {}).get("state") in (None, "ready"))
    connection = server.send("/v1/performance", json={"model": LARGE_UPSCALER, "trials": 100})
    eventually(lambda: loaded(server).get(LARGE_UPSCALER, {}).get("state") == "busy")
    return connection, loaded(server)[LARGE_UPSCALER]["process"]


def test_measurements_go_one_at_a_time_and_eight_wait(server):
    connection, process = long_measurement(server)
    # It cannot end meanwhile.
    with connection, frozen(process), contextlib.ExitStack() as stack:
        others = [
            stack.enter_context(server.send("/v1/performance", json={"model": UPSCALER, "trials": 1})) for _ in range(9)]
        (answered,) = select.select(others, [], [], HANG)[0]
        reply = http.client.HTTPResponse(answered)
        reply.begin()
        assert reply.status == 429 and int(reply.getheader("retry-after")) >= 1
        others.remove(answered)
        assert select.select(others, [], [], 0)[0] == [], "the others wait"


def test_leaving_ends_the_measurement(server):
    connection, process = long_measurement(server)
    # It cannot end by itself: another one gets its turn because the client has left.
    with frozen(process):
        connection.close()
        measure(server, UPSCALER, 1)

    def running():
        """The work that the engine has in hand; none where its process is gone."""
        rows = [one for one in server.http().get("/v1/stats").json()["runners"] if one["model"] == LARGE_UPSCALER]
        return sum(row.get("statistics", {}).get("running", 0) for row in rows)

    eventually(lambda: running() == 0)


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"model": "no-such"}, "model", "model_not_found"),
        ({"model": "phi3.5"}, "model", "model_not_found"),
        ({}, "model", "missing_required_parameter"),
        ({"model": None}, "model", "invalid_type"),
        ({"model": ""}, "model", "invalid_value"),
        ({"model": ["smollm2-135m"]}, "model", "invalid_type"),
        ({"model": EMBEDDER, "trials": 0}, "trials", "out_of_range"),
        ({"model": EMBEDDER, "trials": -3}, "trials", "out_of_range"),
        ({"model": EMBEDDER, "trials": 101}, "trials", "out_of_range"),
        ({"model": EMBEDDER, "trials": 10**30}, "trials", "out_of_range"),
        ({"model": EMBEDDER, "trials": 1.5}, "trials", "invalid_type"),
        ({"model": EMBEDDER, "trials": "5"}, "trials", "invalid_type"),
        ({"model": EMBEDDER, "trials": True}, "trials", "invalid_type"),
        ({"model": EMBEDDER, "trials": {}}, "trials", "invalid_type"),
    ],
)
def test_each_wrong_field_is_named(server, body, field, code):
    reply = server.http().post("/v1/performance", json=body)
    fault = reply.json()
    assert (reply.status_code, fault["error"]["param"], fault["error"]["code"]) == (400, field, code)
    # The promised dialect's shapes.
    assert (fault["param"], fault["code"], fault["status"]) == (field, code, 400)
    assert fault["traceId"] == reply.headers["x-request-id"]


def test_the_client_tells_what_is_wrong(server):
    with pytest.raises(openai.BadRequestError) as caught:
        measure(server, "no-such", client=True)
    assert caught.value.code == "model_not_found" and "dpais model install" in caught.value.message


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [(b"{", "application/json", 400), (b"", "application/json", 400), (b"[]", "application/json", 400),
     (b"null", "application/json", 400), (b"\xff\xfe", "application/json", 400), (b"model=a", "application/x-www-form-urlencoded", 415)],
)  # fmt: skip
def test_what_is_no_request_is_refused(server, content, media_type, status):
    reply = server.http().post("/v1/performance", content=content, headers={"content-type": media_type})
    assert reply.status_code == status and reply.json()["error"]["message"]


def test_no_other_method(server):
    reply = server.http().get("/v1/performance")
    assert reply.status_code == 405 and reply.headers["allow"] == "POST"


@pytest.fixture
def own_home(home, tmp_path):
    """A home with the same models, and a history of its own."""
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "models").symlink_to(home / "models")
    return tmp_path / "home"


def test_the_command_by_itself(own_home):
    # Nothing listens there.
    settings = {"DPAIS_SERVER_PORT": 1}
    first = dpais(own_home, "model", "performance", EMBEDDER, "--trials", 2, "--json", settings=settings)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert "last_run" not in report
    check(report, EMBEDDER, 2, ["texts_per_second", "prompt_tokens"])

    file = own_home / "performance" / f"{EMBEDDER}.jsonl"
    (line,) = file.read_text().splitlines()
    assert json.loads(line)["report"] == report
    file.write_text(line + "\n{damaged\n")
    second = dpais(own_home, "model", "performance", "--model", EMBEDDER, "--trials", 2, settings=settings)
    assert second.returncode == 0, second.stderr
    # Piped: no colours, no bars, nothing that moves.
    assert "\x1b" not in second.stdout + second.stderr and "\r" not in second.stdout and second.stdout.isascii()
    assert "LAST RUN" in second.stdout and "texts/s" in second.stdout and "64 texts of 32 words" in second.stdout
    assert "%" in second.stdout

    shown = dpais(own_home, "model", "performance", EMBEDDER, "--history", "--json", settings=settings)
    assert [one["report"]["trials"] for one in json.loads(shown.stdout)] == [2, 2]
    table = dpais(own_home, "model", "performance", EMBEDDER, "--history", settings=settings)
    assert table.returncode == 0 and len(table.stdout.splitlines()) == 3 and "TEXTS/S" in table.stdout


def test_the_command_asks_the_running_server(server, own_home):
    settings = {"DPAIS_SERVER_PORT": server.port}
    result = dpais(own_home, "model", "performance", UPSCALER, "--trials", 1, "--json", settings=settings)
    assert result.returncode == 0, result.stderr
    check(json.loads(result.stdout), UPSCALER, 1, ["megapixels_per_second"])
    assert completed(server, 2) == 2


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["no-such"], 1, "not installed"), (["--trials", "0"], 64, "1 to 100"), (["--trials", "101"], 64, "1 to 100"),
        (["--trials", "many"], 64, "trials"), (["--wizard"], 64, "wizard"),
        (["no-such", "--history"], 0, "no run of no-such"),
    ],
)  # fmt: skip
def test_what_the_command_says_of_mistakes(own_home, arguments, status, words):
    result = dpais(own_home, "model", "performance", *arguments, settings={"DPAIS_SERVER_PORT": 1})
    assert result.returncode == status and words in result.stderr and not result.stdout
