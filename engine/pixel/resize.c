#include "kernels.h"

#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum { BITS = 11 };

// stretch resamples one row. The result carries BITS of fraction, and one number
// more than it has.
typedef void stretch(uint32_t *dst, const uint8_t *src, int32_t src_width, const resize_tap *xs, int32_t n);

static inline __attribute__((always_inline)) void mix_rows(uint8_t *restrict dst, const uint32_t *restrict a, const uint32_t *restrict b, resize_tap t, int32_t n) {
	for (int32_t i = 0; i < n; i++)
		dst[i] = (uint8_t)((a[i] * t.w0 + b[i] * t.w1 + (1u << (2 * BITS - 1))) >> (2 * BITS));
}

static inline __attribute__((always_inline)) void resize(const uint8_t *src, int32_t src_width, uint8_t *dst, int32_t width, int32_t height,
                                                         const resize_tap *xs, const resize_tap *ys, uint32_t *rows, stretch *stretch_row) {
	// Two rows of the source are stretched at a time; going down, they are used again.
	const int64_t stride = 3 * (int64_t)src_width;
	uint32_t *above = rows, *below = rows + 3 * (int64_t)width + 1;
	int32_t have_above = -1, have_below = -1;
	for (int32_t y = 0; y < height; y++, dst += 3 * (int64_t)width) {
		resize_tap t = ys[y];
		if (have_below == t.i0) {
			uint32_t *row = above;
			int32_t have = have_above;
			above = below, below = row;
			have_above = have_below, have_below = have;
		}
		if (have_above != t.i0) {
			stretch_row(above, src + t.i0 * stride, src_width, xs, width);
			have_above = t.i0;
		}
		if (t.w1 != 0 && have_below != t.i1) {
			stretch_row(below, src + t.i1 * stride, src_width, xs, width);
			have_below = t.i1;
		}
		mix_rows(dst, above, below, t, 3 * width); // below counts for nothing if its weight is 0
	}
}

static inline void stretch_portable(uint32_t *dst, const uint8_t *src, int32_t src_width, const resize_tap *xs, int32_t n) {
	(void)src_width;
	for (int32_t x = 0; x < n; x++) {
		const uint8_t *a = src + 3 * (int64_t)xs[x].i0, *b = src + 3 * (int64_t)xs[x].i1;
		for (int c = 0; c < 3; c++)
			*dst++ = a[c] * xs[x].w0 + b[c] * xs[x].w1;
	}
}

#ifdef __x86_64__

// mixed_avx2 returns a mix of two neighbours, of the eight bytes from the first one on.
static inline __attribute__((target("avx2"), always_inline)) __m128i mixed_avx2(__m128i both, const resize_tap *t) {
	const __m128i pairs = _mm_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1);
	int32_t weights; // both
	memcpy(&weights, &t->w0, 4);
	return _mm_madd_epi16(_mm_shuffle_epi8(both, pairs), _mm_set1_epi32(weights));
}

static inline __attribute__((target("avx2"))) void stretch_avx2(uint32_t *dst, const uint8_t *src, int32_t src_width, const resize_tap *xs, int32_t n) {
	int32_t x = 0; // the fourth number that is written is the next pixel's
	for (; x < n && xs[x].i0 + 3 <= src_width; x++, dst += 3)
		_mm_storeu_si128((__m128i *)dst, mixed_avx2(_mm_loadl_epi64((const __m128i *)(src + 3 * (int64_t)xs[x].i0)), xs + x));
	for (; x < n; x++, dst += 3) { // nothing is behind the six bytes of both neighbours
		const uint8_t *p = src + 3 * (int64_t)xs[x].i0;
		uint32_t first, second;
		memcpy(&first, p, 4);
		memcpy(&second, p + 2, 4);
		__m128i both = _mm_cvtsi64_si128((int64_t)(first | (uint64_t)second >> 16 << 32));
		_mm_storeu_si128((__m128i *)dst, mixed_avx2(both, xs + x));
	}
}

static __attribute__((target("avx2"))) void resize_avx2(const uint8_t *src, int32_t src_width, uint8_t *dst, int32_t width, int32_t height,
                                                        const resize_tap *xs, const resize_tap *ys, uint32_t *rows) {
	resize(src, src_width, dst, width, height, xs, ys, rows, stretch_avx2);
}

#endif

void pixel_resize(const uint8_t *src, int32_t src_width, uint8_t *dst, int32_t width, int32_t height,
                  const resize_tap *xs, const resize_tap *ys, uint32_t *rows, int wide) {
#ifdef __x86_64__
	if (wide && src_width > 1) {
		resize_avx2(src, src_width, dst, width, height, xs, ys, rows);
		return;
	}
#endif
	(void)wide;
	resize(src, src_width, dst, width, height, xs, ys, rows, stretch_portable);
}
