"""JSON Schemas drawn at random, whose answers end soon whatever a model prefers, and the most tokens that they take."""

import itertools
import json
import random

NAMES = ["id", "name", "kind", "size", "tags", "at", "ok", "note", "unit", "x-y", "größe", "a b"]
WORDS = ["red", "green", "blue", "small", "large", "ä/ö", 'say "hi"', ""]
# With the most characters that match. One without such a limit stands with a `maxLength`.
PATTERNS = {"^[a-z]{2,6}$": 6, "^[A-Z][a-z]{1,8}$": 9, "^[0-9]{3}-[0-9]{2}$": 6, "^(yes|no|maybe)$": 5, "^x[a-f0-9]{1,4}$": 5, "^[a-z]+$": None}
# With the most characters that the server's grammar of the format writes.
FORMATS = {"date": 10, "time": 21, "date-time": 32, "uuid": 36}

# The most characters between two parts of JSON: llama.cpp's grammars allow a space, or two line ends and 20 spaces.
SPACE = 22
# The most characters that write one character of a string: an escape such as \u00fc.
ESCAPE = 6


def most_tokens(schema):
    """The most tokens of an answer that has to fit a schema, and one more, with which it ends.

    A token writes at least one byte, so that no model, whatever it prefers, is cut off at this limit. It follows the
    server's grammars, which bound numbers and white space, and write no properties but those that are named.
    """
    return most_bytes(schema, schema.get("$defs", {})) + 1


def most_tokens_of_calls(tools, calls=1):
    """The most tokens of an answer that has to call one of some tools, a schema by name, so and so often at most."""
    call = SPACE + len('<tool_call>{"name": "", "arguments": }</tool_call>') + 2 * SPACE
    return calls * max(call + len(name) + most_tokens(schema) for name, schema in tools.items()) + 1


def most_bytes(schema, definitions):
    """The most bytes of a value that fits a schema, with the white space after it."""

    def most(part):
        return most_bytes(part, definitions)

    match schema:
        case {"$ref": reference}:
            return most(definitions[reference.rpartition("/")[2]])
        case {"anyOf": choices}:
            return max(map(most, choices))
        case {"const": value}:
            return len(json.dumps(value)) + SPACE
        case {"enum": values}:
            return max(len(json.dumps(value)) for value in values) + SPACE
        case {"type": list(types)}:
            return max(most({"type": name}) for name in types)
        case {"type": "object", "properties": properties}:
            member = SPACE + len(":,") + 2 * SPACE
            return len("{}") + 2 * SPACE + sum(len(json.dumps(name)) + member + most(value) for name, value in properties.items())
        case {"type": "array", "items": items, "maxItems": count}:
            return len("[]") + 2 * SPACE + count * (most(items) + len(",") + SPACE)
        case {"type": "string", "maxLength": count}:
            return len('""') + ESCAPE * count + SPACE
        case {"type": "string", "pattern": pattern}:
            return len('""') + PATTERNS[pattern] + SPACE
        case {"type": "string", "format": name}:
            return len('""') + FORMATS[name] + SPACE
        case {"type": "integer"}:
            return len("-999999999999999") + SPACE
        case {"type": "number"}:
            return len("-999999999999999.9999999999999999e+99") + SPACE
        case {"type": "boolean"}:
            return len("false") + SPACE
        case {"type": "null"}:
            return len("null") + SPACE
    raise ValueError(f"answers that fit {schema} have no bound")


def is_beginning(text):
    """Whether some JSON begins with a text. (As an answer does that was cut off.)"""
    ends, in_string, is_escaped = "", False, False
    for character in text:
        if in_string:
            in_string, is_escaped = is_escaped or character != '"', not is_escaped and character == "\\"
        elif character == '"':
            in_string = True
        elif character in "{[":
            ends = ("}" if character == "{" else "]") + ends
        elif character in "}]":
            ends = ends[1:]
    if in_string:
        # The rest of an escape, the end of the string, and the value where the string is a name.
        rests = itertools.product(["", "n", "0", "00", "000", "0000"], ['"'], ["", ":0"])
    else:
        # The rest of a word or number, the next value or member, or the value of a name.
        rests = itertools.product(["", "0", "rue", "ue", "e", "alse", "lse", "se", "ull", "ll", "l", '"":0', ":0"])
    return any(is_json(text + "".join(rest) + ends) for rest in rests)


def is_json(text):
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


class Drawer:
    """Draws schemas; the same seed draws the same."""

    # The most tokens of an answer: with a prompt and some calls they fit into the context of the tests' model.
    LIMIT = 1_000

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.definitions = {}

    def schema(self):
        """An object at the top, as OpenAI's API asks for; others below."""
        while True:
            self.definitions = {}
            schema = self.object(depth=2)
            if self.definitions:
                schema["$defs"] = self.definitions
            if most_tokens(schema) <= self.LIMIT:
                return schema

    def value(self, depth):
        simple = [self.string, self.string, self.pattern, self.format, self.integer, self.number, self.boolean, self.enum, self.const,
                  self.null, self.types]  # fmt: skip
        nested = [self.object, self.array, self.array, self.any_of, self.reference] if depth > 0 else []
        draw = self.random.choice(simple + nested * 2)
        return draw(depth - 1) if draw in nested else draw()

    def object(self, depth):
        names = self.random.sample(NAMES, self.random.randint(1, 3))
        schema = {"type": "object", "properties": {name: self.value(depth) for name in names}}
        # Without any demanded property the shortest answer is {}.
        schema["required"] = [name for name in names if self.random.random() < 0.7]
        if self.random.random() < 0.7:
            schema["additionalProperties"] = False
        return schema

    def array(self, depth):
        least = self.random.randint(0, 2)
        return {"type": "array", "items": self.value(depth), "minItems": least, "maxItems": least + self.random.randint(0, 2)}

    def any_of(self, depth):
        return {"anyOf": [self.value(depth), self.value(0), self.null()]}

    def reference(self, depth):
        name = f"d{len(self.definitions)}"
        self.definitions[name] = True  # taken
        self.definitions[name] = self.value(min(depth, 0))
        return {"$ref": f"#/$defs/{name}"}

    def string(self):
        schema = {"type": "string", "maxLength": self.random.randint(2, 10)}
        if self.random.random() < 0.4:
            schema["minLength"] = self.random.randint(0, schema["maxLength"])
        return schema

    def pattern(self):
        pattern = self.random.choice(list(PATTERNS))
        return {"type": "string", "pattern": pattern} | ({"maxLength": 8} if PATTERNS[pattern] is None else {})

    def format(self):
        return {"type": "string", "format": self.random.choice(list(FORMATS))}

    def integer(self):
        least = self.random.randint(-1_000, 1_000)
        schema = {"type": "integer", "minimum": least, "maximum": least + self.random.randint(0, 5_000)}
        if self.random.random() < 0.3:
            del schema[self.random.choice(["minimum", "maximum"])]
        return schema

    def number(self):
        return {"type": "number"}

    def boolean(self):
        return {"type": "boolean"}

    def null(self):
        return {"type": "null"}

    def types(self):
        return {"type": self.random.sample(["boolean", "integer", "null"], 2)}

    def enum(self):
        values = [self.random.choice([word, self.random.randint(-9, 9), None, True]) for word in self.random.sample(WORDS, 3)]
        return {"enum": list({repr(value): value for value in values}.values())}

    def const(self):
        return {"const": self.random.choice([*WORDS, 0, -3, 2.5, False, None])}
