#include "half.h"

#if defined(__x86_64__)

#include <cpuid.h>

/// The registers that the system saves for programs (Intel SDM, volume 1, 13.3).
static unsigned long long saved_state(void) {
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (unsigned long long)high << 32 | low;
}

bool half_is_available(void) {
    enum { xsave_enabled = 1 << 27, fma = 1 << 12, avx512_fp16 = 1 << 23 };
    // Foundation, double and quad words, bytes and words, shorter registers.
    const unsigned avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31;
    // The upper halves of 32 registers and the masks, beside what AVX has.
    const unsigned long long needed = 0xE6;
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & xsave_enabled) || !(c & fma)) return false;
    if ((saved_state() & needed) != needed) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & avx512) == avx512 && (d & avx512_fp16);
}

#else

bool half_is_available(void) { return false; }

#endif
