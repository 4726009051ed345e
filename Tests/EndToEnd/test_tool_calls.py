"""Calls that are demanded: all parse and fit, and a stream adds up to a whole answer."""

import concurrent.futures
import json

import jsonschema

from conftest import MODEL
from random_schemas import Drawer, is_beginning, most_tokens_of_calls
from test_chat_fields import streamed
from waiting import rounds

# A multiple of twelve has all combinations of what `request` varies.
CALLS = rounds(12, 240)


def request(index):
    """Three functions with random parameters, new ones every third request; every second names the one to call."""
    drawer = Drawer(seed=index // 3)
    tools = {f"{verb}_{index // 3}": drawer.schema() for verb in ("find", "make", "send")}
    named = list(tools)[index % 3] if index % 2 else None
    is_parallel = index % 4 == 0
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": f"Please call a function for order {index}."}],
        "tools": [{"type": "function", "function": {"name": name, "parameters": schema}} for name, schema in tools.items()],
        "tool_choice": {"type": "function", "function": {"name": named}} if named else "required",
        "temperature": index % 3 / 2,
        "seed": index,
        "parallel_tool_calls": is_parallel,
        # One call always comes to its end. Several, up to 16, can take more than the context: those may be cut off.
        "max_tokens": 200 if is_parallel else most_tokens_of_calls(tools),
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
    calls, rest = answer["calls"], []
    if answer["reason"] == "length" and body["parallel_tool_calls"]:
        calls, rest = calls[:-1], calls[-1:]
    elif answer["reason"] != "tool_calls" or not calls or len(calls) > 1 and not body["parallel_tool_calls"]:
        return f"request {index} was not answered with a call: {answer}"
    for name, arguments in calls + rest:
        if name not in tools or named not in (None, name):
            return f"request {index} asked for {named or 'any'} and got {name}"
    for _, arguments in rest:
        if not is_beginning(arguments):
            return f"request {index}: {arguments} begins no arguments"
    for name, arguments in calls:
        try:
            value = json.loads(arguments)
            jsonschema.Draft202012Validator(tools[name], format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(value)
        except (ValueError, jsonschema.ValidationError) as error:
            return f"request {index}: {error}\n{json.dumps(tools[name])}\n{arguments}"


def test_demanded_calls_fit_whole_and_streamed(server):
    client = server.client()

    def ask(index):
        body = request(index)[2]
        answer = whole(client.chat.completions.create(**body).choices[0])
        stream = added_up(client.chat.completions.create(**body, stream=True))
        return [found for found in (fault(index, answer), fault(index, stream)) if found]

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        faults = [found for result in pool.map(ask, range(CALLS)) for found in result]
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:5])


def test_alone_a_stream_adds_up_to_the_whole(server):
    """One request at a time, whose prompt is in the cache: then nothing changes how sums round (Docs/exactness.md)."""
    client = server.client()
    # One that names the function, one that does not, and several calls.
    for index in (1, 2, 4):
        body = request(index)[2] | {"temperature": 0, "max_tokens": 100}
        client.chat.completions.create(**body | {"max_tokens": 1})
        answer = whole(client.chat.completions.create(**body).choices[0])
        assert added_up(client.chat.completions.create(**body, stream=True)) == answer
