// How text crosses from C++ to C: copied, owned by the caller.
#pragma once

#include <cstdlib>
#include <cstring>
#include <string>

inline char * dpais_copy(const std::string & text) {
    char * copy = static_cast<char *>(std::malloc(text.size() + 1));
    if (copy != nullptr) {
        std::memcpy(copy, text.data(), text.size());
        copy[text.size()] = '\0';
    }
    return copy;
}

// Runs `body`; an exception becomes `failed` and its text goes to `error`.
template <typename Result, typename Body>
Result dpais_guarded(char ** error, Result failed, Body body) {
    try {
        return body();
    } catch (const std::exception & exception) {
        if (error != nullptr) { *error = dpais_copy(exception.what()); }
    } catch (...) {
        if (error != nullptr) { *error = dpais_copy("unknown C++ exception"); }
    }
    return failed;
}
