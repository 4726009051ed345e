"""Many streams on one model."""

import time

from conftest import MODEL, ask, in_parallel

PROMPTS = [f"Write {count} sentences about {topic}." for count, topic in enumerate(
    ["the sea", "a mountain", "an old clock", "winter", "bread", "a railway", "the moon", "a garden"], start=2)]

# The model's end tokens are forbidden: this goes on until the context is full, or the client leaves.
ENDLESS = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Count to a thousand."}],
    "logit_bias": {"0": -100, "2": -100},
}


def stream(client, prompt, arrivals=None):
    text = ""
    for chunk in ask(client, prompt, stream=True, max_tokens=64):
        if chunk.choices and chunk.choices[0].delta.content:
            text += chunk.choices[0].delta.content
            if arrivals is not None:
                arrivals.append(time.monotonic())
    return text


def test_eight_streams_interleave_and_each_gets_the_text_it_gets_alone(server):
    client = server.client()
    alone = [stream(client, prompt) for prompt in PROMPTS]
    arrivals = [[] for _ in PROMPTS]
    together = in_parallel(
        [lambda prompt=prompt, times=times: stream(client, prompt, times) for prompt, times in zip(PROMPTS, arrivals)]
    )
    # All ran at the same time: the last to begin did so before the first had ended.
    assert max(times[0] for times in arrivals) < min(times[-1] for times in arrivals)
    assert all(together)
    # The engine's arithmetic may round differently in a batch; where it does, a greedy answer can take another turn.
    same = sum(a == b for a, b in zip(alone, together))
    print(f"{same} of {len(PROMPTS)} answers are the same as alone")
    assert same >= len(PROMPTS) - 1


def test_a_long_prompt_does_not_stall_a_running_stream(server):
    client = server.client()
    long_prompt = "Summarise: " + "the quick brown fox jumps over the lazy dog. " * 300
    arrivals = []
    in_parallel(
        [
            lambda: [arrivals.append(time.monotonic()) for _ in ask(client, "Tell a long story.", stream=True, max_tokens=200)],
            lambda: (time.sleep(0.2), ask(client, long_prompt, max_tokens=1)),
        ]
    )
    gaps = [later - earlier for earlier, later in zip(arrivals[1:], arrivals[2:])]
    assert max(gaps) < 1.0, f"the longest pause was {max(gaps):.2f} s"


def test_leaving_frees_the_place_at_once(server):
    before = server.until(lambda stats: stats["running"] == 0)
    with server.http().stream(
        "POST",
        "/v1/chat/completions",
        json=ENDLESS | {"stream": True},
    ) as response:
        lines = response.iter_lines()  # kept: letting go of it would close the connection
        next(lines)
        server.until(lambda stats: stats["running"] == 1)
    after = server.until(lambda stats: stats["running"] == 0, seconds=1)
    assert after["cancelledRequests"] == before["cancelledRequests"] + 1


def test_leaving_a_whole_answer_frees_the_place_too(server):
    import httpx

    before = server.until(lambda stats: stats["running"] == 0)
    try:
        httpx.post(
            server.url + "/v1/chat/completions",
            json=ENDLESS,
            timeout=0.3,
        )
        assert False, "the answer came before the client left"
    except httpx.ReadTimeout:
        pass
    after = server.until(lambda stats: stats["running"] == 0, seconds=1)
    assert after["cancelledRequests"] == before["cancelledRequests"] + 1


def test_more_requests_than_places_all_end(server):
    client = server.client()
    answers = in_parallel([lambda n=n: ask(client, f"What is {n} plus {n}?", max_tokens=8) for n in range(24)])
    assert all(answer.usage.completion_tokens <= 8 for answer in answers)


def test_a_full_queue_is_429(own_server):
    server = own_server(DPAIS_RUNNER_PARALLEL_REQUESTS=1, DPAIS_RUNNER_QUEUE_LENGTH=1)
    ask(server.client(), "Hi", max_tokens=1)
    body = ENDLESS | {"max_tokens": 300}
    replies = in_parallel([lambda: server.http().post("/v1/chat/completions", json=body) for _ in range(6)])
    refused = [reply for reply in replies if reply.status_code == 429]
    assert len(refused) == 4 and all(int(reply.headers["retry-after"]) >= 1 for reply in refused)
    assert sum(reply.status_code == 200 for reply in replies) == 2
