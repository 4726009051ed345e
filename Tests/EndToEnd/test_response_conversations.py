"""Conversations over the Responses API, whose items go back in as they came, and the client's own helpers."""

import json

import pydantic
import pytest

from conftest import MODEL
from random_schemas import most_tokens, most_tokens_of_calls
from test_responses import CITY, CITY_FORM

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"enum": ["Paris", "Rome"]}, "unit": {"enum": ["celsius", "fahrenheit"]}},
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
    "strict": True,
}


class Animal(pydantic.BaseModel):
    legs: int
    is_tame: bool


def respond(server, items, **options):
    options = {"temperature": 0, "max_output_tokens": 48} | options
    return server.client().responses.create(model=MODEL, input=items, **options)


def test_a_conversation_goes_on_with_its_output(server):
    question = {"role": "user", "content": "My name is Ada. What is my name?"}
    first = respond(server, [question], max_output_tokens=24)
    items = [question, *(item.to_dict() for item in first.output), {"role": "user", "content": "Say it again."}]
    again = respond(server, items, text=CITY_FORM, max_output_tokens=most_tokens(CITY))
    assert again.status == "completed" and again.output_text
    assert again.usage.input_tokens > first.usage.input_tokens + first.usage.output_tokens
    assert again.usage.input_tokens_details.cached_tokens >= first.usage.input_tokens


@pytest.mark.parametrize("choice", ["required", {"type": "function", "name": "get_weather"}])
def test_a_call_and_its_result_go_back_in(server, choice):
    question = {"role": "user", "content": "What is the weather in Paris, in celsius?"}
    # With so many tokens all calls come to their end that one answer may have.
    limit = most_tokens_of_calls({"get_weather": WEATHER["parameters"]}, calls=16)
    answer = respond(server, [question], tools=[WEATHER], tool_choice=choice, max_output_tokens=limit)
    calls = [item for item in answer.output if item.type == "function_call"]
    assert answer.status == "completed" and calls
    for call in calls:
        arguments = json.loads(call.arguments)
        assert call.name == "get_weather" and set(arguments) == {"city", "unit"}
        assert arguments["city"] in ("Paris", "Rome") and arguments["unit"] in ("celsius", "fahrenheit")
    results = [{"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees"} for call in calls]
    items = [question, *(item.to_dict() for item in answer.output), *results]
    after = respond(server, items, tools=[WEATHER], tool_choice="none", text=CITY_FORM, max_output_tokens=most_tokens(CITY))
    without = respond(server, [question], tools=[WEATHER], tool_choice="none", max_output_tokens=1)
    assert after.output_text and after.usage.input_tokens > without.usage.input_tokens + 8


@pytest.mark.parametrize("stream", [False, True])
def test_the_clients_helpers_parse_what_they_asked_for(server, stream):
    responses = server.client().responses
    options = {"model": MODEL, "input": "Describe a dog.", "temperature": 0}
    options["max_output_tokens"] = most_tokens(Animal.model_json_schema())
    if stream:
        with responses.stream(text_format=Animal, **options) as events:
            answer = events.get_final_response()
    else:
        answer = responses.parse(text_format=Animal, **options)
    assert answer.status == "completed" and isinstance(answer.output_parsed, Animal)


def test_the_clients_stream_gathers_the_answer(server):
    with server.client().responses.stream(model=MODEL, input="Name a city.", text=CITY_FORM, temperature=0) as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert final.status == "completed" and final.output_text == text
