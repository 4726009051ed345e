"""Each field of a response, by the official client."""

import json

import pydantic
import pytest

from conftest import MODEL
from random_schemas import most_tokens, most_tokens_of_calls

CITY = {
    "type": "object",
    "properties": {"city": {"type": "string", "enum": ["Rome", "Oslo", "Lima"]}},
    "required": ["city"],
    "additionalProperties": False,
}
TOOLS = [
    {"type": "function", "name": "get_weather", "description": "The weather of a city.", "parameters": CITY, "strict": True},
    {"type": "function", "name": "get_time", "parameters": CITY, "strict": False},
]
# Forms of a text: one that always comes to its end, and one whose end does not come within a few tokens.
CITY_FORM = {"format": {"type": "json_schema", "name": "city", "schema": CITY, "strict": True}}
LETTERS = {"type": "object", "properties": {"a": {"type": "string", "pattern": "^[a-z]{500}$"}}, "required": ["a"]}
LETTERS_FORM = {"format": {"type": "json_schema", "name": "letters", "schema": LETTERS}}
ONE_CALL = most_tokens_of_calls({"get_weather": CITY})


def create(client, **options):
    return client.responses.create(**{"model": MODEL, "input": "Say hello.", "max_output_tokens": 8, "temperature": 0} | options)


@pytest.fixture
def client(server):
    return server.client()


def test_the_reply_is_whole(client):
    answer = create(client, text=CITY_FORM, max_output_tokens=most_tokens(CITY))
    assert answer.object == "response" and answer.id.startswith("resp_") and answer.model == MODEL
    assert answer.status == "completed" and answer.error is None and answer.incomplete_details is None
    assert answer.created_at > 1_700_000_000 and answer.completed_at >= answer.created_at
    (message,) = answer.output
    assert (message.type, message.role, message.status) == ("message", "assistant", "completed") and answer.output_text
    assert answer.usage.total_tokens == answer.usage.input_tokens + answer.usage.output_tokens
    assert answer.usage.input_tokens_details.cached_tokens <= answer.usage.input_tokens
    assert answer.usage.output_tokens_details.reasoning_tokens == 0


def test_it_is_what_a_chat_answers(client):
    chat = client.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Say hello."}], max_tokens=8, temperature=0)
    assert create(client).output_text == chat.choices[0].message.content


def test_a_limit_leaves_it_incomplete(client):
    answer = create(client, text=LETTERS_FORM)
    assert answer.status == "incomplete" and answer.incomplete_details.reason == "max_output_tokens"
    assert answer.usage.output_tokens == 8 and answer.output[0].status == "incomplete"


def test_input_is_text_or_items(client):
    plain = create(client)
    message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Say hello."}]}
    assert create(client, input=[message]).output_text == plain.output_text
    assert create(client, input=[{"role": "user", "content": "Say hello."}]).output_text == plain.output_text
    said = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": [{"type": "output_text", "text": "Hello!"}]}, message]  # fmt: skip
    assert create(client, input=said).usage.input_tokens > plain.usage.input_tokens


def test_instructions_go_first(client):
    told = create(client, instructions="Be brief.")
    same = create(client, input=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hello."}])
    assert told.output_text == same.output_text and told.instructions == "Be brief."


def test_how_tokens_are_chosen(client):
    assert create(client, temperature=2, top_p=0).output_text == create(client).output_text
    drawn = create(client, temperature=1.5)
    assert drawn.temperature == 1.5 and drawn.top_p == 1


def test_logprobs_are_included_where_asked_for(client):
    answer = create(client, include=["message.output_text.logprobs"], top_logprobs=2)
    tokens = answer.output[0].content[0].logprobs
    assert "".join(token.token for token in tokens) == answer.output_text and answer.top_logprobs == 2
    assert all(len(token.top_logprobs) == 2 and token.logprob <= 0 for token in tokens)
    assert create(client).output[0].content[0].logprobs == []


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_time"},
    {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "get_time"}]}], ids=str)  # fmt: skip
def test_a_demanded_call_is_made(client, choice):
    answer = create(client, tools=TOOLS, tool_choice=choice, parallel_tool_calls=False, max_output_tokens=ONE_CALL)
    (call,) = [item for item in answer.output if item.type == "function_call"]
    assert answer.status == "completed" and json.loads(call.arguments)["city"] in CITY["properties"]["city"]["enum"]
    assert call.name in ("get_weather", "get_time") if choice == "required" else call.name == "get_time"


@pytest.mark.parametrize("choice", ["none", "auto"])
def test_calls_that_are_not_demanded(client, choice):
    answer = create(client, tools=TOOLS, tool_choice=choice, max_output_tokens=32)
    kinds = {item.type for item in answer.output}
    assert kinds <= ({"message"} if choice == "none" else {"message", "function_call"})
    if choice == "none":
        (item,) = create(client, tools=TOOLS, tool_choice=choice, text=LETTERS_FORM).output
        assert item.type == "message"


def test_results_of_calls_go_back_in(client):
    question = {"role": "user", "content": "What is the weather in Rome?"}
    options = {"tools": TOOLS, "tool_choice": "required", "parallel_tool_calls": False}
    first = create(client, input=[question], max_output_tokens=ONE_CALL, **options)
    calls = [item for item in first.output if item.type == "function_call"]
    results = [{"type": "function_call_output", "call_id": call.call_id, "output": "It is sunny."} for call in calls]
    conversation = [question, *[call.model_dump(exclude_none=True) for call in calls], *results]
    second = create(client, input=conversation, tools=TOOLS, tool_choice="none", text=LETTERS_FORM)
    without = create(client, input=[question], tools=TOOLS, tool_choice="none", max_output_tokens=1)
    assert second.output_text and second.usage.input_tokens > without.usage.input_tokens + 8


class City(pydantic.BaseModel):
    city: str = pydantic.Field(max_length=12)


def test_the_clients_own_parse(client):
    limit = most_tokens(City.model_json_schema())
    answer = client.responses.parse(model=MODEL, input="Name a city.", text_format=City, max_output_tokens=limit, temperature=0)
    assert isinstance(answer.output_parsed, City)


def test_forms_of_text(client):
    answer = create(client, text=CITY_FORM | {"verbosity": "medium"}, max_output_tokens=most_tokens(CITY))
    assert json.loads(answer.output_text)["city"] in CITY["properties"]["city"]["enum"]
    assert create(client, text={"format": {"type": "json_object"}}).output_text.lstrip().startswith("{")
    assert create(client, text={"format": {"type": "text"}}).output_text == create(client).output_text


@pytest.mark.parametrize("text", [{}, LETTERS_FORM], ids=["free", "with a form"])
def test_a_stream_of_text_adds_up(client, text):
    events = list(create(client, text=text, stream=True))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    kinds = [event.type for event in events]
    assert kinds[:4] == ["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"]
    answer = events[-1].response
    ends = ["response.output_text.done", "response.content_part.done", "response.output_item.done", f"response.{answer.status}"]
    assert kinds[-4:] == ends and (answer.status == "incomplete" or not text)
    told = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert told == answer.output_text == events[-4].text == create(client, text=text).output_text


def test_a_stream_of_a_call_adds_up(client):
    events = list(create(client, tools=TOOLS, tool_choice="required", parallel_tool_calls=False, max_output_tokens=ONE_CALL, stream=True))
    (done,) = [event for event in events if event.type == "response.function_call_arguments.done"]
    pieces = [event.delta for event in events if event.type == "response.function_call_arguments.delta"]
    assert "".join(pieces) == done.arguments == events[-1].response.output[-1].arguments
    assert events[-1].type == "response.completed"


def test_what_was_asked_is_told_again(client):
    asked = dict(metadata={"a": "b"}, user="me", service_tier="auto", tools=TOOLS, tool_choice="none", parallel_tool_calls=False,
                 max_tool_calls=3, safety_identifier="me", prompt_cache_key="k", prompt_cache_retention="24h", truncation="disabled",
                 reasoning={"effort": "low"}, store=True, background=False)  # fmt: skip
    create(client, tools=TOOLS, tool_choice="none", max_output_tokens=1)  # from here on the prompt is in the cache
    answer = create(client, **asked)
    told = answer.model_dump()
    for name in ("metadata", "user", "tool_choice", "parallel_tool_calls", "max_tool_calls", "safety_identifier", "prompt_cache_key",
                 "prompt_cache_retention", "truncation", "background"):  # fmt: skip
        assert told[name] == asked[name], name
    assert answer.service_tier == "default" and answer.max_output_tokens == 8 and answer.reasoning.effort == "low"
    assert [tool.name for tool in answer.tools] == ["get_weather", "get_time"] and answer.text.format.type == "text"
    assert told["store"] is False and answer.previous_response_id is None and create(client).service_tier is None
    assert answer.output_text == create(client, tools=TOOLS, tool_choice="none").output_text


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("model", {"model": ""}), ("input", {"input": None}), ("input", {"input": []}), ("input[0].type", {"input": [{"type": "computer_call"}]}),
        ("input[0].role", {"input": [{"role": "wizard", "content": "Hi"}]}), ("input[0].content", {"input": [{"role": "user"}]}),
        ("input[0].content[0].type", {"input": [{"role": "user", "content": [{"type": "input_image"}]}]}),
        ("input[0].call_id", {"input": [{"type": "function_call_output", "call_id": "a", "output": "b"}]}),
        ("input", {"input": "word " * 20_000}), ("instructions", {"instructions": 1}),
        ("max_output_tokens", {"max_output_tokens": 0}), ("temperature", {"temperature": 3}), ("top_p", {"top_p": 2}),
        ("top_logprobs", {"top_logprobs": 3}), ("include[0]", {"include": ["all"]}), ("tools[0].type", {"tools": [{"type": "web_search"}]}),
        ("tools[0].name", {"tools": [{"type": "function", "name": "two words"}]}), ("tool_choice", {"tool_choice": "required"}),
        ("tool_choice", {"tool_choice": {"type": "function", "name": "nobody"}}), ("parallel_tool_calls", {"parallel_tool_calls": 1}),
        ("text.format.type", {"text": {"format": {"type": "xml"}}}), ("text.verbosity", {"text": {"verbosity": "low"}}),
        ("text.format.name", {"text": {"format": {"type": "json_schema", "schema": {}}}}),
        ("text.format.schema", {"text": {"format": {"type": "json_schema", "name": "a"}}}),
        ("reasoning.effort", {"reasoning": {"effort": "utmost"}}), ("reasoning.summary", {"reasoning": {"summary": "detailed"}}),
        ("stream", {"stream": 1}), ("stream_options", {"stream_options": {}}), ("max_tool_calls", {"max_tool_calls": 0}),
        ("service_tier", {"service_tier": "gold"}), ("truncation", {"truncation": "auto"}), ("background", {"background": True}),
        ("previous_response_id", {"previous_response_id": "resp_1"}), ("conversation", {"conversation": "conv_1"}),
        ("prompt", {"prompt": {"id": "p"}}), ("context_management", {"context_management": [{"type": "compaction"}]}),
        ("background_options", {"background_options": {}}), ("access_programs", {"access_programs": {}}),
        ("moderation", {"moderation": {"model": "m"}}), ("image", {"image": {}}), ("metadata", {"metadata": []}), ("user", {"user": 1}),
        ("safety_identifier", {"safety_identifier": "x" * 129}), ("store", {"store": 1}), ("prompt_cache_key", {"prompt_cache_key": 1}),
        ("prompt_cache_retention", {"prompt_cache_retention": "forever"}), ("prompt_cache_options", {"prompt_cache_options": 1}),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(server, field, fields):
    reply = server.http().post("/v1/responses", json={"model": MODEL, "input": "Hi", "max_output_tokens": 1} | fields)
    error = reply.json()["error"]
    assert reply.status_code == 400 and error["param"].startswith(field) and error["message"], reply.text
