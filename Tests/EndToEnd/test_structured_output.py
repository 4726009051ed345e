"""Answers that have to have a form have it: parsed, and checked by another implementation of JSON Schema."""

import collections
import concurrent.futures
import json

import jsonschema

from conftest import MODEL
from random_schemas import Drawer

SCHEMAS = 200


def answer(client, name, schema, **options):
    return client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": f"Fill in a JSON form about item {name}. Be brief."}],
        response_format={"type": "json_schema", "json_schema": {"name": "form", "schema": schema, "strict": True}},
        **options,
    ).choices[0]


def fault(schema, choice):
    """What is wrong with an answer; `None` where it is valid, or was cut off."""
    if choice.finish_reason == "length":
        return None
    try:
        value = json.loads(choice.message.content)
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).validate(value)
    except (ValueError, jsonschema.ValidationError) as error:
        return f"{type(error).__name__}: {error}\n{json.dumps(schema)}\n{choice.message.content}"


def test_200_random_schemas_200_valid_answers(server):
    client, drawer = server.client(), Drawer(seed=20_251_122)
    ends, faults, asked = collections.Counter(), [], 0

    def ask(index_and_schema):
        index, schema = index_and_schema
        # Half of them greedy, half drawn.
        return schema, answer(client, index, schema, temperature=index % 2, seed=index, max_tokens=300)

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        # An answer that was cut off says nothing; others are asked for in its place.
        while ends["stop"] < SCHEMAS and asked < SCHEMAS + 20 and not faults:
            batch = [(asked + index, drawer.schema()) for index in range(max(8, SCHEMAS - asked))]
            asked += len(batch)
            for schema, choice in pool.map(ask, batch):
                ends[choice.finish_reason] += 1
                if found := fault(schema, choice):
                    faults.append(found)
    print(f"{asked} schemas, ends {dict(ends)}")
    assert not faults, f"{len(faults)} faults\n" + "\n\n".join(faults[:5])
    assert ends["stop"] >= SCHEMAS


def test_a_cut_off_answer_is_the_beginning_of_a_valid_one(server):
    schema = {"type": "object", "properties": {"a": {"type": "string", "minLength": 200}}, "required": ["a"], "additionalProperties": False}
    choice = answer(server.client(), 1, schema, max_tokens=20)
    assert choice.finish_reason == "length"
    assert "".join(choice.message.content.split()).startswith('{"a":"')


def test_streamed_it_is_the_same(server):
    client, drawer = server.client(), Drawer(seed=3)
    for index in range(6):
        schema = drawer.schema()
        whole = answer(client, index, schema, temperature=0, max_tokens=120)
        chunks = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": f"Fill in a JSON form about item {index}. Be brief."}],
            response_format={"type": "json_schema", "json_schema": {"name": "form", "schema": schema, "strict": True}},
            temperature=0, max_tokens=120, stream=True,
        )  # fmt: skip
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.message.content


def test_properties_come_in_the_schemas_order(server):
    names = ["zebra", "apple", "mango", "banana"]
    schema = {"type": "object", "properties": {name: {"type": "boolean"} for name in names}, "required": names, "additionalProperties": False}
    choice = answer(server.client(), 1, schema, temperature=0, max_tokens=80)
    assert list(json.loads(choice.message.content)) == names
