#include "CLlamaShim.h"
#include "strings.h"

#include "chat-peg-parser.h"
#include "json-schema-to-grammar.h"

// Calls in the way that many models write them: <tool_call>{"name": ..., "arguments": ...}</tool_call>, one after
// another. For templates that know no tools.

static const char * const CALL_START = "<tool_call>";
static const char * const CALL_END = "</tool_call>";

static common_peg_parser one_call(common_chat_peg_builder & p, const common_json & tools) {
    auto calls = p.choice();
    for (size_t index = 0; index < tools.size(); index++) {
        const common_json & function = tools.at(index).at("function");
        const std::string rule = "tool-" + std::to_string(index);
        const auto open = p.tool_open(
            p.literal(CALL_START) + p.space() + p.literal("{\"name\": \"") +
            p.tool_name(p.literal(function.at("name").get<std::string>())) + p.literal("\", \"arguments\": "));
        const auto arguments =
            p.tool_args(p.schema(p.json(), rule + "-arguments", common_chat_tool_parameters(function)));
        const auto close = p.tool_close(p.literal("}") + p.space() + p.literal(CALL_END));
        calls |= p.rule(rule, p.tool(open + arguments + close));
    }
    return calls;
}

// What the model thinks first, which the prompt may have begun.
static common_peg_parser thoughts(common_chat_peg_builder & p, const common_json & request) {
    const std::string end = request.value("thinking_end", "");
    if (end.empty()) { return p.eps(); }
    const auto rest = p.reasoning(p.until(end)) + p.literal(end) + p.space();
    if (request.value("thinking_is_open", false)) { return rest; }
    return p.optional(p.literal(request.value("thinking_start", "")) + rest);
}

char * dpais_tool_format(const char * request_json, char ** error) {
    return dpais_guarded<char *>(error, nullptr, [&] {
        const common_json request = common_json::parse(request_json);
        const bool required = request.value("required", false);
        const int maximum = request.at("maximum_calls").get<int>();
        const common_peg_arena parser = build_chat_peg_parser([&](common_chat_peg_builder & p) {
            const auto call = p.rule("one-call", one_call(p, request.at("tools")));
            const auto calls = p.trigger_rule("calls", call + p.repeat(p.space() + call, 0, maximum - 1));
            if (required) { return thoughts(p, request) + calls + p.space() + p.end(); }
            return thoughts(p, request) + p.optional(p.content(p.until(CALL_START))) +
                   p.optional(calls + p.space()) + p.end();
        });
        const std::string grammar = build_grammar(
            [&](const common_grammar_builder & builder) { parser.build_grammar(builder, !required); });
        common_json trigger = common_json::object();
        trigger["kind"] = "word";
        trigger["text"] = CALL_START;
        common_json triggers = common_json::array();
        if (!required) { triggers.push_back(trigger); }
        common_json reply = common_json::object();
        reply["grammar"] = grammar;
        reply["lazy"] = !required;
        reply["triggers"] = triggers;
        reply["parser"] = parser.save();
        reply["format"] = static_cast<int32_t>(COMMON_CHAT_FORMAT_PEG_NATIVE);
        return dpais_copy(reply.dump_safe());
    });
}
