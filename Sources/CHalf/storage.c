#include "half.h"

#include <string.h>

static float widened(uint16_t bits) {
    // Exact in f32; by hand, since not every platform's C has the type.
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, exponent = bits >> 10 & 0x1F, fraction = bits & 0x3FF;
    float value;
    if (exponent == 0) {
        value = (float)fraction * 0x1p-24f;
        return sign ? -value : value;
    }
    uint32_t wide = sign | (exponent == 31 ? 0x7F800000u : (exponent + 112) << 23) | fraction << 13;
    memcpy(&value, &wide, sizeof value);
    return value;
}

void half_read(half_storage storage, const void *stored, size_t count, float *numbers) {
    const unsigned char *bytes = stored;
    if (storage == half_stored_f32) {
        memcpy(numbers, stored, count * sizeof *numbers);
        return;
    }
    for (size_t index = 0; index < count; index++) {
        uint16_t bits;
        memcpy(&bits, bytes + 2 * index, sizeof bits);
        if (storage == half_stored_f16) {
            numbers[index] = widened(bits);
        } else {
            uint32_t wide = (uint32_t)bits << 16;
            memcpy(&numbers[index], &wide, sizeof wide);
        }
    }
}
