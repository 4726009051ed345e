/// What the files here compute with: this one is for processors of the x86-64 kind, and only files that are compiled for
/// AVX512-FP16 throughout include it.
#ifndef DPAIS_HALF_VECTORS_H
#define DPAIS_HALF_VECTORS_H

#include <immintrin.h>

#define HALF_TARGET "avx512f,avx512bw,avx512vl,avx512dq,avx512fp16,fma"
#define HALF_INLINE static inline __attribute__((always_inline, target(HALF_TARGET)))
#define HALF_FUNCTION __attribute__((target(HALF_TARGET)))

/// Numbers of binary16 in a register.
enum { half_lanes = 32 };

/// The first `count` lanes, of 32 at most.
HALF_INLINE __mmask32 half_first(size_t count) { return count >= 32 ? ~(__mmask32)0 : ((__mmask32)1 << count) - 1; }

HALF_INLINE __m512h half_load_first(__mmask32 mask, const void *from) {
    return _mm512_castsi512_ph(_mm512_maskz_loadu_epi16(mask, from));
}

HALF_INLINE void half_store_first(void *to, __mmask32 mask, __m512h value) {
    _mm512_mask_storeu_epi16(to, mask, _mm512_castph_si512(value));
}

HALF_INLINE __m512h half_all(float value) { return _mm512_set1_ph((_Float16)value); }

/// Lanes 0 to 15 and 16 to 31 as f32.
HALF_INLINE __m512 half_lower(__m512h x) { return _mm512_cvtxph_ps(_mm512_castph512_ph256(x)); }
HALF_INLINE __m512 half_upper(__m512h x) {
    return _mm512_cvtxph_ps(_mm256_castsi256_ph(_mm512_extracti64x4_epi64(_mm512_castph_si512(x), 1)));
}

/// 16 numbers as binary16, each twice in four bytes: a product spreads four bytes over a register for nothing.
HALF_INLINE __m512i half_twice(__m512 x) {
    __m512i bits = _mm512_cvtepu16_epi32(_mm256_castph_si256(_mm512_cvtxps_ph(x)));
    return _mm512_or_si512(bits, _mm512_slli_epi32(bits, 16));
}

/// eˣ, for x from −87 on; below, what −87 gives. Cody and Waite's reduction, and a Taylor polynomial on ±ln 2 / 2: an error
/// of some 2 in the last place of f32.
HALF_INLINE __m512 half_exponential(__m512 x) {
    // Of operands of which one is no number, the maximum is the second: it shall stay none.
    x = _mm512_max_ps(_mm512_set1_ps(-87), x);
    __m512 whole = _mm512_roundscale_ps(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504f)), 0);
    __m512 rest = _mm512_fnmadd_ps(whole, _mm512_set1_ps(0.693359375f), x);
    rest = _mm512_fnmadd_ps(whole, _mm512_set1_ps(-2.12194440e-4f), rest);
    __m512 sum = _mm512_set1_ps(1.0f / 720);
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1.0f / 120));
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1.0f / 24));
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1.0f / 6));
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(0.5f));
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1));
    sum = _mm512_fmadd_ps(sum, rest, _mm512_set1_ps(1));
    return _mm512_scalef_ps(sum, whole);
}

#endif
