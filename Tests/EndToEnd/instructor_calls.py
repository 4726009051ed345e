"""Fills in forms through `instructor`, in its modes, and prints them as JSON."""

import json
import sys

import instructor
import openai
import pydantic


class Address(pydantic.BaseModel):
    street: str = pydantic.Field(max_length=12)
    number: int = pydantic.Field(ge=1, le=99)


class Person(pydantic.BaseModel):
    name: str = pydantic.Field(min_length=1, max_length=10)
    age: int = pydantic.Field(ge=0, le=120)
    address: Address


url, model, timeout = sys.argv[1:]
client = openai.OpenAI(base_url=url + "/v1", api_key="unused", max_retries=0, timeout=float(timeout))
results = {}
for mode in (instructor.Mode.TOOLS, instructor.Mode.JSON_SCHEMA):
    patched = instructor.from_openai(client, mode=mode)
    person = patched.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": "Invent a person with an address."}],
        response_model=Person,
        max_retries=0,
        # More than any answer takes that fits, with all the white space that its grammar allows.
        max_tokens=1_000,
        temperature=0,
        # Instructor takes one call only.
        **({"parallel_tool_calls": False} if mode == instructor.Mode.TOOLS else {}),
    )
    results[mode.value] = person.model_dump()
print(json.dumps(results))
