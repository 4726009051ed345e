"""Many streams on one model."""

import concurrent.futures
import contextlib
import itertools

from conftest import MODEL, ask, in_parallel
from waiting import eventually

PROMPTS = [f"Write {count} sentences about {topic}." for count, topic in enumerate(
    ["the sea", "a mountain", "an old clock", "winter", "bread", "a railway", "the moon", "a garden"], start=2)]

# Forbids all special tokens of the model: those that end an answer (0 and 2 by its template, 4 by llama.cpp's list of
# names), and the others, which have no text.
WITHOUT_END = {str(token): -100 for token in range(17)}

# Goes on for 8,000 tokens, until the context is full, or the client leaves. A test that needs more time than these take
# also stops the model's process (`test_life.frozen`).
ENDLESS = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "Count to a thousand."}],
    "temperature": 0,
    "logit_bias": WITHOUT_END,
}
# Answers that a model computes side by side, by default.
PLACES = 8
# On some CPUs kernels for batches of different sizes round differently, and 8-bit activations then fall on the other side
# of a step: log-probabilities of this model differ by 0.04 in the middle and 0.6 at most (measured with prompts that are
# read at other sizes, 72 answers), those of two tokens where answers part by 0.3. Answers to another prompt differ by more.
TIE = 1.0


@contextlib.contextmanager
def all_places_taken(server):
    """Meanwhile endless answers take all places of the model; afterwards all places are free, from the same step on."""
    with server.send("/v1/chat/completions", json=ENDLESS | {"n": PLACES}):
        server.until(lambda stats: stats["running"] == PLACES)
        yield
        cancelled = server.stats()["cancelledRequests"]
    server.until(lambda stats: stats["cancelledRequests"] > cancelled)


def idle(server):
    """The counts of the model, loaded, when it has no request left and all that have ended are counted.

    A reply may be here before it is counted; once a later request is seen to run, it has been.
    """
    ask(server.client(), "Hi", max_tokens=1)
    with server.send("/v1/chat/completions", json=ENDLESS):
        server.until(lambda stats: stats["running"] == 1)
    return server.until(lambda stats: stats["running"] == stats["queued"] == 0)


def stream(client, prompt, **options):
    """The tokens of an answer as they come, each with the log-probabilities of itself and of the most likely tokens."""
    for chunk in ask(client, prompt, stream=True, logprobs=True, top_logprobs=20, **options):
        if chunk.choices and chunk.choices[0].logprobs:
            for token in chunk.choices[0].logprobs.content:
                likely = {bytes(one.bytes): one.logprob for one in token.top_logprobs}
                yield bytes(token.bytes), likely | {bytes(token.bytes): token.logprob}


def assert_same_but_for_a_tie(one, other):
    """Two answers are the same, or the same up to two tokens that are as likely as each other in both."""
    for (token, scores), (other_token, other_scores) in zip(one, other, strict=True):
        if token != other_token:
            for found in (scores, other_scores):
                assert {token, other_token} <= found.keys(), (token, scores, other_token, other_scores)
                assert abs(found[token] - found[other_token]) < TIE, (token, scores, other_token, other_scores)
            return


def test_eight_streams_interleave_and_each_gets_the_text_it_gets_alone(server):
    client, count = server.client(), 32

    def answer(prompt):
        return list(stream(client, prompt, max_tokens=count, logit_bias=WITHOUT_END))

    alone = [answer(prompt) for prompt in PROMPTS]
    before = idle(server)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        # They begin together: all of them wait while there is no place.
        with all_places_taken(server):
            answering = pool.submit(in_parallel, [lambda prompt=prompt: answer(prompt) for prompt in PROMPTS])
            server.until(lambda stats: stats["queued"] >= len(PROMPTS))
        begun = server.stats()
        together = answering.result()
    ended = before["completedRequests"] + len(PROMPTS)
    after = server.until(lambda stats: stats["completedRequests"] == ended)
    assert after["completionTokens"] - before["completionTokens"] == count * len(PROMPTS)
    # One after another they would take a step for every token.
    assert after["steps"] - begun["steps"] < count * len(PROMPTS) / 2
    for one, other in zip(alone, together, strict=True):
        assert_same_but_for_a_tie(one, other)


def test_a_long_prompt_does_not_hold_up_other_answers(server):
    client = server.client()
    numbers = itertools.count(1)

    def is_answered_meanwhile():
        """Whether a request that comes while a long prompt is read is answered before this has been read."""
        before = idle(server)
        # What differs comes first, so that nothing of it is in the cache.
        prompt = f"Summarise text {next(numbers)}: " + "the quick brown fox jumps over the lazy dog. " * 180
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            reading = pool.submit(ask, client, prompt, max_tokens=1)
            server.until(lambda stats: stats["promptTokens"] > before["promptTokens"])
            answer = ask(client, "Hi", max_tokens=2, logit_bias=WITHOUT_END)
            after = server.stats()
            usage = reading.result().usage
        assert answer.usage.completion_tokens == 2
        assert usage.prompt_tokens > 1_500 and usage.prompt_tokens_details.cached_tokens < 100, usage
        read = after["promptTokens"] - before["promptTokens"]
        return read < usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens

    # More than once where the machine gives this process no time while the prompt is read.
    eventually(is_answered_meanwhile, "other requests wait until a long prompt has been read")


def test_leaving_frees_the_place_at_once(server):
    before = idle(server)
    with server.http().stream("POST", "/v1/chat/completions", json=ENDLESS | {"stream": True}) as response:
        lines = response.iter_lines()  # kept: letting go of it would close the connection
        next(lines)
        server.until(lambda stats: stats["running"] == 1)
    # By itself it would go on for long, and would not count as cancelled.
    after = server.until(lambda stats: stats["cancelledRequests"] == before["cancelledRequests"] + 1)
    assert after["running"] == 0


def test_leaving_a_whole_answer_frees_the_place_too(server):
    before = idle(server)
    with server.send("/v1/chat/completions", json=ENDLESS):
        server.until(lambda stats: stats["running"] == 1)
    after = server.until(lambda stats: stats["cancelledRequests"] == before["cancelledRequests"] + 1)
    assert after["running"] == 0


def test_more_requests_than_places_all_end(server):
    client, count = server.client(), 3 * PLACES
    idle(server)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        with all_places_taken(server):
            asked = [pool.submit(ask, client, f"What is {n} plus {n}?", max_tokens=8) for n in range(count)]
            server.until(lambda stats: stats["queued"] >= count)
        answers = [one.result() for one in asked]
    assert all(answer.usage.completion_tokens <= 8 for answer in answers)


def test_a_full_queue_is_429(own_server):
    server = own_server(DPAIS_RUNNER_PARALLEL_REQUESTS=1, DPAIS_RUNNER_QUEUE_LENGTH=1)
    ask(server.client(), "Hi", max_tokens=1)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        with server.send("/v1/chat/completions", json=ENDLESS):
            server.until(lambda stats: stats["running"] == 1)
            waiting = pool.submit(ask, server.client(), "Hi", max_tokens=1)
            server.until(lambda stats: stats["queued"] == 1)
            for _ in range(4):
                reply = server.http().post("/v1/chat/completions", json=ENDLESS)
                assert reply.status_code == 429 and int(reply.headers["retry-after"]) >= 1
        assert waiting.result().usage.completion_tokens <= 1
