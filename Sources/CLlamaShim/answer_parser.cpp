#include "CLlamaShim.h"
#include "strings.h"

#include "chat.h"

struct dpais_answer_parser {
    common_chat_parser_params parameters;
};

dpais_answer_parser * dpais_answer_parser_create(
    const char * parser, int32_t format, const char * generation_prompt, char ** error) {
    return dpais_guarded<dpais_answer_parser *>(error, nullptr, [&] {
        auto result = std::make_unique<dpais_answer_parser>();
        result->parameters.format = static_cast<common_chat_format>(format);
        result->parameters.reasoning_format = COMMON_REASONING_FORMAT_AUTO;
        result->parameters.generation_prompt = generation_prompt;
        if (*parser != '\0') { result->parameters.parser.load(parser); }
        return result.release();
    });
}

void dpais_answer_parser_free(dpais_answer_parser * parser) { delete parser; }

char * dpais_answer_parser_parse(
    const dpais_answer_parser * parser, const char * text, size_t length, bool is_partial, char ** error) {
    return dpais_guarded<char *>(error, nullptr, [&] {
        const common_chat_msg message = common_chat_parse(std::string(text, length), is_partial, parser->parameters);
        common_json calls = common_json::array();
        for (const auto & call : message.tool_calls) {
            common_json entry = common_json::object();
            entry["id"] = call.id;
            entry["name"] = call.name;
            entry["arguments"] = call.arguments;
            calls.push_back(entry);
        }
        common_json reply = common_json::object();
        reply["content"] = message.render_content();
        reply["reasoning"] = message.reasoning_content;
        reply["tool_calls"] = calls;
        return dpais_copy(reply.dump_safe());
    });
}
