"""Calls that are demanded: a hundred of a hundred parse and fit, and a stream adds up to the whole."""

import concurrent.futures
import json

import jsonschema
from conftest import MODEL
from random_schemas import Drawer
from test_chat_fields import streamed

CALLS = 100


def request(index):
    """Three functions with random parameters, new ones every tenth request; every second names the one to call."""
    drawer = Drawer(seed=index // 10)
    tools = {f"{verb}_{index // 10}": drawer.schema() for verb in ("find", "make", "send")}
    named = list(tools)[index % 3] if index % 2 else None
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": f"Please call a function for order {index}."}],
        "tools": [{"type": "function", "function": {"name": name, "parameters": schema}} for name, schema in tools.items()],
        "tool_choice": {"type": "function", "function": {"name": named}} if named else "required",
        "temperature": index % 3 / 2,
        "seed": index,
        # A small model that may call several times often does so until it may no longer.
        "parallel_tool_calls": index % 4 == 0,
        "max_tokens": 1_200,
    }
    return tools, named, body


def whole(choice):
    calls = [(call.function.name, call.function.arguments) for call in choice.message.tool_calls or []]
    return {"reason": choice.finish_reason, "content": choice.message.content or "", "calls": calls}


def added_up(chunks):
    (choice,) = streamed(chunks)
    calls = [(call["name"], call["arguments"]) for call in choice["calls"].values()]
    return {"reason": choice["reason"], "content": choice["content"], "calls": calls}


def fault(index, answer):
    """What is wrong with an answer, if anything."""
    tools, named, body = request(index)
    calls = answer["calls"]
    if was_cut_off(answer):
        # The model's own doing where it may call several times; then it has called before, and it is the last that is cut.
        if not body["parallel_tool_calls"] or len(calls) < 2:
            return f"request {index} was cut off: {answer}"
        calls = calls[:-1]
    elif answer["reason"] != "tool_calls" or not calls:
        return f"request {index} was not answered with a call: {answer}"
    for name, arguments in calls:
        if name not in tools or named not in (None, name):
            return f"request {index} asked for {named or 'any'} and got {name}"
        try:
            value = json.loads(arguments)
            jsonschema.Draft202012Validator(tools[name], format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(value)
        except (ValueError, jsonschema.ValidationError) as error:
            return f"request {index}: {error}\n{json.dumps(tools[name])}\n{arguments}"


def was_cut_off(answer):
    return answer["reason"] == "length"


def test_100_of_100_calls_fit_and_streams_add_up_to_them(server):
    client = server.client()

    def ask(index):
        body = request(index)[2]
        answer = whole(client.chat.completions.create(**body).choices[0])
        stream = added_up(client.chat.completions.create(**body, stream=True))
        return fault(index, answer), fault(index, stream), answer, stream

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(ask, range(CALLS)))
    faults = [fault for one, two, *_ in results for fault in (one, two) if fault]
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:5])
    assert sum(was_cut_off(answer) or was_cut_off(stream) for *_, answer, stream in results) <= CALLS // 50
    # The engine's arithmetic may round differently in a batch; where it does, an answer can take another turn.
    same = sum(answer == stream for *_, answer, stream in results)
    print(f"{same} of {CALLS} streams add up to what was answered whole")
    assert same >= CALLS * 9 // 10


def test_alone_a_stream_adds_up_to_the_whole(server):
    """One at a time, nothing else can decide how sums are rounded."""
    client = server.client()
    for index in range(0, 12, 3):
        body = request(index)[2] | {"temperature": 0}
        client.chat.completions.create(**body)  # from here on the prompt is in the cache
        answer = whole(client.chat.completions.create(**body).choices[0])
        assert added_up(client.chat.completions.create(**body, stream=True)) == answer
