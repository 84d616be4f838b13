#include "plain_parts.h"

#include <string.h>

static INLINED uint8_t byte_of(int32_t v) { return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v); }

// The formulas of T.871, in 2^-16, rounded.
static void colour_from(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t from, int32_t n) {
	for (int32_t x = from; x < n; x++) {
		const int32_t y = luma[x], b = blue[x] - 128, r = red[x] - 128;
		dst[3 * x] = byte_of(y + ((91881 * r + (1 << 15)) >> 16));                   // 1.402
		dst[3 * x + 1] = byte_of(y + ((-22554 * b - 46802 * r + (1 << 15)) >> 16)); // 0.34414, 0.71414
		dst[3 * x + 2] = byte_of(y + ((116130 * b + (1 << 15)) >> 16));              // 1.772
	}
}

static void grey_from(const uint8_t *luma, uint8_t *dst, int32_t from, int32_t n) {
	for (int32_t x = from; x < n; x++)
		memset(dst + 3 * x, luma[x], 3);
}

void plain_colour(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t n, int wide) {
	(void)wide;
	if (blue == NULL)
		grey_from(luma, dst, 0, n);
	else
		colour_from(luma, blue, red, dst, 0, n);
}
