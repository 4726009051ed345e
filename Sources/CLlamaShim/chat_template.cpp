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

bool dpais_chat_template_is_explicit(const dpais_chat_template * chat_template) {
    return common_chat_templates_was_explicit(chat_template->templates.get());
}

char * dpais_chat_template_render(const dpais_chat_template * chat_template, const char * request_json, char ** error) {
    return dpais_guarded<char *>(error, nullptr, [&] {
        const common_json request = common_json::parse(request_json);
        common_chat_templates_inputs inputs;
        inputs.messages = common_chat_msgs_parse_oaicompat(request.at("messages"));
        const common_chat_params rendered = common_chat_templates_apply(chat_template->templates.get(), inputs);
        common_json reply = common_json::object();
        reply["prompt"] = rendered.prompt;
        reply["stops"] = rendered.additional_stops;
        return dpais_copy(reply.dump_safe());
    });
}
