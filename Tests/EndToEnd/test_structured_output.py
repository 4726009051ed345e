"""Answers that have to fit a schema do: parsed, and checked by another implementation of JSON Schema."""

import concurrent.futures
import json

import jsonschema

from conftest import MODEL
from random_schemas import Drawer, most_tokens
from waiting import rounds

SCHEMAS = rounds(32, 400)


def asking(name, schema, **options):
    return {
        "model": MODEL,
        "messages": [{"role": "user", "content": f"Fill in a JSON form about item {name}. Be brief."}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "form", "schema": schema, "strict": True}},
        "max_tokens": options.pop("max_tokens", None) or most_tokens(schema),
    } | options


def answer(client, name, schema, **options):
    return client.chat.completions.create(**asking(name, schema, **options)).choices[0]


def fault(schema, choice):
    """What is wrong with an answer; `None` where it is whole and valid."""
    if choice.finish_reason != "stop":
        return f"ended by {choice.finish_reason}\n{json.dumps(schema)}\n{choice.message.content}"
    try:
        value = json.loads(choice.message.content)
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(value)
    except (ValueError, jsonschema.ValidationError) as error:
        return f"{type(error).__name__}: {error}\n{json.dumps(schema)}\n{choice.message.content}"


def test_answers_fit_random_schemas(server):
    client, drawer = server.client(), Drawer(seed=20_251_122)
    schemas = [drawer.schema() for _ in range(SCHEMAS)]

    def ask(index):
        # Half of them greedy, half drawn.
        return fault(schemas[index], answer(client, index, schemas[index], temperature=index % 2, seed=index))

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        faults = [found for found in pool.map(ask, range(SCHEMAS)) if found]
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:5])


def test_an_answer_ends_however_much_a_model_likes_white_space(server):
    """And escapes, and digits: what a grammar leaves open is bounded."""
    client, drawer = server.client(), Drawer(seed=7)
    # A line end, a tab, a space, a backslash, and the digit 9; more likely than all other tokens, in this order.
    liked = {str(token): 100 - place for place, token in enumerate([198, 197, 216, 76, 41])}
    for index in range(2):
        schema = drawer.schema()
        choice = answer(client, index, schema, temperature=0, logit_bias=liked)
        assert not fault(schema, choice) and "\n\n\t" in choice.message.content


def test_a_cut_off_answer_is_the_beginning_of_a_valid_one(server):
    # 20 tokens are never 500 lower-case letters.
    letters = {"type": "string", "pattern": "^[a-z]{500}$"}
    schema = {"type": "object", "properties": {"a": letters}, "required": ["a"], "additionalProperties": False}
    choice = answer(server.client(), 1, schema, max_tokens=20)
    assert choice.finish_reason == "length"
    begun, head = "".join(choice.message.content.split()), '{"a":"'
    # All that comes before the letters may be white space, if the model likes that.
    assert begun.startswith(head) and begun[len(head) :].islower() or head.startswith(begun)


def test_streamed_it_is_the_same(server):
    """Of a prompt below 64 tokens (Docs/exactness.md)."""
    client, drawer = server.client(), Drawer(seed=3)
    for index in range(3):
        request = asking(index, drawer.schema(), temperature=0, max_tokens=60)
        whole = client.chat.completions.create(**request)
        chunks = client.chat.completions.create(**request, stream=True)
        assert whole.usage.prompt_tokens < 64
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.choices[0].message.content


def test_properties_come_in_the_schemas_order(server):
    names = ["zebra", "apple", "mango", "banana"]
    schema = {"type": "object", "properties": {name: {"type": "boolean"} for name in names}, "required": names, "additionalProperties": False}
    choice = answer(server.client(), 1, schema, temperature=0)
    assert list(json.loads(choice.message.content)) == names
