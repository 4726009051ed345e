"""Many streams on one model."""

import concurrent.futures
import itertools
import threading
import time

from conftest import MODEL, ask, assert_best_of_three, in_parallel

PROMPTS = [f"Write {count} sentences about {topic}." for count, topic in enumerate(
    ["the sea", "a mountain", "an old clock", "winter", "bread", "a railway", "the moon", "a garden"], start=2)]

# The model's end tokens are forbidden: this goes on until the context is full, or the client leaves.
ENDLESS = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Count to a thousand."}],
    "logit_bias": {"0": -100, "2": -100},
}


def stream(client, prompt, **options):
    """The pieces of an answer's text, as they come."""
    for chunk in ask(client, prompt, stream=True, **options):
        if chunk.choices and chunk.choices[0].delta.content:
            yield chunk.choices[0].delta.content


def test_eight_streams_interleave_and_each_gets_the_text_it_gets_alone(server):
    client = server.client()
    start = threading.Barrier(len(PROMPTS))

    def answer(prompt, start=None):
        if start:
            start.wait()
        return "".join(stream(client, prompt, max_tokens=64))

    alone = [answer(prompt) for prompt in PROMPTS]
    before = server.until(lambda stats: stats["running"] == 0)
    together = in_parallel([lambda prompt=prompt: answer(prompt, start) for prompt in PROMPTS])
    ended = before["completedRequests"] + len(PROMPTS)
    after = server.until(lambda stats: stats["completedRequests"] == ended)
    # One after another they would have taken a step for every token.
    steps, tokens = (after[count] - before[count] for count in ("steps", "completionTokens"))
    assert steps < tokens / 2
    assert all(together)
    # The engine's arithmetic may round differently in a batch; where it does, a greedy answer can take another turn.
    same = sum(a == b for a, b in zip(alone, together))
    print(f"{same} of {len(PROMPTS)} answers are the same as alone")
    assert same >= len(PROMPTS) - 1


def test_a_long_prompt_does_not_stall_a_running_stream(server):
    client = server.client()
    numbers = itertools.count(1)

    def read():
        # What differs comes first, so that nothing of it is in the cache.
        prompt = f"Summarise text {next(numbers)}: " + "the quick brown fox jumps over the lazy dog. " * 300
        begun = time.monotonic()
        usage = ask(client, prompt, max_tokens=1).usage
        assert usage.prompt_tokens > 2_000 and usage.prompt_tokens_details.cached_tokens < 100, usage
        return begun, time.monotonic()

    def longest_pause():
        """Of the stream beside the long prompt, as a share of the time that this takes."""
        arrivals, reading = [], None
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            for _ in stream(client, "Tell a long story.", max_tokens=400, logit_bias=ENDLESS["logit_bias"]):
                arrivals.append(time.monotonic())
                reading = reading or pool.submit(read)
            begun, ended = reading.result()
        assert ended < arrivals[-1], "the stream was too short to run beside all of the prompt"
        beside = [pair for pair in itertools.pairwise(arrivals) if pair[1] > begun and pair[0] < ended]
        return max(later - earlier for earlier, later in beside) / (ended - begun)

    # One that waited for the prompt would pause for all of it.
    assert_best_of_three(longest_pause, below=1 / 4)


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
    # By itself it would go on for long, and would not count as cancelled.
    after = server.until(lambda stats: stats["cancelledRequests"] == before["cancelledRequests"] + 1)
    assert after["running"] == 0


def test_leaving_a_whole_answer_frees_the_place_too(server):
    before = server.until(lambda stats: stats["running"] == 0)
    with server.send("/v1/chat/completions", json=ENDLESS):
        server.until(lambda stats: stats["running"] == 1)
    after = server.until(lambda stats: stats["cancelledRequests"] == before["cancelledRequests"] + 1)
    assert after["running"] == 0


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
