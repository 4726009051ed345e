"""What evaluation harnesses do with text completions: scores of whole texts, and many prompts at once."""

import math

import pytest

from conftest import MODEL
from test_chat_fields import ROUNDING
from test_streams import WITHOUT_END

PROMPT = "The capital of France is"


def complete(server, prompt, **options):
    options = {"temperature": 0, "max_tokens": 8} | options
    return server.client().completions.create(model=MODEL, prompt=prompt, **options)


def streamed_texts(stream):
    texts = {}
    for chunk in stream:
        for choice in chunk.choices:
            texts[choice.index] = texts.get(choice.index, "") + choice.text
    return [texts[index] for index in sorted(texts)]


def test_scores_a_continuation_as_harnesses_do(server):
    """The log-likelihood of a continuation: echo, and no or one new token."""
    (scored,) = complete(server, PROMPT + " Paris", echo=True, logprobs=1, max_tokens=0).choices
    assert scored.text == PROMPT + " Paris" and scored.finish_reason == "length"
    logprobs = scored.logprobs
    assert logprobs.token_logprobs[0] is None and logprobs.top_logprobs[0] is None
    assert logprobs.tokens[-1] == " Paris"
    for token, value, top in zip(logprobs.tokens[1:], logprobs.token_logprobs[1:], logprobs.top_logprobs[1:]):
        # Harnesses take a token for greedy where its score is the best one, to the last digit.
        assert top[token] == value <= max(top.values()) <= 0
    # The token after the prompt has the score of the one that is generated there. With its scores a prompt is read by
    # one kernel, whatever its length, and without by another, which may round differently.
    best = max(logprobs.top_logprobs[-1], key=logprobs.top_logprobs[-1].get)
    for echo, tolerance in ((True, 2e-2), (False, ROUNDING)):
        (generated,) = complete(server, PROMPT, echo=echo, logprobs=1, max_tokens=1).choices
        assert generated.logprobs.tokens[-1] == best
        assert generated.logprobs.token_logprobs[-1] == pytest.approx(logprobs.top_logprobs[-1][best], abs=tolerance)
    (one_more,) = complete(server, PROMPT + " Paris", echo=True, logprobs=1, max_tokens=1, logit_bias=WITHOUT_END).choices
    assert one_more.logprobs.tokens[:-1] == logprobs.tokens and len(one_more.logprobs.tokens) == len(logprobs.tokens) + 1


def test_a_text_and_its_tokens_have_the_same_scores(server):
    # "The capital of" as SmolLM2 reads it.
    tokens = [504, 3575, 282]
    answer = complete(server, [tokens, tokens[:2]], echo=True, logprobs=1, max_tokens=0)
    first, second = answer.choices
    assert answer.usage.prompt_tokens == 5 and answer.usage.completion_tokens == 0
    assert first.text == "".join(first.logprobs.tokens) and second.logprobs.tokens == first.logprobs.tokens[:2]
    (spelt,) = complete(server, first.text, echo=True, logprobs=1, max_tokens=0).choices
    assert spelt.logprobs.tokens == first.logprobs.tokens
    assert spelt.logprobs.token_logprobs[1:] == pytest.approx(first.logprobs.token_logprobs[1:], abs=2e-2)


def test_offsets_point_into_the_text(server):
    # A token that ends the text would have a score, and no place in it.
    (choice,) = complete(server, "Ünïcödé: 👋 naïve", echo=True, logprobs=0, max_tokens=6, logit_bias=WITHOUT_END).choices
    offsets, tokens = choice.logprobs.text_offset, choice.logprobs.tokens
    assert offsets == sorted(offsets) and offsets[0] == 0
    for offset, token in zip(offsets, tokens):
        if not token.startswith("bytes:"):
            assert choice.text[offset : offset + len(token)] == token
    assert any(token.startswith("bytes:") for token in tokens)


def test_probabilities_are_of_the_raw_distribution(server):
    (choice,) = complete(server, PROMPT, temperature=1.5, seed=3, logprobs=20, max_tokens=20).choices
    for top in choice.logprobs.top_logprobs:
        assert len(top) <= 21 and 0 < sum(math.exp(value) for value in top.values()) <= 1 + 1e-3


def test_best_of_is_the_likeliest(server):
    def score(choice):
        return sum(choice.logprobs.token_logprobs) / len(choice.logprobs.token_logprobs)

    options = {"temperature": 1.0, "seed": 5, "max_tokens": 10, "logprobs": 0, "logit_bias": WITHOUT_END}
    complete(server, PROMPT, max_tokens=1)  # from here on the prompt is in the cache, and all that follows is computed the same
    candidates = sorted(complete(server, PROMPT, n=4, **options).choices, key=score, reverse=True)
    best = complete(server, PROMPT, n=2, best_of=4, **options).choices
    assert [choice.text for choice in best] == [choice.text for choice in candidates[:2]]
    assert [choice.index for choice in best] == [0, 1]


def test_prompts_are_answered_in_their_order(server):
    prompts = [f"{word}. The opposite of {word} is" for word in ("Hot", "Up", "Big", "Day", "Old", "Wet")]
    together = complete(server, prompts, echo=True, max_tokens=2)
    assert [choice.index for choice in together.choices] == list(range(6))
    assert all(choice.text.startswith(prompt) for choice, prompt in zip(together.choices, prompts))
    alone = [complete(server, prompt, max_tokens=1) for prompt in prompts]
    assert together.usage.prompt_tokens == sum(answer.usage.prompt_tokens for answer in alone)
    streamed = streamed_texts(complete(server, prompts, echo=True, max_tokens=2, logit_bias=WITHOUT_END, stream=True))
    assert all(text.startswith(prompt) and text != prompt for text, prompt in zip(streamed, prompts, strict=True))


def test_many_prompts_do_not_fill_the_queue(server):
    # 8 are computed side by side, and 64 may wait.
    prompts = [f"Number {index}" for index in range(90)]
    assert len(complete(server, prompts, max_tokens=1).choices) == 90
    assert len(streamed_texts(complete(server, prompts, max_tokens=1, echo=True, stream=True))) == 90
