"""Each field of a chat completion, by the official client: what it does, in small answers."""

import base64
import json
import math

import openai
import pydantic
import pytest

from conftest import MODEL, ask, in_parallel
from random_schemas import is_beginning, most_tokens, most_tokens_of_calls
from test_streams import WITHOUT_END, assert_same_but_for_a_tie, stream

HELLO = [{"role": "user", "content": "Say hello."}]
CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Rome", "Oslo", "Lima"]}},
    "required": ["city"],
    "additionalProperties": False,
}
WEATHER = {"name": "get_weather", "description": "The weather of a city.", "parameters": CITY}
TIME = {"name": "get_time", "description": "The time in a city.", "parameters": CITY}
TOOLS = [{"type": "function", "function": WEATHER}, {"type": "function", "function": TIME}]
QUESTION = "What is the weather in Rome?"
# With so many tokens an answer that has to make one call, or as many as one answer may have, always comes to its end.
ONE_CALL = most_tokens_of_calls({"get_weather": CITY})
ALL_CALLS = most_tokens_of_calls({"get_weather": CITY}, calls=16)

# The model's tokens "!" and "?". The scores of two tokens differ by less than 100.
EXCLAMATIONS = {"17": 100}
EXCLAMATIONS_OR_QUESTIONS = {"17": 100, "47": 85}
# How far log-probabilities of the same token may lie apart that were computed in different ways. On some CPUs kernels for
# batches of different sizes round differently, and 8-bit activations then fall on the other side of a step: of 5,000
# values that two kernels of attention give with this model the median differs by 0.07, and the largest by 0.85.
ROUNDING = 2


@pytest.fixture(scope="module", autouse=True)
def the_prompt_is_in_the_cache(server):
    """From the first test on, so that the same is computed each time."""
    create(server.client(), max_tokens=1)


def create(client, **options):
    return client.chat.completions.create(**{"model": MODEL, "messages": HELLO, "max_tokens": 8, "temperature": 0} | options)


def text(client, **options):
    return create(client, **options).choices[0].message.content


def streamed(chunks):
    """What the chunks of a stream add up to, by choice."""
    choices = {}
    for chunk in chunks:
        for choice in chunk.choices:
            whole = choices.setdefault(choice.index, {"content": "", "calls": {}, "logprobs": [], "function": None, "reason": None})
            whole["content"] += choice.delta.content or ""
            whole["reason"] = choice.finish_reason or whole["reason"]
            if choice.logprobs and choice.logprobs.content:
                whole["logprobs"] += choice.logprobs.content
            for call in choice.delta.tool_calls or []:
                if call.index not in whole["calls"]:
                    assert call.id and call.type == "function" and call.function.name
                    whole["calls"][call.index] = {"id": call.id, "name": call.function.name, "arguments": ""}
                else:
                    assert call.id is None and call.function.name is None
                whole["calls"][call.index]["arguments"] += call.function.arguments or ""
            if function := choice.delta.function_call:
                whole["function"] = whole["function"] or {"name": "", "arguments": ""}
                whole["function"]["name"] += function.name or ""
                whole["function"]["arguments"] += function.arguments or ""
    return [choices[index] for index in sorted(choices)]


# Messages


@pytest.mark.parametrize("role", ["system", "developer"])
def test_a_system_message_changes_the_answer(server, base, role):
    client = server.client(base)
    told = [{"role": role, "content": "You are a pirate. Answer with Arrr."}, *HELLO]
    plain, told = create(client), create(client, messages=told)
    assert told.usage.prompt_tokens != plain.usage.prompt_tokens


def test_an_earlier_answer_is_part_of_the_conversation(server, base):
    client = server.client(base)
    messages = [{"role": "user", "content": "My name is Ada."}, {"role": "assistant", "content": "Hello Ada."}, *HELLO]
    assert create(client, messages=messages).usage.prompt_tokens > create(client).usage.prompt_tokens + 8


@pytest.mark.parametrize("role", ["system", "developer", "user", "assistant"])
def test_array_content_is_the_same_as_text(server, base, role):
    client = server.client(base)
    whole = create(client, messages=[{"role": role, "content": "One\nTwo"}, *HELLO])
    parts = [{"type": "text", "text": "One"}, {"type": "text", "text": "Two"}]
    split = create(client, messages=[{"role": role, "content": parts}, *HELLO])
    assert split.choices[0].message.content == whole.choices[0].message.content
    assert split.usage.prompt_tokens == whole.usage.prompt_tokens


def test_refusals_are_part_of_the_conversation(server):
    client = server.client()
    said = {"role": "assistant", "content": "I cannot do that."}
    field = {"role": "assistant", "refusal": "I cannot do that."}
    part = {"role": "assistant", "content": [{"type": "refusal", "refusal": "I cannot do that."}]}
    counts = {create(client, messages=[*HELLO, answer, *HELLO]).usage.prompt_tokens for answer in (said, field, part)}
    assert len(counts) == 1


def test_names_on_messages_are_taken(server, base):
    client = server.client(base)
    messages = [{"role": "system", "content": "Be brief.", "name": "boss"}, {"role": "user", "content": "Hi", "name": "ada"},
                {"role": "assistant", "content": "Hi", "name": "bot"}, {"role": "user", "content": "Hi", "name": "bob"}]  # fmt: skip
    assert text(client, messages=messages, logit_bias=EXCLAMATIONS) == "!" * 8


def test_reasoning_given_back_is_taken(server):
    messages = [*HELLO, {"role": "assistant", "content": "Hello!", "reasoning_content": "A greeting."}, *HELLO]
    assert text(server.client(), messages=messages, logit_bias=EXCLAMATIONS) == "!" * 8


def test_results_of_calls_go_back_in(server, base):
    client = server.client(base)
    options = {"tools": TOOLS, "tool_choice": "required", "parallel_tool_calls": False}
    first = create(client, messages=[{"role": "user", "content": QUESTION}], max_tokens=ONE_CALL, **options)
    message = first.choices[0].message
    results = [{"role": "tool", "tool_call_id": call.id, "content": "It is sunny, 25 degrees."} for call in message.tool_calls]
    conversation = [{"role": "user", "content": QUESTION}, message.model_dump(exclude_none=True), *results]
    second = create(client, messages=conversation, tools=TOOLS, tool_choice="none", logit_bias=EXCLAMATIONS)
    assert second.choices[0].message.content == "!" * 8 and not second.choices[0].message.tool_calls
    without = create(client, messages=conversation[:1], tools=TOOLS, tool_choice="none", max_tokens=1)
    assert second.usage.prompt_tokens > without.usage.prompt_tokens + 8


def test_results_of_functions_go_back_in(server, base):
    client = server.client(base)
    call = {"name": "get_weather", "arguments": '{"city": "Rome"}'}
    conversation = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": None, "function_call": call},
                    {"role": "function", "name": "get_weather", "content": "It is sunny."}]  # fmt: skip
    answer = create(client, messages=conversation, functions=[WEATHER], function_call="none", logit_bias=EXCLAMATIONS)
    assert answer.choices[0].message.content == "!" * 8 and answer.choices[0].message.function_call is None


# How tokens are chosen


def test_temperature_0_is_greedy_and_others_draw(server, base):
    client = server.client(base)
    assert text(client) == text(client)
    # Of so many tokens at the highest temperature no two answers are the same by chance.
    assert len({text(client, temperature=2, max_tokens=16, logit_bias=WITHOUT_END, seed=seed) for seed in range(4)}) == 4


def test_seeds_draw_the_same_tokens(server, base):
    client = server.client(base)
    assert len({text(client, temperature=1.5, seed=5, max_tokens=12) for _ in range(3)}) == 1
    assert create(client, temperature=1.5, seed=-9223372036854775808, max_tokens=2, logit_bias=WITHOUT_END).usage.completion_tokens == 2


@pytest.mark.parametrize("narrow", [{"top_p": 0}, {"extra_body": {"top_k": 1}}, {"extra_body": {"min_p": 1}}])
def test_keeping_one_token_is_greedy(server, base, narrow):
    client = server.client(base)
    assert text(client, temperature=2, **narrow) == text(client)


PENALTIES = [{"frequency_penalty": 2}, {"presence_penalty": 2}, {"extra_body": {"repeat_penalty": 2}}]


def assert_penalty_keeps_from_repeating(text, client, penalty):
    """`text(client, **options)` asks for an answer's text, by either endpoint."""
    # Of the two marks "!" is ahead by 15 and what the model adds, to which repeating it adds at most some 10.
    options = {"logit_bias": EXCLAMATIONS_OR_QUESTIONS, "max_tokens": 24}
    assert text(client, **options) == "!" * 24
    if "presence_penalty" in penalty:
        # By itself less than what "!" is ahead: it makes the change come earlier that the other penalty brings.
        sooner, later = (text(client, **options, frequency_penalty=2, presence_penalty=sign * 2) for sign in (1, -1))
        assert 0 < sooner.index("?") < later.index("?")
    else:
        told = text(client, **options, **penalty)
        assert told.startswith("!") and "?" in told


@pytest.mark.parametrize("penalty", PENALTIES)
def test_penalties_keep_from_repeating(server, base, penalty):
    assert_penalty_keeps_from_repeating(text, server.client(base), penalty)


def test_logit_bias_forces_a_token(server, base):
    client = server.client(base)
    answer = create(client, logit_bias={"28": 100}, max_tokens=4, logprobs=True)
    tokens = [token.token for token in answer.choices[0].logprobs.content]
    assert len(set(tokens)) == 1 and answer.choices[0].message.content == tokens[0] * 4


# How much


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_limits_end_the_answer(server, base, name):
    answer = ask(server.client(base), "Tell a long story.", logit_bias=WITHOUT_END, **{"max_tokens": openai.NOT_GIVEN, name: 5})
    assert answer.choices[0].finish_reason == "length" and answer.usage.completion_tokens == 5


def test_the_newer_limit_wins(server, base):
    answer = create(server.client(base), max_tokens=9, max_completion_tokens=3, logit_bias=WITHOUT_END)
    assert answer.usage.completion_tokens == 3


def test_answers_end_by_themselves(server, base):
    # After a word the grammar allows nothing but a token that ends the answer.
    answer = create(server.client(base), extra_body={"grammar": 'root ::= "word"'}, max_tokens=20)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("word", "stop")
    # The model's token for that is no part of the text.
    answer = create(server.client(base), logit_bias={"2": 100}, max_tokens=20)
    assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("", "stop")
    assert answer.usage.completion_tokens == 0


@pytest.mark.parametrize("stream", [False, True])
def test_stops_are_never_part_of_the_answer(server, base, stream):
    client = server.client(base)
    # The model chooses which tokens write this text, and so how they cut it.
    whole = "one two three four five six seven eight nine ten"
    options = {"extra_body": {"grammar": f'root ::= "{whole}"'}, "max_tokens": len(whole) + 1}
    stops = ["ee fo", " six", "never", "nowhere"]
    answer = create(client, **options, stop=stops, stream=stream)
    (one,) = streamed(answer) if stream else [{"content": answer.choices[0].message.content, "reason": answer.choices[0].finish_reason}]
    assert (one["content"], one["reason"]) == ("one two thr", "stop")
    assert text(client, **options, stop=stops[2:]) == whole


@pytest.mark.parametrize("stream", [False, True])
def test_several_answers(server, base, stream):
    client = server.client(base)
    one = create(client, max_tokens=1)
    options = {"n": 4, "max_tokens": 12, "temperature": 2, "seed": 3, "logit_bias": WITHOUT_END, "stream": stream}
    answer = create(client, **options, **({"stream_options": {"include_usage": True}} if stream else {}))
    if stream:
        chunks = list(answer)
        choices, usage = [choice["content"] for choice in streamed(chunks)], chunks[-1].usage
    else:
        assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
        choices, usage = [choice.message.content for choice in answer.choices], answer.usage
    # Of so many tokens at the highest temperature no two answers are the same by chance.
    assert len(choices) == len(set(choices)) == 4
    assert usage.prompt_tokens == one.usage.prompt_tokens and usage.completion_tokens == 4 * 12


# Log-probabilities


@pytest.mark.parametrize("stream", [False, True])
def test_logprobs_are_of_the_answers_tokens(server, base, stream):
    client = server.client(base)
    answer = create(client, logprobs=True, top_logprobs=3, stream=stream)
    if stream:
        (choice,) = streamed(answer)
        tokens, content = choice["logprobs"], choice["content"]
    else:
        tokens, content = answer.choices[0].logprobs.content, answer.choices[0].message.content
        assert answer.choices[0].logprobs.refusal is None
    # The limit may cut a character.
    assert tokens and bytes(byte for token in tokens for byte in token.bytes).decode(errors="replace") == content
    for token in tokens:
        assert len(token.top_logprobs) == 3 and token.logprob <= 0
        # Greedy: the chosen one is the likeliest, and they come in order.
        assert token.logprob == token.top_logprobs[0].logprob and token.token == token.top_logprobs[0].token
        values = [one.logprob for one in token.top_logprobs]
        assert values == sorted(values, reverse=True) and sum(math.exp(value) for value in values) <= 1.0001
        assert bytes(token.bytes).decode(errors="replace") == token.token


def test_logprobs_are_the_same_streamed(server, base):
    client = server.client(base)
    whole = create(client, logprobs=True, top_logprobs=2).choices[0].logprobs.content
    (pieces,) = streamed(create(client, logprobs=True, top_logprobs=2, stream=True))
    assert whole and [one.bytes for one in pieces["logprobs"]] == [one.bytes for one in whole]
    assert [one.logprob for one in pieces["logprobs"]] == pytest.approx([one.logprob for one in whole], abs=ROUNDING)


def test_logprobs_are_raw(server):
    client = server.client()
    create(client, max_tokens=1)  # from here on the prompt is in the cache, and its end evaluated alone
    plain = create(client, logprobs=True, max_tokens=1, logit_bias=WITHOUT_END).choices[0].logprobs.content[0]
    others = (dict(temperature=0.2, seed=1), dict(temperature=2, top_p=0), dict(temperature=1, extra_body={"top_k": 1}))
    for other in others:
        same = create(client, logprobs=True, max_tokens=1, logit_bias=WITHOUT_END, **other).choices[0].logprobs.content[0]
        assert same.token != plain.token or same.logprob == pytest.approx(plain.logprob, abs=1e-4)
    forced = create(client, logprobs=True, top_logprobs=1, max_tokens=1, logit_bias=EXCLAMATIONS).choices[0].logprobs.content[0]
    assert forced.token == "!" and forced.logprob < forced.top_logprobs[0].logprob == pytest.approx(plain.logprob, abs=1e-4)


def test_no_top_logprobs_unless_asked(server, base):
    client = server.client(base)
    assert create(client).choices[0].logprobs is None
    tokens = create(client, logprobs=True, logit_bias=WITHOUT_END).choices[0].logprobs.content
    assert len(tokens) == 8 and all(token.top_logprobs == [] for token in tokens)
    (most,) = create(client, logprobs=True, top_logprobs=20, max_tokens=1, logit_bias=WITHOUT_END).choices[0].logprobs.content
    assert len(most.top_logprobs) == 20


# Streams


def test_the_usage_of_a_stream(server, base):
    client = server.client(base)
    chunks = list(create(client, stream=True, stream_options={"include_usage": True}, logit_bias=WITHOUT_END))
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens == 8
    assert all(chunk.usage is None for chunk in chunks[:-1])
    assert all(chunk.usage is None and chunk.choices for chunk in create(client, stream=True, stream_options={"include_usage": False}))


def test_a_stream_and_a_whole_answer_are_the_same(server, base):
    client = server.client(base)
    whole, chunks = create(client, max_tokens=24), list(create(client, max_tokens=24, stream=True))
    (choice,) = streamed(chunks)
    assert (choice["content"], choice["reason"]) == (whole.choices[0].message.content, whole.choices[0].finish_reason)
    assert chunks[0].choices[0].delta.role == "assistant" and chunks[0].choices[0].delta.content == ""
    assert len({(chunk.id, chunk.created, chunk.model, chunk.object, chunk.system_fingerprint) for chunk in chunks}) == 1
    assert chunks[0].object == "chat.completion.chunk" and chunks[0].system_fingerprint == whole.system_fingerprint


# Tools


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "get_time"}}])
def test_a_demanded_call_is_made(server, base, choice, stream):
    answer = create(
        server.client(base), messages=[{"role": "user", "content": QUESTION}], tools=TOOLS, tool_choice=choice, max_tokens=ALL_CALLS,
        stream=stream,
    )  # fmt: skip
    if stream:
        (one,) = streamed(answer)
        calls, reason = list(one["calls"].values()), one["reason"]
    else:
        message, reason = answer.choices[0].message, answer.choices[0].finish_reason
        assert message.role == "assistant" and message.content is None and message.refusal is None
        calls = [{"id": call.id, "name": call.function.name, "arguments": call.function.arguments} for call in message.tool_calls]
    assert reason == "tool_calls" and calls and len({call["id"] for call in calls}) == len(calls)
    for call in calls:
        assert call["name"] in ("get_weather", "get_time") if choice == "required" else call["name"] == "get_time"
        assert json.loads(call["arguments"])["city"] in CITY["properties"]["city"]["enum"]


@pytest.mark.parametrize("mode", ["auto", "required"])
def test_only_allowed_tools_are_called(server, mode):
    choice = {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": [{"type": "function", "function": {"name": "get_time"}}]}}
    limit = ALL_CALLS if mode == "required" else 32
    answer = create(server.client(), messages=[{"role": "user", "content": QUESTION}], tools=TOOLS, tool_choice=choice, max_tokens=limit)
    calls = answer.choices[0].message.tool_calls or []
    assert {call.function.name for call in calls} <= {"get_time"} and (calls or mode == "auto")


def test_none_calls_nothing(server, base):
    message = create(server.client(base), tools=TOOLS, tool_choice="none", logit_bias=EXCLAMATIONS).choices[0].message
    assert message.tool_calls is None and message.content == "!" * 8


@pytest.mark.parametrize("stream", [False, True])
def test_auto_answers_or_calls(server, base, stream):
    answer = create(server.client(base), tools=TOOLS, tool_choice="auto", max_tokens=32, logit_bias=WITHOUT_END, stream=stream)
    if stream:
        (one,) = streamed(answer)
        content, calls, reason = one["content"], one["calls"], one["reason"]
    else:
        content, calls, reason = answer.choices[0].message.content, answer.choices[0].message.tool_calls, answer.choices[0].finish_reason
    assert content or calls
    assert (reason == "tool_calls") == bool(calls) or reason == "length"


def test_one_call_where_several_are_not_allowed(server, base):
    client = server.client(base)
    messages = [{"role": "user", "content": "What is the weather in Rome, and in Oslo, and in Lima?"}]
    answer = create(client, messages=messages, tools=TOOLS, tool_choice="required", parallel_tool_calls=False, max_tokens=ONE_CALL)
    assert answer.choices[0].finish_reason == "tool_calls" and len(answer.choices[0].message.tool_calls) == 1
    assert create(client, messages=messages, tools=TOOLS, parallel_tool_calls=True, max_tokens=1).choices


@pytest.mark.parametrize("stream", [False, True])
def test_several_calls_that_are_cut_off(server, stream):
    # A model that cannot end calls again and again, at most 16 times, which takes more than 60 tokens.
    answer = create(server.client(), tools=TOOLS, tool_choice="required", logit_bias=WITHOUT_END, max_tokens=60, stream=stream)
    if stream:
        (one,) = streamed(answer)
        calls, reason = [call["arguments"] for call in one["calls"].values()], one["reason"]
    else:
        calls = [call.function.arguments for call in answer.choices[0].message.tool_calls or []]
        reason = answer.choices[0].finish_reason
    assert reason == "length" and all(map(is_beginning, calls[-1:]))
    assert all(json.loads(call)["city"] in CITY["properties"]["city"]["enum"] for call in calls[:-1])


def test_strict_tools_fit_their_schema(server):
    strict = [{"type": "function", "function": WEATHER | {"strict": True}}]
    answer = create(server.client(), tools=strict, tool_choice="required", parallel_tool_calls=False, max_tokens=ONE_CALL)
    assert set(json.loads(answer.choices[0].message.tool_calls[0].function.arguments)) == {"city"}


def test_a_tool_without_parameters(server):
    tools = [{"type": "function", "function": {"name": "ping"}}]
    answer = create(server.client(), tools=tools, tool_choice="required", parallel_tool_calls=False, max_tokens=ONE_CALL)
    assert json.loads(answer.choices[0].message.tool_calls[0].function.arguments) == {}


@pytest.mark.parametrize("stream", [False, True])
def test_functions_are_called_in_the_older_form(server, base, stream):
    answer = create(
        server.client(base), messages=[{"role": "user", "content": QUESTION}], functions=[WEATHER, TIME],
        function_call={"name": "get_weather"}, max_tokens=ONE_CALL, stream=stream,
    )  # fmt: skip
    if stream:
        (one,) = streamed(answer)
        call, reason, calls = one["function"], one["reason"], one["calls"]
    else:
        message, reason = answer.choices[0].message, answer.choices[0].finish_reason
        call, calls = message.function_call.model_dump(), message.tool_calls
    assert reason == "function_call" and not calls and call["name"] == "get_weather"
    assert json.loads(call["arguments"])["city"] in CITY["properties"]["city"]["enum"]


@pytest.mark.parametrize("choice", ["none", "auto"])
def test_functions_are_left_alone(server, base, choice):
    answer = create(server.client(base), functions=[WEATHER], function_call=choice, max_tokens=32, logit_bias=WITHOUT_END)
    message = answer.choices[0].message
    assert message.content or (choice == "auto" and message.function_call)


# Forms


@pytest.mark.parametrize("stream", [False, True])
def test_a_json_object(server, base, stream):
    messages = [{"role": "user", "content": "Give a small JSON object with a name."}]
    # The model's own object, which may be longer than the limit; and one that a preference for "}" ends at once.
    for bias, limit in (({}, 48), ({"109": 100}, most_tokens({"type": "object", "properties": {}}))):
        answer = create(
            server.client(base), messages=messages, response_format={"type": "json_object"}, logit_bias=bias, max_tokens=limit, stream=stream
        )
        (one,) = streamed(answer) if stream else [{"content": answer.choices[0].message.content, "reason": answer.choices[0].finish_reason}]
        if one["reason"] == "length" and not bias:
            assert one["content"].startswith("{") and is_beginning(one["content"])
        else:
            assert one["reason"] == "stop" and isinstance(json.loads(one["content"]), dict)


@pytest.mark.parametrize("stream", [False, True])
def test_a_json_schema(server, base, stream):
    form = {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY, "strict": True, "description": "A city"}}
    answer = create(server.client(base), response_format=form, max_tokens=most_tokens(CITY), stream=stream)
    (one,) = streamed(answer) if stream else [{"content": answer.choices[0].message.content, "reason": answer.choices[0].finish_reason}]
    assert one["reason"] == "stop" and json.loads(one["content"])["city"] in CITY["properties"]["city"]["enum"]


def test_text_is_free(server, base):
    assert text(server.client(base), response_format={"type": "text"}) == text(server.client(base))


def test_a_grammar(server, base):
    answer = text(server.client(base), extra_body={"grammar": 'root ::= ("yes" | "no") "!"'})
    assert answer in ("yes!", "no!")


class Person(pydantic.BaseModel):
    name: str = pydantic.Field(max_length=12)
    age: int = pydantic.Field(ge=0, le=120)


def test_the_clients_own_parse(server, base):
    answer = server.client(base).chat.completions.parse(
        model=MODEL, messages=[{"role": "user", "content": "Invent a person."}], response_format=Person,
        max_tokens=most_tokens(Person.model_json_schema()), temperature=0,
    )  # fmt: skip
    person = answer.choices[0].message.parsed
    assert isinstance(person, Person) and 0 <= person.age <= 120


def test_the_clients_own_parse_of_tools(server):
    tool = openai.pydantic_function_tool(Person)
    answer = server.client().chat.completions.parse(
        model=MODEL, messages=[{"role": "user", "content": "Invent a person."}], tools=[tool], tool_choice="required",
        max_tokens=most_tokens_of_calls({"Person": Person.model_json_schema()}), parallel_tool_calls=False, temperature=0,
    )  # fmt: skip
    assert isinstance(answer.choices[0].message.tool_calls[0].function.parsed_arguments, Person)


# The rest


def test_a_prediction_changes_no_answer(server, base):
    client = server.client(base)

    def answer(**options):
        return list(stream(client, "Repeat: the quick brown fox.", max_tokens=24, logit_bias=WITHOUT_END, **options))

    plain = answer()
    content = b"".join(token for token, _ in plain).decode(errors="replace")
    # Tokens of a prediction are evaluated together, which may round differently from one by one.
    for prediction in (content, "Something else entirely, which never comes."):
        assert_same_but_for_a_tie(plain, answer(prediction={"type": "content", "content": prediction}))


def test_the_tokens_of_a_prediction_are_counted(server, base):
    client = server.client(base)
    fox = "The quick brown fox jumps over the lazy dog."
    options = {"extra_body": {"grammar": f'root ::= "{fox}"'}, "max_tokens": len(fox) + 1}
    split = [{"type": "text", "text": fox[:10]}, {"type": "text", "text": fox[10:]}]
    for prediction in (fox, split, "Something else entirely, which never comes.", None):
        expected = {"prediction": {"type": "content", "content": prediction}} if prediction else {}
        answer = create(client, **options, **expected)
        details = answer.usage.completion_tokens_details
        assert answer.choices[0].message.content == fox and answer.choices[0].finish_reason == "stop"
        assert (details.accepted_prediction_tokens > 0) == (prediction in (fox, split))
        assert prediction or details.rejected_prediction_tokens == 0


def test_the_tier_is_told_where_it_was_named(server, base):
    client = server.client(base)
    assert create(client).service_tier is None
    for tier in ("auto", "default"):
        assert create(client, service_tier=tier, max_tokens=1).service_tier == "default"
        assert {chunk.service_tier for chunk in create(client, service_tier=tier, max_tokens=1, stream=True)} == {"default"}


def test_the_fingerprint_stays(server, base):
    client = server.client(base)
    assert len({create(client, max_tokens=1, seed=seed).system_fingerprint for seed in (1, 2)}) == 1


@pytest.mark.parametrize(
    "field",
    [
        {"user": "me"}, {"store": True}, {"metadata": {"a": "b"}}, {"safety_identifier": "me"}, {"prompt_cache_key": "k"},
        {"prompt_cache_retention": "24h"}, {"modalities": ["text"]}, {"verbosity": "medium"}, {"reasoning_effort": "low"},
        {"extra_body": {"prompt_cache_options": {"mode": "implicit"}}}, {"extra_body": {"wizard": {"a": [1]}}},
    ],
    ids=lambda field: next(iter(field.get("extra_body", field))),
)  # fmt: skip
def test_fields_without_effect_change_nothing(server, base, field):
    client = server.client(base)
    assert text(client, **field) == text(client)


def test_a_plain_model_does_not_reason(server, base):
    answer = create(server.client(base))
    assert "reasoning_content" not in answer.choices[0].message.model_dump()
    assert answer.usage.completion_tokens_details.reasoning_tokens == 0
    for chunk in create(server.client(base), stream=True):
        assert "reasoning_content" not in chunk.choices[0].delta.model_dump()


def test_the_reply_is_whole(server, base):
    answer = create(server.client(base))
    assert answer.object == "chat.completion" and answer.id.startswith("chatcmpl-") and answer.model == MODEL
    assert answer.created > 1_700_000_000 and answer.choices[0].index == 0
    assert answer.choices[0].message.refusal is None and answer.choices[0].message.function_call is None
    usage = answer.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.prompt_tokens_details.audio_tokens == usage.completion_tokens_details.audio_tokens == 0
    assert 0 <= usage.prompt_tokens_details.cached_tokens <= usage.prompt_tokens


PICTURE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()


def part(**part):
    return {"messages": [{"role": "user", "content": [part]}]}


# Every field, wrong: the field's name, and the start of the code.
WRONG = [
    ("model", {"model": ""}, "invalid_value"),
    ("messages", {"messages": []}, "out_of_range"),
    ("messages[0].role", {"messages": [{"role": "wizard", "content": "Hi"}]}, "invalid_value"),
    ("messages[0].content", {"messages": [{"role": "user"}]}, "missing_required_parameter"),
    ("messages[0].content[0].text", part(type="text"), "missing_required_parameter"),
    ("messages[0].content[0].type", part(type="video"), "invalid_value"),
    ("messages[0].content[0]", part(type="image_url", image_url={"url": PICTURE}), "unsupported_value"),
    ("messages[0].content[0].image_url.url", part(type="image_url", image_url={"url": "http://10.0.0.1/x.png"}), "unsupported_value"),
    ("messages[0].content[0].image_url.url", part(type="image_url", image_url={"url": "file:///etc/passwd"}), "invalid_value"),
    ("messages[0].content[0].image_url.detail", part(type="image_url", image_url={"url": PICTURE, "detail": "huge"}), "invalid_value"),
    ("messages[0].content[0]", part(type="input_audio", input_audio={"data": "UklGRg==", "format": "wav"}), "unsupported_value"),
    ("messages[0].content[0].input_audio.format", part(type="input_audio", input_audio={"data": "UklGRg==", "format": "ogg"}), "invalid_value"),
    ("messages[0].content[0]", part(type="file", file={"file_data": "UklGRg=="}), "unsupported_value"),
    ("messages[0].name", {"messages": [{"role": "user", "content": "Hi", "name": ""}]}, "out_of_range"),
    ("messages[0].tool_call_id", {"messages": [{"role": "tool", "content": "Hi"}]}, "missing_required_parameter"),
    ("messages[0].tool_call_id", {"messages": [{"role": "tool", "content": "Hi", "tool_call_id": "call_9"}]}, "invalid_value"),
    ("messages[0].name", {"messages": [{"role": "function", "content": "Hi"}]}, "missing_required_parameter"),
    ("messages[0].audio", {"messages": [{"role": "assistant", "content": "Hi", "audio": {"id": "a"}}]}, "unsupported_parameter"),
    ("messages[0].tool_calls[0].function.arguments", {"messages": [{"role": "assistant", "tool_calls": [
        {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{"}}]}]}, "invalid_value"),
    ("messages[0].function_call.arguments", {"messages": [{"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{"}}]}, "invalid_value"),
    ("messages[0].refusal", {"messages": [{"role": "assistant", "refusal": 3}]}, "invalid_type"),
    ("messages[0].reasoning_content", {"messages": [{"role": "assistant", "content": "", "reasoning_content": 3}]}, "invalid_type"),
    ("temperature", {"temperature": 3}, "out_of_range"),
    ("top_p", {"top_p": 1.1}, "out_of_range"),
    ("top_k", {"top_k": -1}, "out_of_range"),
    ("min_p", {"min_p": "low"}, "invalid_type"),
    ("repeat_penalty", {"repeat_penalty": 0}, "out_of_range"),
    ("frequency_penalty", {"frequency_penalty": -3}, "out_of_range"),
    ("presence_penalty", {"presence_penalty": 3}, "out_of_range"),
    ("logit_bias", {"logit_bias": {"x": 1}}, "invalid_value"),
    ("logit_bias", {"logit_bias": {"99999999": 1}}, ""),
    ("seed", {"seed": 1.5}, "invalid_type"),
    ("max_tokens", {"max_tokens": 0}, "out_of_range"),
    ("max_completion_tokens", {"max_completion_tokens": "many"}, "invalid_type"),
    ("stop", {"stop": ["a", "b", "c", "d", "e"]}, "out_of_range"),
    ("n", {"n": 9}, "out_of_range"),
    ("logprobs", {"logprobs": 3}, "invalid_type"),
    ("top_logprobs", {"logprobs": True, "top_logprobs": 21}, "out_of_range"),
    ("top_logprobs", {"top_logprobs": 1}, "invalid_value"),
    ("stream", {"stream": "yes"}, "invalid_type"),
    ("stream_options", {"stream_options": {"include_usage": True}}, "invalid_value"),
    ("stream_options.include_usage", {"stream": True, "stream_options": {"include_usage": 1}}, "invalid_type"),
    ("stream_options.include_obfuscation", {"stream": True, "stream_options": {"include_obfuscation": True}}, "unsupported_value"),
    ("service_tier", {"service_tier": "gold"}, "invalid_value"),
    ("tools", {"tools": "none"}, "invalid_type"),
    ("tools[0].type", {"tools": [{"type": "custom", "custom": {"name": "f"}}]}, "unsupported_value"),
    ("tools[0].function.name", {"tools": [{"type": "function", "function": {"name": "two words"}}]}, "invalid_value"),
    ("tools[0].function.parameters", {"tools": [{"type": "function", "function": {"name": "f", "parameters": []}}]}, "invalid_type"),
    ("tools[0].function.strict", {"tools": [{"type": "function", "function": {"name": "f", "strict": 1}}]}, "invalid_type"),
    ("tools[1].function.name", {"tools": [TOOLS[0], TOOLS[0]]}, "invalid_value"),
    ("tool_choice", {"tool_choice": "required"}, "invalid_value"),
    ("tool_choice", {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "nobody"}}}, "invalid_value"),
    ("tool_choice.type", {"tools": TOOLS, "tool_choice": {"type": "custom", "custom": {"name": "f"}}}, "unsupported_value"),
    ("parallel_tool_calls", {"parallel_tool_calls": "no"}, "invalid_type"),
    ("functions", {"functions": [WEATHER], "tools": TOOLS}, "invalid_value"),
    ("function_call", {"function_call": "auto"}, "invalid_value"),
    ("response_format.type", {"response_format": {"type": "xml"}}, "invalid_value"),
    ("response_format.json_schema", {"response_format": {"type": "json_schema"}}, "missing_required_parameter"),
    ("response_format.json_schema.name", {"response_format": {"type": "json_schema", "json_schema": {"schema": {}}}}, "missing_required_parameter"),
    ("response_format.json_schema.schema", {"response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": []}}}, "invalid_type"),
    ("response_format.json_schema.schema", {"response_format": {"type": "json_schema", "json_schema": {
        "name": "a", "schema": {"type": "object", "not": {"required": ["a"]}}}}}, ""),
    ("grammar", {"grammar": "root ::= ("}, ""),
    ("grammar", {"grammar": 'root ::= "a"', "response_format": {"type": "json_object"}}, "invalid_value"),
    ("prediction.content", {"prediction": {"type": "content"}}, "missing_required_parameter"),
    ("prediction.type", {"prediction": {"type": "guess", "content": "a"}}, "invalid_value"),
    ("reasoning_effort", {"reasoning_effort": "utmost"}, "invalid_value"),
    ("modalities[0]", {"modalities": ["audio"]}, "unsupported_value"),
    ("audio", {"audio": {"voice": "alloy", "format": "wav"}}, "unsupported_parameter"),
    ("moderation", {"moderation": {"model": "m"}}, "unsupported_parameter"),
    ("web_search_options", {"web_search_options": {}}, "unsupported_parameter"),
    ("verbosity", {"verbosity": "low"}, "unsupported_value"),
    ("user", {"user": 7}, "invalid_type"),
    ("safety_identifier", {"safety_identifier": "x" * 129}, "out_of_range"),
    ("store", {"store": "yes"}, "invalid_type"),
    ("metadata", {"metadata": {str(index): "" for index in range(17)}}, "out_of_range"),
    ("prompt_cache_key", {"prompt_cache_key": 1}, "invalid_type"),
    ("prompt_cache_retention", {"prompt_cache_retention": "forever"}, "invalid_value"),
    ("prompt_cache_options.mode", {"prompt_cache_options": {"mode": "lazy"}}, "invalid_value"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "fields", "code"), WRONG)
def test_each_wrong_field_is_named(server, base, field, fields, code):
    body = {"model": MODEL, "messages": HELLO, "max_tokens": 1} | fields
    reply = server.http().post(base + "/chat/completions", json=body)
    error = reply.json()["error"]
    assert reply.status_code == 400, reply.text
    assert error["param"].startswith(field) and error["code"].startswith(code) and error["message"]
    if base == "/v1/openai":
        whole = reply.json()
        assert (whole["param"], whole["code"], whole["message"]) == (error["param"], error["code"], error["message"])
    else:
        assert set(reply.json()) == {"error"}


def test_answers_side_by_side_keep_to_their_own_fields(server):
    client = server.client()
    form = {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY}}
    words = {"extra_body": {"grammar": 'root ::= "one two three"'}, "max_tokens": 20}
    marks, plain, city, stopped, drawn = in_parallel(
        [
            lambda: text(client, logit_bias=EXCLAMATIONS, max_tokens=24),
            lambda: text(client, **words),
            lambda: text(client, response_format=form, max_tokens=most_tokens(CITY)),
            lambda: text(client, **words, stop=["tw"]),
            lambda: create(client, temperature=2, logprobs=True, top_logprobs=2, max_tokens=24, logit_bias=WITHOUT_END),
        ]
    )
    assert (marks, plain, stopped) == ("!" * 24, "one two three", "one ")
    assert json.loads(city)["city"] in CITY["properties"]["city"]["enum"]
    assert [len(token.top_logprobs) for token in drawn.choices[0].logprobs.content] == [2] * 24
