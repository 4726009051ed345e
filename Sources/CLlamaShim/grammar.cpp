#include "CLlamaShim.h"
#include "strings.h"

#include "json-schema-to-grammar.h"
#include "llama.h"

#include <cmath>
#include <memory>
#include <regex>
#include <stdexcept>

struct dpais_grammar {
    llama_sampler * sampler;
    const llama_vocab * vocab;
    // The library aborts the process where a grammar is asked that has taken a token it does not allow.
    bool is_broken = false;

    dpais_grammar(llama_sampler * sampler, const llama_vocab * vocab) : sampler(sampler), vocab(vocab) {}
    ~dpais_grammar() { llama_sampler_free(sampler); }
};

char * dpais_grammar_from_schema(const char * schema, char ** error) {
    return dpais_guarded<char *>(error, nullptr, [&] {
        return dpais_copy(json_schema_to_grammar(common_json::parse(schema), true));
    });
}

dpais_grammar * dpais_grammar_create(const llama_vocab * vocab, const char * gbnf, size_t offset, char ** error) {
    return dpais_guarded<dpais_grammar *>(error, nullptr, [&]() -> dpais_grammar * {
        llama_sampler * sampler;
        if (offset == 0) {
            sampler = llama_sampler_init_grammar(vocab, gbnf, "root");
        } else {
            // Only a grammar that waits for a pattern can begin within a token: the first group is where.
            const std::string pattern = "^[\\s\\S]{" + std::to_string(offset) + "}([\\s\\S]+)$";
            const char * patterns[] = {pattern.c_str()};
            sampler = llama_sampler_init_grammar_lazy_patterns(vocab, gbnf, "root", patterns, 1, nullptr, 0);
        }
        if (sampler == nullptr) { throw std::invalid_argument("the grammar cannot be run"); }
        return new dpais_grammar(sampler, vocab);
    });
}

void dpais_grammar_free(dpais_grammar * grammar) { delete grammar; }

dpais_grammar * dpais_grammar_clone(const dpais_grammar * grammar, char ** error) {
    return dpais_guarded<dpais_grammar *>(error, nullptr, [&] {
        return new dpais_grammar(llama_sampler_clone(grammar->sampler), grammar->vocab);
    });
}

bool dpais_grammar_allows(const dpais_grammar * grammar, int32_t token) {
    if (grammar->is_broken) { return false; }
    return dpais_guarded<bool>(nullptr, false, [&] {
        llama_token_data candidate = {token, 0.0f, 0.0f};
        llama_token_data_array candidates = {&candidate, 1, -1, false};
        llama_sampler_apply(grammar->sampler, &candidates);
        return candidate.logit != -INFINITY;
    });
}

bool dpais_grammar_accept(dpais_grammar * grammar, int32_t token, char ** error) {
    // The library aborts the process on an end of generation that the grammar does not allow.
    if (!dpais_grammar_allows(grammar, token)) { return false; }
    grammar->is_broken = true;
    return dpais_guarded<bool>(error, false, [&] {
        llama_sampler_accept(grammar->sampler, token);
        grammar->is_broken = false;
        return true;
    });
}

struct dpais_pattern {
    std::regex regex;
};

dpais_pattern * dpais_pattern_create(const char * pattern, char ** error) {
    return dpais_guarded<dpais_pattern *>(error, nullptr, [&] { return new dpais_pattern{std::regex{pattern}}; });
}

void dpais_pattern_free(dpais_pattern * pattern) { delete pattern; }

int64_t dpais_pattern_find(const dpais_pattern * pattern, const char * text, size_t length, char ** error) {
    return dpais_guarded<int64_t>(error, -1, [&]() -> int64_t {
        std::cmatch match;
        if (!std::regex_search(text, text + length, match, pattern->regex)) { return -1; }
        for (size_t group = 1; group < match.size(); group++) {
            if (match.length(group) > 0) { return match.position(group); }
        }
        return match.position(0);
    });
}
