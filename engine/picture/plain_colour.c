#include "plain_parts.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

static INLINED uint8_t byte_of(int32_t v) { return (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v); }

// The formulas of T.871, in 2^-16, rounded.
static void colour_row(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t n) {
	for (int32_t x = 0; x < n; x++) {
		const int32_t y = luma[x], b = blue[x] - 128, r = red[x] - 128;
		dst[3 * x] = byte_of(y + ((91881 * r + (1 << 15)) >> 16));                   // 1.402
		dst[3 * x + 1] = byte_of(y + ((-22554 * b - 46802 * r + (1 << 15)) >> 16)); // 0.34414, 0.71414
		dst[3 * x + 2] = byte_of(y + ((116130 * b + (1 << 15)) >> 16));              // 1.772
	}
}

static void grey_row(const uint8_t *luma, uint8_t *dst, int32_t n) {
	for (int32_t x = 0; x < n; x++)
		memset(dst + 3 * x, luma[x], 3);
}

#ifdef __x86_64__

#define WIDE static INLINED __attribute__((target("avx2")))

// sixteen reads numbers as words.
WIDE __m256i sixteen(const uint8_t *p) { return _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)p)); }

// part returns n times a factor of 2^-16, rounded. What it adds is half of what is cut off
// of twice the number.
WIDE __m256i part(__m256i n, int factor) {
	const __m256i twice = _mm256_mulhi_epi16(_mm256_add_epi16(n, n), _mm256_set1_epi16((int16_t)factor));
	return _mm256_srai_epi16(_mm256_add_epi16(twice, _mm256_set1_epi16(1)), 1);
}

// green_of returns what green lacks of luma: 46802 is 2^16 − 18734.
WIDE __m256i green_of(__m256i blue, __m256i red) {
	const __m256i factors = _mm256_set1_epi32((int32_t)((uint32_t)18734 << 16 | (uint16_t)-22554)), half = _mm256_set1_epi32(1 << 15);
	const __m256i low = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpacklo_epi16(blue, red), factors), half);
	const __m256i high = _mm256_add_epi32(_mm256_madd_epi16(_mm256_unpackhi_epi16(blue, red), factors), half);
	return _mm256_sub_epi16(_mm256_packs_epi32(_mm256_srai_epi32(low, 16), _mm256_srai_epi32(high, 16)), red);
}

// bytes_of returns words as bytes, in their order.
WIDE __m128i bytes_of(__m256i words) {
	return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

// weave writes sixteen pixels.
WIDE void weave(uint8_t *dst, __m128i r, __m128i g, __m128i b) {
	const __m128i r0 = _mm_setr_epi8(0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1, 5);
	const __m128i r1 = _mm_setr_epi8(-1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10, -1);
	const __m128i r2 = _mm_setr_epi8(-1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1, -1);
	const __m128i g0 = _mm_setr_epi8(-1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1, -1);
	const __m128i g1 = _mm_setr_epi8(5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1, 10);
	const __m128i g2 = _mm_setr_epi8(-1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15, -1);
	const __m128i b0 = _mm_setr_epi8(-1, -1, 0, -1, -1, 1, -1, -1, 2, -1, -1, 3, -1, -1, 4, -1);
	const __m128i b1 = _mm_setr_epi8(-1, 5, -1, -1, 6, -1, -1, 7, -1, -1, 8, -1, -1, 9, -1, -1);
	const __m128i b2 = _mm_setr_epi8(10, -1, -1, 11, -1, -1, 12, -1, -1, 13, -1, -1, 14, -1, -1, 15);
	_mm_storeu_si128((__m128i *)dst, _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(r, r0), _mm_shuffle_epi8(g, g0)), _mm_shuffle_epi8(b, b0)));
	_mm_storeu_si128((__m128i *)(dst + 16), _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(r, r1), _mm_shuffle_epi8(g, g1)), _mm_shuffle_epi8(b, b1)));
	_mm_storeu_si128((__m128i *)(dst + 32), _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(r, r2), _mm_shuffle_epi8(g, g2)), _mm_shuffle_epi8(b, b2)));
}

// colour_avx2 writes sixteen pixels.
static INLINED __attribute__((target("avx2"))) void colour_avx2(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst) {
	const __m256i middle = _mm256_set1_epi16(128);
	const __m256i y = sixteen(luma), b = _mm256_sub_epi16(sixteen(blue), middle), r = _mm256_sub_epi16(sixteen(red), middle);
	// 91881 is 2^16 + 26345, 116130 is 2·2^16 − 14942.
	const __m256i reds = _mm256_add_epi16(y, _mm256_add_epi16(r, part(r, 26345)));
	const __m256i blues = _mm256_add_epi16(y, _mm256_add_epi16(_mm256_add_epi16(b, b), part(b, -14942)));
	weave(dst, bytes_of(reds), bytes_of(_mm256_add_epi16(y, green_of(b, r))), bytes_of(blues));
}

// row_avx2 writes a row of sixteen pixels or more. The last sixteen may include some that
// were written before.
static __attribute__((target("avx2"))) void row_avx2(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t n) {
	for (int32_t x = 0; x < n; x += 16) {
		const int32_t at = x + 16 <= n ? x : n - 16;
		if (blue != NULL) {
			colour_avx2(luma + at, blue + at, red + at, dst + 3 * at);
		} else {
			const __m128i y = _mm_loadu_si128((const __m128i *)(luma + at));
			weave(dst + 3 * at, y, y, y);
		}
	}
}

#endif

void plain_colour(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t n, int wide) {
#ifdef __x86_64__
	if (wide && n >= 16) {
		row_avx2(luma, blue, red, dst, n);
		return;
	}
#endif
	(void)wide;
	if (blue == NULL)
		grey_row(luma, dst, n);
	else
		colour_row(luma, blue, red, dst, n);
}
