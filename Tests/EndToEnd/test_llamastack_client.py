"""LlamaStack's published clients, unchanged, against the server."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

from conftest import EMBEDDER, MODEL
from random_schemas import most_tokens
from test_llamastack import ALL_CALLS, FORECAST, LETTERS
from waiting import HANG

CALLS = pathlib.Path(__file__).with_name("llamastack_calls.py")
WEATHER = {
    "tool_name": "weather",
    "description": "Tells the weather of a town.",
    "parameters": {
        "town": {"param_type": "string", "description": "The town"},
        "days": {"param_type": "int", "description": "How many days", "required": True},
    },
}


class Refused(Exception):
    """The client raised this error, with this status and body."""

    def __init__(self, name, status, body):
        super().__init__(name, status, body)
        self.name, self.status, self.body = name, status, body


class Client:
    """One version of the client, in a process of its own."""

    def __init__(self, version, url):
        self.is_older = version == "0.0.50"
        packages = os.environ["DPAIS_TEST_LLAMASTACK_" + version.replace(".", "_")]
        self.process = subprocess.Popen(
            [sys.executable, CALLS, url, str(HANG)],
            env=os.environ | {"PYTHONPATH": packages},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def call(self, method, **arguments):
        self.process.stdin.write(json.dumps({"method": method, "arguments": arguments}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise Refused(answer["error"], answer["status"], answer["body"])
        return answer["result"]

    def chat(self, content="Say hello.", model=MODEL, messages=None, **arguments):
        """A chat completion. What a version has no argument for goes beside its arguments into the body."""
        named = {"model" if self.is_older else "model_id": model}
        if self.is_older and "response_format" in arguments:
            named["extra_body"] = {"response_format": arguments.pop("response_format")}
        messages = messages or [{"role": "user", "content": content}]
        arguments.setdefault("sampling_params", {"strategy": "greedy", "max_tokens": 12})
        return self.call("inference.chat_completion", messages=messages, **named, **arguments)

    def close(self):
        self.process.stdin.close()
        self.process.wait(HANG)


@pytest.fixture(scope="module", params=["0.0.50", "0.0.53"])
def client(request, server):
    client = Client(request.param, server.url + "/v1/llamastack")
    yield client
    client.close()


def text(chunks):
    return "".join(c["event"]["delta"] for c in chunks if isinstance(c["event"]["delta"], str))


def test_whole_answer(client):
    answer = client.chat(sampling_params={"strategy": "greedy", "max_tokens": 4}, response_format=LETTERS)
    message = answer["completion_message"]
    assert message["role"] == "assistant" and message["content"]
    assert message["stop_reason"] == "out_of_tokens"
    assert message["tool_calls"] == []
    assert "logprobs" not in answer


def test_stream_is_the_whole_answer(client):
    chunks = client.chat(stream=True)
    kinds = [chunk["event"]["event_type"] for chunk in chunks]
    assert kinds[0] == "start" and kinds[-1] == "complete" and set(kinds[1:-1]) == {"progress"}
    whole = client.chat()["completion_message"]
    assert text(chunks) == whole["content"]
    assert chunks[-1]["event"]["stop_reason"] == whole["stop_reason"]


def test_sampling_without_parameters_is_greedy(client):
    # Temperature 0 is the specification's default under every strategy.
    greedy = client.chat()
    for strategy in ["top_p", "top_k"]:
        assert client.chat(sampling_params={"strategy": strategy, "max_tokens": 12}) == greedy


def test_strategies_draw(client):
    hot = {"temperature": 2.0, "max_tokens": 12}
    # Of so many tokens at the highest temperature no two answers are the same by chance.
    answers = [client.chat(sampling_params={"strategy": "top_p", "top_p": 1.0} | hot, response_format=LETTERS) for _ in range(2)]
    assert answers[0] != answers[1]
    # One token to choose from is no choice.
    assert client.chat(sampling_params={"strategy": "top_k", "top_k": 1} | hot) == client.chat()


@pytest.mark.parametrize("stream", [False, True])
def test_logprobs(client, stream):
    answer = client.chat(logprobs={"top_k": 3}, stream=stream)
    if stream:
        tokens = [token for chunk in answer for token in chunk["event"].get("logprobs") or []]
    else:
        tokens = answer["logprobs"]
    assert 1 <= len(tokens) <= 12
    for token in tokens:
        values = list(token["logprobs_by_token"].values())
        # Greedy: the chosen token is the likeliest, so that it is one of the three.
        assert len(values) == 3 and values == sorted(values, reverse=True) and values[0] <= 0


def test_json_schema(client):
    properties = {"n": {"type": "integer"}, "a": {"enum": ["x", "y"]}}
    schema = {"type": "object", "properties": properties, "required": ["n", "a"]}
    answer = client.chat(
        "Fill in the form.",
        response_format={"type": "json_schema", "json_schema": schema},
        sampling_params={"strategy": "greedy", "max_tokens": most_tokens(schema)},
    )
    message = answer["completion_message"]
    assert message["stop_reason"] == "end_of_turn"
    value = json.loads(message["content"])
    assert list(value) == ["n", "a"] and isinstance(value["n"], int) and value["a"] in ("x", "y")


@pytest.mark.parametrize(
    "bnf", [{"root": '"yes" end | "no" end', "end": "[.!]"}, {"grammar": 'root ::= ("yes" | "no") [.!]'}]
)
def test_grammar(client, bnf):
    answer = client.chat("Is water wet?", response_format={"type": "grammar", "bnf": bnf})
    assert answer["completion_message"]["content"] in ["yes.", "yes!", "no.", "no!"]
    assert answer["completion_message"]["stop_reason"] == "end_of_turn"


@pytest.mark.parametrize("stream", [False, True])
def test_tool_that_must_be_called(client, stream):
    answer = client.chat(
        "What is the weather in Rome?",
        tools=FORECAST,
        tool_choice="required",
        tool_prompt_format="json",
        stream=stream,
        sampling_params={"strategy": "greedy", "max_tokens": ALL_CALLS},
    )
    if stream:
        deltas = [chunk["event"]["delta"] for chunk in answer if isinstance(chunk["event"]["delta"], dict)]
        assert deltas[0] == {"content": "", "parse_status": "started"}
        calls = [delta["content"] for delta in deltas if delta["parse_status"] == "success"]
        pieces = "".join(delta["content"] for delta in deltas if delta["parse_status"] == "in_progress")
        assert len(calls) > 1 or json.loads(pieces) == calls[0]["arguments"]
        stop_reason = answer[-1]["event"]["stop_reason"]
    else:
        calls = answer["completion_message"]["tool_calls"]
        stop_reason = answer["completion_message"]["stop_reason"]
    assert stop_reason == "end_of_message"
    assert calls
    for call in calls:
        assert call["call_id"] and call["tool_name"] == "forecast"
        assert isinstance(call["arguments"]["metric"], bool)
        # The client has no type for integers: it makes floats of them.
        assert call["arguments"]["days"].is_integer()


def test_a_tool_that_is_described(client):
    """The name of a town has no end by itself, so that a call may be cut off: then it is left out."""
    limit = {"strategy": "greedy", "max_tokens": 100}
    message = client.chat("What is the weather in Rome?", tools=[WEATHER], tool_choice="required", sampling_params=limit)["completion_message"]
    assert message["tool_calls"] or message["stop_reason"] == "out_of_tokens"
    for call in message["tool_calls"]:
        assert isinstance(call["arguments"]["town"], str) and call["arguments"]["days"].is_integer()


def test_result_of_a_tool_goes_back(client):
    call = {"call_id": "c1", "tool_name": "weather", "arguments": {"town": "Rome", "days": 1}}
    messages = [
        {"role": "system", "content": "You are a weather reporter."},
        {"role": "user", "content": "What is the weather?", "context": ["The town is Rome."]},
        {"role": "assistant", "content": "", "stop_reason": "end_of_message", "tool_calls": [call]},
        {"role": "ipython", "call_id": "c1", "tool_name": "weather", "content": "Sunny, 24 degrees."},
    ]
    assert client.chat(messages=messages, tools=[WEATHER])["completion_message"]["role"] == "assistant"
    assert client.chat(messages=messages, response_format=LETTERS)["completion_message"]["content"].islower()


def test_context_is_read(client):
    # Another prompt gives other scores.
    options = {"logprobs": {"top_k": 1}, "sampling_params": {"strategy": "greedy", "max_tokens": 1}}
    plain = client.chat("Who am I?", **options)["logprobs"]
    message = {"role": "user", "content": "Who am I?", "context": "You speak to Ada Lovelace."}
    assert client.chat(messages=[message], **options)["logprobs"] != plain


def test_faults_are_named(client):
    bad = [
        ({"sampling_params": {"strategy": "greedy", "temperature": -1}}, "sampling_params.temperature"),
        ({"messages": [{"role": "user", "content": {"image": "data:,"}}]}, "messages[0].content.image"),
        ({"model": "no-such-model"}, "model_id"),
        ({"tool_choice": "required"}, "tool_choice"),
        ({"extra_body": {"seed": 1}}, "seed"),
    ]
    for arguments, param in bad:
        with pytest.raises(Refused) as refused:
            client.chat(**arguments)
        assert refused.value.name == "BadRequestError"
        assert refused.value.body["param"] == refused.value.body["error"]["param"] == param


def test_engine_names_our_fields(client):
    with pytest.raises(Refused) as refused:
        client.chat(response_format={"type": "grammar", "bnf": {"root": "nowhere"}})
    assert refused.value.body["param"] == "response_format.bnf"


def embed(client, contents, model=EMBEDDER):
    if client.is_older:
        return client.call("inference.embeddings.create", model=model, contents=contents)["embeddings"]
    return client.call("inference.embeddings", model_id=model, contents=contents)["embeddings"]


def test_embeddings(client, server):
    vectors = embed(client, ["one", ["two", "three"], "one"])
    assert [len(vector) for vector in vectors] == [384] * 3
    again = server.client().embeddings.create(model=EMBEDDER, input=["one", "two\nthree"])
    for one, other in ((vectors[0], again.data[0].embedding), (vectors[1], again.data[1].embedding), (vectors[0], vectors[2])):
        assert sum(a * b for a, b in zip(one, other)) > 0.9999


def test_wrong_requests_for_embeddings_are_named(client):
    picture = {"image": "data:image/png;base64,R0lGODlh"}
    for contents, model, param in (
        (["a", picture], EMBEDDER, "contents[1].image"), (["a", [""]], EMBEDDER, "contents[1][0]"),
        (["a"], MODEL, "model_id"), (["a"], "no-such", "model_id"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            embed(client, contents, model)
        assert refused.value.status == 400 and refused.value.body["param"] == param


def test_inspection(client, server):
    assert client.call("inspect.health") == {"status": "OK"}
    providers = client.call("providers.list")
    assert {"provider_id": "llama", "provider_type": "inline::llama"} in providers["inference"]
    for api, routes in client.call("routes.list").items():
        assert routes, api
        for route in routes:
            body = {} if route["method"] == "POST" else None
            reply = server.http().request(route["method"], route["route"], json=body)
            assert reply.status_code in (200, 400), route


def test_models(client):
    models = client.call("models.list")
    assert MODEL in [model["identifier"] for model in models]
    model = client.call("models.retrieve", identifier=MODEL)
    assert model["provider_id"] == "llama" and model["metadata"]["capability"] == "chat"
