"""Each field of a completion, by the official client."""

import math

import pytest

from conftest import MODEL
from test_chat_fields import EXCLAMATIONS, PENALTIES, assert_penalty_keeps_from_repeating
from test_streams import WITHOUT_END

PROMPT = "Once upon a time"


def create(client, **options):
    return client.completions.create(**{"model": MODEL, "prompt": PROMPT, "max_tokens": 8, "temperature": 0} | options)


def text(client, **options):
    return create(client, **options).choices[0].text


@pytest.fixture
def client(server):
    return server.client()


def test_the_reply_is_whole(client):
    answer = create(client, logit_bias=WITHOUT_END)
    (choice,) = answer.choices
    assert answer.object == "text_completion" and answer.id.startswith("cmpl-") and answer.model == MODEL
    assert answer.created > 1_700_000_000 and answer.system_fingerprint == create(client).system_fingerprint
    assert (choice.index, choice.finish_reason, choice.logprobs) == (0, "length", None) and choice.text
    assert answer.usage.completion_tokens == 8 and answer.usage.total_tokens == answer.usage.prompt_tokens + 8
    assert 0 <= answer.usage.prompt_tokens_details.cached_tokens <= answer.usage.prompt_tokens
    assert answer.usage.completion_tokens_details.reasoning_tokens == 0


def test_without_a_limit_there_are_16_tokens(client):
    answer = client.completions.create(model=MODEL, prompt=PROMPT, temperature=0, logit_bias=WITHOUT_END)
    assert answer.usage.completion_tokens == 16


def test_prompts_are_texts_tokens_or_lists_of_them(client):
    prompts = [PROMPT, "The capital of France is"]
    counts = [create(client, prompt=prompt, max_tokens=1).usage.prompt_tokens for prompt in prompts]
    texts = create(client, prompt=prompts, echo=True)
    assert all(choice.text.startswith(prompt) for choice, prompt in zip(texts.choices, prompts, strict=True))
    assert texts.usage.prompt_tokens == sum(counts) and min(counts) > 0
    assert create(client, prompt=[3, 4, 5]).usage.prompt_tokens == 3
    lists = create(client, prompt=[[3, 4, 5], [6, 7]])
    assert [choice.index for choice in lists.choices] == [0, 1] and lists.usage.prompt_tokens == 5


@pytest.mark.parametrize("stream", [False, True])
def test_echo_begins_with_the_prompt(client, stream):
    answer = create(client, echo=True, stream=stream)
    whole = "".join(chunk.choices[0].text for chunk in answer) if stream else answer.choices[0].text
    assert whole == PROMPT + text(client)


def test_echo_alone_scores_a_text(client):
    answer = create(client, echo=True, max_tokens=0, logprobs=1)
    scores = answer.choices[0].logprobs
    assert answer.choices[0].text == PROMPT and answer.usage.completion_tokens == 0
    assert "".join(scores.tokens) == PROMPT and scores.token_logprobs[0] is None and scores.top_logprobs[0] is None
    assert all(value <= 0 for value in scores.token_logprobs[1:])


@pytest.mark.parametrize("stream", [False, True])
def test_logprobs_are_of_the_texts_tokens(client, stream):
    # A token that ends the text would have a score, and is none of its tokens.
    answer = create(client, logprobs=3, logit_bias=WITHOUT_END, stream=stream)
    choices = [chunk.choices[0] for chunk in answer] if stream else answer.choices
    scores = [choice.logprobs for choice in choices if choice.logprobs]
    tokens = [token for score in scores for token in score.tokens]
    assert len(tokens) == 8 and "".join(tokens) == "".join(choice.text for choice in choices)
    offsets = [offset for score in scores for offset in score.text_offset]
    assert offsets == [sum(map(len, tokens[:index])) for index in range(len(tokens))]
    for score in scores:
        for token, logprob, top in zip(score.tokens, score.token_logprobs, score.top_logprobs):
            assert top[token] == logprob == max(top.values()) and 3 <= len(top) <= 4
            assert sum(math.exp(value) for value in top.values()) <= 1.0001


@pytest.mark.parametrize("stream", [False, True])
def test_several_continuations_of_several_prompts(client, stream):
    answer = create(client, prompt=[PROMPT, "One two"], n=2, temperature=1.5, seed=4, stream=stream)
    texts = {}
    for choice in [choice for chunk in answer for choice in chunk.choices] if stream else answer.choices:
        texts[choice.index] = texts.get(choice.index, "") + choice.text
    assert sorted(texts) == [0, 1, 2, 3]


def test_the_best_of_several_are_given(client):
    answer = create(client, best_of=4, n=2, temperature=1.5, seed=4, logprobs=0, logit_bias=WITHOUT_END)
    means = [sum(choice.logprobs.token_logprobs) / len(choice.logprobs.token_logprobs) for choice in answer.choices]
    assert len(means) == 2 and means[0] >= means[1] and answer.usage.completion_tokens == 4 * 8


def test_stops_are_never_part_of_the_text(client):
    options = {"max_tokens": 24, "logit_bias": WITHOUT_END}
    whole = text(client, **options)
    stop = whole[9:12]
    assert text(client, **options, stop=[stop, "never"]) == whole[: whole.index(stop)]


def test_how_tokens_are_chosen(client):
    plain = text(client)
    assert text(client, temperature=2, top_p=0) == text(client, temperature=2, extra_body={"top_k": 1}) == plain
    assert text(client, temperature=2, extra_body={"min_p": 1}) == plain
    assert text(client, temperature=1.5, seed=3) == text(client, temperature=1.5, seed=3)
    assert create(client, logit_bias=EXCLAMATIONS, logprobs=0).choices[0].logprobs.tokens == ["!"] * 8


@pytest.mark.parametrize("penalty", PENALTIES)
def test_penalties_keep_from_repeating(client, penalty):
    assert_penalty_keeps_from_repeating(text, client, penalty)


def test_a_stream_and_a_whole_text_are_the_same(client):
    whole = text(client, logit_bias=WITHOUT_END)
    chunks = list(create(client, logit_bias=WITHOUT_END, stream=True, stream_options={"include_usage": True}))
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == whole
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 8
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices][-1] == "length"


def test_the_user_is_of_no_effect(client):
    assert text(client, user="me") == text(client) == text(client, suffix="")


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("model", {"model": ""}), ("prompt", {"prompt": None}), ("prompt", {"prompt": []}), ("prompt", {"prompt": [[]]}),
        ("prompt", {"prompt": ["a", 1]}), ("prompt", {"prompt": [-1]}), ("prompt", {"prompt": [99_999_999]}),
        ("prompt", {"prompt": "word " * 20_000}),
        ("max_tokens", {"max_tokens": 0}), ("n", {"n": 9}), ("best_of", {"best_of": 1, "n": 2}), ("echo", {"echo": 1}),
        ("best_of", {"best_of": 2, "stream": True}), ("logprobs", {"logprobs": 21}), ("suffix", {"suffix": "the end"}),
        ("stop", {"stop": [""]}), ("stream", {"stream": 1}), ("stream_options", {"stream_options": {}}), ("user", {"user": 1}),
        ("temperature", {"temperature": 3}), ("top_p", {"top_p": 2}), ("top_k", {"top_k": -1}), ("min_p", {"min_p": 2}),
        ("frequency_penalty", {"frequency_penalty": 3}), ("presence_penalty", {"presence_penalty": 3}),
        ("repeat_penalty", {"repeat_penalty": 0}), ("logit_bias", {"logit_bias": {"x": 1}}), ("seed", {"seed": "x"}),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(server, field, fields):
    reply = server.http().post("/v1/completions", json={"model": MODEL, "prompt": PROMPT, "max_tokens": 1} | fields)
    error = reply.json()["error"]
    assert reply.status_code == 400 and error["param"].startswith(field) and error["message"], reply.text
