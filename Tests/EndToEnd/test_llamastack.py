"""Each field of LlamaStack's chat completion. Its own clients are in test_llamastack_client.py."""

import json
import math

import pytest

from conftest import MODEL
from descriptions import events
from random_schemas import is_beginning, most_tokens, most_tokens_of_calls

PATH = "/v1/llamastack/inference/chat-completion"
HELLO = [{"role": "user", "content": "Say hello."}]
QUESTION = [{"role": "user", "content": "What is the weather in Rome?"}]
CITY = {"type": "object", "properties": {"city": {"enum": ["Rome", "Oslo"]}}, "required": ["city"], "additionalProperties": False}
TOOLS = [
    {
        "tool_name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {
            "city": {"param_type": "string", "description": "Which city"},
            "days": {"param_type": "int", "required": False, "default": 1},
        },
    }
]
# A tool whose calls always come to their end, even as many as one answer may have: its arguments are short.
FORECAST = [{"tool_name": "forecast", "parameters": {"days": {"param_type": "int"}, "metric": {"param_type": "bool"}}}]
ALL_CALLS = most_tokens_of_calls(
    {"forecast": {"type": "object", "properties": {"days": {"type": "integer"}, "metric": {"type": "boolean"}}}}, calls=16
)
# A form with an end, and one whose end does not come within a few tokens.
DONE = {"type": "grammar", "bnf": {"grammar": 'root ::= "It is done, and after these words there is nothing more to say."'}}
LETTERS = {"type": "grammar", "bnf": {"grammar": "root ::= [a-z]{500}"}}


def post(server, path=PATH, headers=None, **fields):
    parameters = {"strategy": "greedy", "max_tokens": 8} | fields.pop("sampling_params", {})
    body = {"model_id": MODEL, "messages": HELLO, "sampling_params": parameters} | fields
    reply = server.http().post(path, json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply


def message(server, **fields):
    return post(server, **fields).json()["completion_message"]


def stream(server, **fields):
    reply = post(server, stream=True, **fields)
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    return [chunk["event"] for chunk in events(reply.text)]


@pytest.mark.parametrize("path", [PATH, PATH.replace("-", "_"), PATH.replace("llamastack", "llamastack/alpha")])
def test_answers(server, path):
    answer = message(server, path=path)
    assert answer["role"] == "assistant" and answer["tool_calls"] == []
    chat = server.client().chat.completions.create(model=MODEL, messages=HELLO, temperature=0, max_tokens=8)
    assert answer["content"] == chat.choices[0].message.content
    whole = message(server, path=path, response_format=DONE, sampling_params={"max_tokens": 100})
    assert whole["content"].startswith("It is done") and whole["stop_reason"] == "end_of_turn"


def test_older_clients_say_model(server):
    reply = server.http().post(PATH, json={"model": MODEL, "messages": HELLO, "sampling_params": {"strategy": "greedy", "max_tokens": 2}})
    assert reply.status_code == 200


def test_lists_of_texts_are_joined(server):
    for role in ("user", "system"):
        joined = message(server, messages=[{"role": role, "content": "One\nTwo"}, *HELLO])
        assert message(server, messages=[{"role": role, "content": ["One", "Two"]}, *HELLO]) == joined


def test_the_context_goes_before_the_content(server):
    told = {"role": "user", "content": "Say hello.", "context": "The year is 1850."}
    joined = {"role": "user", "content": "The year is 1850.\n\nSay hello."}
    assert message(server, messages=[told]) == message(server, messages=[joined])


def test_the_strategy_says_what_acts(server):
    greedy = message(server)
    same = {"temperature": 2, "top_p": 1, "top_k": 50}
    assert message(server, sampling_params=same) == greedy
    assert message(server, sampling_params={"strategy": "top_p", "temperature": 2, "top_p": 0}) == greedy
    assert message(server, sampling_params={"strategy": "top_k", "temperature": 2, "top_k": 1}) == greedy
    # Of so many tokens at the highest temperature no two answers are the same by chance.
    hot = {"strategy": "top_p", "temperature": 2, "top_p": 1, "max_tokens": 16}
    assert message(server, response_format=LETTERS, sampling_params=hot) != message(server, response_format=LETTERS, sampling_params=hot)


def test_a_limit_ends_the_answer(server):
    answer = message(server, response_format=LETTERS, sampling_params={"max_tokens": 5})
    assert answer["stop_reason"] == "out_of_tokens"
    # 0 is no limit.
    answer = message(server, response_format=DONE, sampling_params={"max_tokens": 0})
    assert answer["stop_reason"] == "end_of_turn" and answer["content"].endswith("nothing more to say.")


def test_the_penalty_keeps_from_repeating(server):
    # One that divides scores favours other words, one that multiplies them the same.
    colours = {"type": "grammar", "bnf": {"grammar": 'root ::= "red blue red" (" red" | " green")'}}
    for penalty, last in ((2, "green"), (0.01, "red")):
        answer = message(server, response_format=colours, sampling_params={"max_tokens": 32, "repetition_penalty": penalty})
        assert answer["content"] == f"red blue red {last}"


def test_a_json_schema(server):
    form = {"type": "json_schema", "json_schema": CITY}
    answer = message(server, response_format=form, sampling_params={"max_tokens": most_tokens(CITY)})
    assert json.loads(answer["content"])["city"] in ("Rome", "Oslo")


@pytest.mark.parametrize("bnf", [{"root": 'word "!"', "word": '"yes" | "no"'}, {"grammar": 'root ::= ("yes" | "no") "!"'}])
def test_a_grammar(server, bnf):
    assert message(server, response_format={"type": "grammar", "bnf": bnf})["content"] in ("yes!", "no!")


def test_a_demanded_call_is_made(server):
    answer = message(server, messages=QUESTION, tools=FORECAST, tool_choice="required", sampling_params={"max_tokens": ALL_CALLS})
    assert answer["stop_reason"] == "end_of_message" and answer["tool_calls"]
    for call in answer["tool_calls"]:
        assert call["tool_name"] == "forecast" and call["call_id"]
        assert isinstance(call["arguments"]["days"], int) and isinstance(call["arguments"]["metric"], bool)
    # The name of a city has no end by itself: where it is cut off, the call is left out.
    answer = message(server, messages=QUESTION, tools=TOOLS, tool_choice="required", sampling_params={"max_tokens": 100})
    assert answer["stop_reason"] == "out_of_tokens" or answer["stop_reason"] == "end_of_message" and answer["tool_calls"]
    for call in answer["tool_calls"]:
        assert call["tool_name"] == "get_weather" and isinstance(call["arguments"]["city"], str)
        assert isinstance(call["arguments"].get("days", 1), int)
    free = message(server, messages=HELLO, tools=TOOLS, tool_choice="auto", tool_prompt_format="json")
    assert free["stop_reason"] in ("end_of_turn", "end_of_message", "out_of_tokens")


def test_known_tools_need_no_definition(server):
    answer = message(server, messages=QUESTION, tools=[{"tool_name": "brave_search"}], tool_choice="required", sampling_params={"max_tokens": 100})
    assert answer["stop_reason"] == "out_of_tokens" or answer["stop_reason"] == "end_of_message" and answer["tool_calls"]
    assert all(call["tool_name"] == "brave_search" and isinstance(call["arguments"]["query"], str) for call in answer["tool_calls"])


def test_results_of_calls_go_back_in(server):
    call = {"call_id": "a", "tool_name": "get_weather", "arguments": {"city": "Rome"}}
    said = {"role": "assistant", "content": "", "stop_reason": "end_of_message", "tool_calls": [call]}
    result = {"role": "ipython", "call_id": "a", "tool_name": "get_weather", "content": "It is sunny."}
    assert message(server, messages=[*QUESTION, said, result], tools=TOOLS)["role"] == "assistant"
    assert message(server, messages=[*QUESTION, said, result], response_format=LETTERS)["content"].islower()


@pytest.mark.parametrize("streams", [False, True])
def test_logprobs(server, streams):
    # What a model likes best; and what it is held to, which has to be told of too where it is not among the likeliest.
    for options, count, most in (({}, 1, 3), ({"response_format": LETTERS}, 8, 4)):
        if streams:
            tokens = [one for event in stream(server, logprobs={"top_k": 3}, **options) for one in event.get("logprobs", [])]
        else:
            tokens = post(server, logprobs={"top_k": 3}, **options).json()["logprobs"]
        assert count <= len(tokens) <= 8
        for token in tokens:
            values = token["logprobs_by_token"].values()
            assert 3 <= len(values) <= most and sum(math.exp(value) for value in values) <= 1.0001
    assert len(post(server, logprobs={}).json()["logprobs"][0]["logprobs_by_token"]) == 1
    assert "logprobs" not in post(server).json()


def test_a_stream_adds_up(server):
    told = stream(server)
    assert [event["event_type"] for event in told] == ["start", *["progress"] * (len(told) - 2), "complete"]
    whole = message(server)
    assert "".join(event["delta"] for event in told) == whole["content"]
    assert told[-1]["stop_reason"] == whole["stop_reason"]


def test_a_stream_of_a_call_adds_up(server):
    told = stream(server, messages=QUESTION, tools=FORECAST, tool_choice="required", sampling_params={"max_tokens": ALL_CALLS})
    assert told[-1]["stop_reason"] == "end_of_message"
    calls, cut = gathered(told)
    assert calls and cut is None and all(call["tool_name"] == "forecast" for call in calls)
    # The name of a city has no end by itself.
    calls, cut = gathered(stream(server, messages=QUESTION, tools=TOOLS, tool_choice="required", sampling_params={"max_tokens": 24}))
    assert all(call["tool_name"] == "get_weather" for call in calls) and (cut is None or is_beginning(cut))


def gathered(told):
    """The calls of a stream that are whole, and what there is of one that is not."""
    pieces, calls, cut = "", [], None
    for delta in [event["delta"] for event in told if isinstance(event["delta"], dict)]:
        match delta["parse_status"]:
            case "started":
                pieces = ""
            case "in_progress":
                pieces += delta["content"]
            case "success":
                assert json.loads(pieces) == delta["content"]["arguments"]
                calls.append(delta["content"])
            case "failure":
                cut = delta["content"]
                assert cut == pieces
    return calls, cut


def test_provider_data_is_of_no_effect(server):
    headers = {"X-LlamaStack-ProviderData": '{"key": "value"}'}
    assert post(server, headers=headers).json() == post(server).json()


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("model_id", {"model_id": ""}), ("messages", {"messages": []}), ("messages[0].role", {"messages": [{"role": "tool", "content": "a"}]}),
        ("messages[0].content", {"messages": [{"role": "user"}]}), ("messages[0].name", {"messages": [{"role": "user", "content": "a", "name": "b"}]}),
        ("messages[0].content.image", {"messages": [{"role": "user", "content": {"image": "data:image/png;base64,"}}]}),
        ("messages[0].context[0].image", {"messages": [{"role": "user", "content": "a", "context": [{"image": "https://a.example/b.png"}]}]}),
        ("messages[0].stop_reason", {"messages": [{"role": "assistant", "content": "a", "tool_calls": [], "stop_reason": "bored"}]}),
        ("messages[0].call_id", {"messages": [{"role": "ipython", "tool_name": "a", "content": "b"}]}),
        ("sampling_params.strategy", {"sampling_params": {}}), ("sampling_params.top_p", {"sampling_params": {"strategy": "greedy", "top_p": 2}}),
        ("sampling_params.max_tokens", {"sampling_params": {"strategy": "greedy", "max_tokens": -1}}),
        ("sampling_params.temperature", {"sampling_params": {"strategy": "greedy", "temperature": "hot"}}),
        ("sampling_params.top_k", {"sampling_params": {"strategy": "greedy", "top_k": 1.5}}),
        ("sampling_params.repetition_penalty", {"sampling_params": {"strategy": "greedy", "repetition_penalty": 0}}),
        ("sampling_params.seed", {"sampling_params": {"strategy": "greedy", "seed": 1}}),
        ("response_format.type", {"response_format": {"type": "xml"}}), ("response_format.json_schema", {"response_format": {"type": "json_schema"}}),
        ("response_format.bnf", {"response_format": {"type": "grammar", "bnf": {"root": 1}}}),
        ("tools[0].tool_name", {"tools": [{}]}), ("tools[0].parameters.a.param_type", {"tools": [{"tool_name": "a", "parameters": {"a": {"param_type": "wizard"}}}]}),
        ("tool_choice", {"tool_choice": "required"}), ("tool_prompt_format", {"tool_prompt_format": "python_list"}),
        ("logprobs.top_k", {"logprobs": {"top_k": 21}}), ("stream", {"stream": "yes"}), ("wizard", {"wizard": 1}),
    ],
)  # fmt: skip
def test_each_wrong_field_is_named(server, field, fields):
    reply = server.http().post(PATH, json={"model_id": MODEL, "messages": HELLO} | fields)
    body = reply.json()
    assert reply.status_code == 400 and body["param"].startswith(field) and body["message"], reply.text
    assert (body["error"]["param"], body["error"]["code"], body["status"]) == (body["param"], body["code"], 400)
