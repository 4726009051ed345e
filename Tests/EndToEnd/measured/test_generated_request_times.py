"""How long each of the requests takes that test_generated_requests.py sends."""

import pytest

from conftest import EMBEDDER, INTERPRETER, LARGE_UPSCALER, LISTENER, MODEL, UPSCALER
from test_description import PNG
from test_generated_requests import HELLO, Run, made_out_of_our_own_description, made_out_of_the_contract, quiet, the_same_requests
from timing import assert_best_of_three

# What a request may take by itself.
SECONDS = 10


class TimedRun(Run):
    """Asks again, alone, where a request took long: six clients on a busy machine hold each other up."""

    def operation(self, method, path, examples):
        self.slow = []
        super().operation(method, path, examples)
        for case in self.slow:
            assert_best_of_three(lambda: self.call(case).elapsed, SECONDS)

    def check(self, case, future):
        super().check(case, future)
        reply = future.result()
        if reply is not None and reply.elapsed > SECONDS:
            self.slow.append(case)


@pytest.fixture
def warm(server):
    """The server with all models running that the requests can reach: a start is no part of any answer's time."""
    client = server.client()
    client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hi"}], max_tokens=1)
    client.embeddings.create(model=EMBEDDER, input="Hi")
    for model in (UPSCALER, LARGE_UPSCALER):
        client.images.create_variation(image=PNG, model=model)
    for model in (LISTENER, INTERPRETER):
        client.audio.transcriptions.create(file=("hello.wav", HELLO), model=model)
    return server


def test_requests_made_out_of_the_contract_take_seconds(warm):
    made_out_of_the_contract(warm, TimedRun).conclude(least=1)


def test_requests_made_out_of_our_own_description_take_seconds(warm):
    made_out_of_our_own_description(warm, TimedRun).conclude(least=1)
