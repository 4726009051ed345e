#include "CLlamaShim.h"
#include "strings.h"

#include "chat.h"

struct dpais_chat_template {
    common_chat_templates_ptr templates;
};

void dpais_string_free(char * string) { std::free(string); }

dpais_chat_template * dpais_chat_template_create(const llama_model * model, char ** error) {
    return dpais_guarded<dpais_chat_template *>(error, nullptr, [&] {
        return new dpais_chat_template{common_chat_templates_init(model, "")};
    });
}

dpais_chat_template * dpais_chat_template_create_from_source(
    const char * source, const char * bos, const char * eos, char ** error) {
    return dpais_guarded<dpais_chat_template *>(error, nullptr, [&] {
        return new dpais_chat_template{common_chat_templates_init(nullptr, source, bos, eos)};
    });
}

void dpais_chat_template_free(dpais_chat_template * chat_template) { delete chat_template; }

char * dpais_chat_template_capabilities(const dpais_chat_template * chat_template, char ** error) {
    return dpais_guarded<char *>(error, nullptr, [&] {
        common_json reply = common_json::object();
        for (const auto & [name, value] : common_chat_templates_get_caps(chat_template->templates.get())) {
            reply[name] = value;
        }
        return dpais_copy(reply.dump_safe());
    });
}

static common_chat_templates_inputs inputs_of(const common_json & request) {
    common_chat_templates_inputs inputs;
    inputs.messages = common_chat_msgs_parse_oaicompat(request.at("messages"));
    inputs.reasoning_format = COMMON_REASONING_FORMAT_AUTO;
    inputs.enable_thinking = request.value("enable_thinking", true);
    inputs.parallel_tool_calls = request.value("parallel_tool_calls", false);
    if (request.contains("tools")) { inputs.tools = common_chat_tools_parse_oaicompat(request.at("tools")); }
    inputs.tool_choice = common_chat_tool_choice_parse_oaicompat(request.value("tool_choice", "auto"));
    if (request.contains("json_schema")) { inputs.json_schema = request.at("json_schema").get<std::string>(); }
    if (request.contains("reasoning_effort")) {
        inputs.chat_template_kwargs["reasoning_effort"] = request.at("reasoning_effort").dump();
    }
    return inputs;
}

static common_json trigger_of(const common_grammar_trigger & trigger) {
    common_json reply = common_json::object();
    switch (trigger.type) {
        case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN:
        case COMMON_GRAMMAR_TRIGGER_TYPE_PATTERN_FULL: reply["kind"] = "pattern"; break;
        default: reply["kind"] = "word"; break;
    }
    reply["text"] = trigger.value;
    return reply;
}

char * dpais_chat_template_render(
    const dpais_chat_template * chat_template, const char * request_json, bool * is_refused, char ** error) {
    *is_refused = false;
    return dpais_guarded<char *>(error, nullptr, [&] {
        const common_chat_templates_inputs inputs = inputs_of(common_json::parse(request_json));
        // Only an exception from within the template's run is about the messages; others are faults of this software.
        *is_refused = true;
        const common_chat_params rendered = common_chat_templates_apply(chat_template->templates.get(), inputs);
        *is_refused = false;
        common_json triggers = common_json::array();
        for (const auto & trigger : rendered.grammar_triggers) { triggers.push_back(trigger_of(trigger)); }
        common_json reply = common_json::object();
        reply["prompt"] = rendered.prompt;
        reply["stops"] = rendered.additional_stops;
        reply["grammar"] = rendered.grammar;
        reply["lazy"] = rendered.grammar_lazy;
        reply["triggers"] = triggers;
        reply["preserved"] = rendered.preserved_tokens;
        reply["generation_prompt"] = rendered.generation_prompt;
        reply["parser"] = rendered.parser;
        reply["format"] = static_cast<int32_t>(rendered.format);
        reply["thinks"] = rendered.supports_thinking;
        reply["thinking_start"] = rendered.thinking_start_tag;
        reply["thinking_ends"] = rendered.thinking_end_tags;
        return dpais_copy(reply.dump_safe());
    });
}
