"""The official client, unchanged but for its base URL, on both bases."""

import openai
import pytest

from conftest import MODEL, ask
from test_streams import WITHOUT_END


def test_lists_the_installed_models(server, base):
    models = server.client(base).models.list().data
    model = next(model for model in models if model.id == MODEL)
    assert (model.object, model.owned_by, model.capability) == ("model", "HuggingFaceTB", "chat")
    assert model.created > 1_700_000_000


def test_retrieves_one_model(server, base):
    assert server.client(base).models.retrieve(MODEL).id == MODEL


def test_answers_a_chat(server, base):
    answer = ask(server.client(base), "Say hello.", max_tokens=12, logit_bias=WITHOUT_END)
    (choice,) = answer.choices
    assert answer.object == "chat.completion" and answer.id.startswith("chatcmpl-")
    assert choice.message.role == "assistant" and choice.message.content
    assert choice.finish_reason == "length" and answer.usage.completion_tokens == 12
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 12


def test_streams_the_same_answer(server, base):
    client = server.client(base)
    whole = ask(client, "Count to five.", max_tokens=24)
    chunks = list(ask(client, "Count to five.", max_tokens=24, stream=True, stream_options={"include_usage": True}))
    deltas = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(deltas) == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == whole.choices[0].finish_reason
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert len({chunk.id for chunk in chunks}) == 1


def test_a_repeated_prompt_comes_from_the_cache(server, base):
    client = server.client(base)
    ask(client, "Which colours has a rainbow?", max_tokens=4)
    again = ask(client, "Which colours has a rainbow?", max_tokens=4)
    assert again.usage.prompt_tokens_details.cached_tokens >= again.usage.prompt_tokens - 1


def test_the_same_seed_draws_the_same_answer(server):
    client = server.client()
    # Of so many tokens at the highest temperature no two answers are the same by chance.
    options = {"temperature": 2, "max_tokens": 16, "logit_bias": WITHOUT_END}
    one, same, other = (ask(client, "Tell me a story.", seed=seed, **options).choices[0].message.content for seed in (7, 7, 8))
    assert one == same != other


def test_ends_before_a_stop_sequence(server):
    client = server.client()
    options = {"max_tokens": 16, "logit_bias": WITHOUT_END}
    whole = ask(client, "List three animals.", **options).choices[0].message.content
    stop = whole[10:14]
    for stream in (False, True):
        answer = ask(client, "List three animals.", stop=stop, stream=stream, **options)
        text = (
            "".join(chunk.choices[0].delta.content or "" for chunk in answer)
            if stream
            else answer.choices[0].message.content
        )
        assert text == whole[: whole.index(stop)]


def test_logit_bias_forbids_a_token(server):
    client = server.client()
    first = ask(client, "Hello", max_tokens=1).choices[0].message.content
    forbidden = {str(token): -100 for token in range(0, 49152) if token % 2 == 0}
    biased = ask(client, "Hello", max_tokens=1, logit_bias=forbidden).choices[0].message.content
    forbidden_rest = {str(token): -100 for token in range(0, 49152) if token % 2 == 1}
    rest = ask(client, "Hello", max_tokens=1, logit_bias=forbidden_rest).choices[0].message.content
    assert biased != rest and first in (biased, rest)


@pytest.mark.parametrize(("at", "error", "status"), [("/v1", openai.NotFoundError, 404), ("/v1/openai", openai.BadRequestError, 400)])
def test_an_unknown_model_is_the_right_exception(server, at, error, status):
    with pytest.raises(error) as raised:
        server.client(at).chat.completions.create(model="no-such", messages=[{"role": "user", "content": "Hi"}])
    assert (raised.value.status_code, raised.value.code) == (status, "model_not_found")


def test_a_field_out_of_range_is_the_right_exception(server, base):
    with pytest.raises(openai.BadRequestError) as raised:
        ask(server.client(base), "Hi", temperature=9)
    assert raised.value.param == "temperature" and "2" in raised.value.message
