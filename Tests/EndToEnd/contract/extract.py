"""Takes the interface out of an OpenAPI document: paths, schemas, limits and defaults, without a word of its prose.

    python3 extract.py ORIGINAL > dpais.openapi.yaml
"""

import sys

import yaml

PROSE = {"contact", "description", "example", "examples", "externalDocs", "summary", "termsOfService", "title", "x-examples"}
# The keys of these are names of the API's own, not words of the notation.
NAMED = {"headers", "paths", "properties", "responses", "schemas"}

HEADER = """\
# The interface that users were promised, as data to test against: paths, schemas, limits and defaults, without prose.
# Written by extract.py; not the description of this server, which is Sources/Server/Description/openapi.yaml.
"""


def interface(node, names=False):
    """The document without its prose; `names` says that the keys of `node` are names."""
    if isinstance(node, list):
        return [interface(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: interface(value, not names and key in NAMED) for key, value in node.items() if names or key not in PROSE}


def extract(document):
    """The interface as a valid document: what OpenAPI itself demands of prose is there, and empty."""
    result = interface(document)
    result["info"]["title"] = ""
    for path in result["paths"].values():
        for operation in path.values():
            for response in operation["responses"].values():
                response["description"] = ""
    return result


def read(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


if __name__ == "__main__":
    yaml.SafeDumper.ignore_aliases = lambda *_: True
    print(HEADER + yaml.safe_dump(extract(read(sys.argv[1])), sort_keys=False, width=120), end="")
