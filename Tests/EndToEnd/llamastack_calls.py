"""Calls LlamaStack's client: one call a line of standard input, one result a line of standard output.

It runs as a process of its own, because the client needs an older httpx than the tests.
"""

import json
import sys

import llama_stack_client


def plain(value):
    """A result as JSON has it."""
    if isinstance(value, llama_stack_client.Stream):
        return [plain(chunk) for chunk in value]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value.to_dict() if isinstance(value, llama_stack_client.BaseModel) else value


def call(client, method, arguments):
    function = client
    for name in method.split("."):
        function = getattr(function, name)
    try:
        return {"result": plain(function(**arguments))}
    except llama_stack_client.APIStatusError as error:
        return {"error": type(error).__name__, "status": error.status_code, "body": error.body}


url, timeout = sys.argv[1:]
client = llama_stack_client.LlamaStackClient(base_url=url, max_retries=0, timeout=float(timeout))
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(call(client, request["method"], request["arguments"])), flush=True)
