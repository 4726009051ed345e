/// Winograd's minimal filtering for convolutions of 3 × 3 (Lavin and Gray 2015, "Fast Algorithms for Convolutional Neural
/// Networks", section 4.1): F(4, 3) down the columns (interpolation at 0, ±1, ±2 and infinity) and F(2, 3) along the rows
/// (0, ±1 and infinity). Eight results, four rows of two pixels, take 24 products where there were 72. F(4, 3) along the
/// rows too would take a quarter of those away, but binary16 would lose three more bits.
#ifndef DPAIS_HALF_WINOGRAD_H
#define DPAIS_HALF_WINOGRAD_H

#include "vectors.h"

#include <stddef.h>

enum {
    taps = 3,
    /// Rows of results that are computed together, and rows of the input that they are made of.
    rows_out = 4,
    rows_in = rows_out + 2,
    /// The same along a row.
    pair = 2,
    pair_in = pair + 2,
    products = rows_in * pair_in,
};

// MARK: Weights

/// Lavin and Gray's G, down a column.
static inline void transform_column(const float g[taps], float u[rows_in]) {
    float even = g[0] + g[2], spread = g[0] / 24 + g[2] / 6;
    u[0] = g[0] / 4;
    u[1] = -(even + g[1]) / 6;
    u[2] = -(even - g[1]) / 6;
    u[3] = spread + g[1] / 12;
    u[4] = spread - g[1] / 12;
    u[5] = g[2];
}

/// G along a row.
static inline void transform_row(const float g[taps], float u[pair_in]) {
    u[0] = g[0];
    u[1] = (g[0] + g[1] + g[2]) / 2;
    u[2] = (g[0] - g[1] + g[2]) / 2;
    u[3] = g[2];
}

/// A kernel's weights for all products, [row][product of the row].
static inline void transform_kernel(const float kernel[taps * taps], float u[products]) {
    float columns[taps][rows_in];
    for (size_t tap = 0; tap < taps; tap++) {
        float column[taps] = {kernel[tap], kernel[taps + tap], kernel[2 * taps + tap]};
        transform_column(column, columns[tap]);
    }
    for (size_t row = 0; row < rows_in; row++) {
        float line[taps] = {columns[0][row], columns[1][row], columns[2][row]};
        transform_row(line, u + row * pair_in);
    }
}

// MARK: Pixels

/// Lavin and Gray's Bᵀ, down a column.
HALF_INLINE void transform_pixel_column(const __m512h d[rows_in], __m512h v[rows_in]) {
    __m512h four = half_all(4), five = half_all(5);
    __m512h a = _mm512_fnmadd_ph(four, d[2], d[4]), b = _mm512_fnmadd_ph(four, d[1], d[3]);
    __m512h c = _mm512_sub_ph(d[4], d[2]), e = _mm512_sub_ph(d[3], d[1]);
    e = _mm512_add_ph(e, e);
    v[0] = _mm512_fmadd_ph(four, d[0], _mm512_fnmadd_ph(five, d[2], d[4]));
    v[1] = _mm512_add_ph(a, b);
    v[2] = _mm512_sub_ph(a, b);
    v[3] = _mm512_add_ph(c, e);
    v[4] = _mm512_sub_ph(c, e);
    v[5] = _mm512_fmadd_ph(four, d[1], _mm512_fnmadd_ph(five, d[3], d[5]));
}

/// Bᵀ along a row.
HALF_INLINE void transform_pixel_row(const __m512h d[pair_in], __m512h v[pair_in]) {
    v[0] = _mm512_sub_ph(d[0], d[2]);
    v[1] = _mm512_add_ph(d[1], d[2]);
    v[2] = _mm512_sub_ph(d[2], d[1]);
    v[3] = _mm512_sub_ph(d[1], d[3]);
}

// MARK: Sums

/// Lavin and Gray's Aᵀ, down a column.
HALF_INLINE void transform_sum_column(const __m512h m[rows_in], __m512h y[rows_out]) {
    __m512h a = _mm512_add_ph(m[1], m[2]), b = _mm512_sub_ph(m[1], m[2]);
    __m512h c = _mm512_add_ph(m[3], m[4]), d = _mm512_sub_ph(m[3], m[4]);
    y[0] = _mm512_add_ph(m[0], _mm512_add_ph(a, c));
    y[1] = _mm512_fmadd_ph(half_all(2), d, b);
    y[2] = _mm512_fmadd_ph(half_all(4), c, a);
    y[3] = _mm512_add_ph(m[5], _mm512_fmadd_ph(half_all(8), d, b));
}

/// Aᵀ along a row.
HALF_INLINE void transform_sum_row(const __m512h m[pair_in], __m512h y[pair]) {
    y[0] = _mm512_add_ph(m[0], _mm512_add_ph(m[1], m[2]));
    y[1] = _mm512_sub_ph(_mm512_sub_ph(m[1], m[2]), m[3]);
}

// MARK: Columns

/// The numbers of 64 that lie in columns of a parity: 0 for even ones, 1 for odd ones.
HALF_INLINE __m512h columns_of(size_t parity, __m512h low, __m512h high) {
    __m512i even = _mm512_set_epi16(
        62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4,
        2, 0);
    return _mm512_permutex2var_ph(low, _mm512_add_epi16(even, _mm512_set1_epi16((short)parity)), high);
}

/// The 32 numbers from the first or from the 32nd column on, of even and odd ones.
HALF_INLINE __m512h columns_from(size_t first, __m512h even, __m512h odd) {
    __m512i order = _mm512_set_epi16(
        47, 15, 46, 14, 45, 13, 44, 12, 43, 11, 42, 10, 41, 9, 40, 8, 39, 7, 38, 6, 37, 5, 36, 4, 35, 3, 34, 2, 33, 1, 32, 0);
    return _mm512_permutex2var_ph(even, _mm512_add_epi16(order, _mm512_set1_epi16((short)(first / pair))), odd);
}

#endif
