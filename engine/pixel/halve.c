#include "kernels.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

// halve_from writes the pixels of a row of the result from x on. below is the second row
// of the source, or the first one again, which leaves the mean what it is.
static void halve_from(const uint8_t *above, const uint8_t *below, int32_t width, uint8_t *dst, int32_t x) {
	for (; 2 * x < width; x++) {
		const int32_t left = 6 * x, right = 2 * x + 1 < width ? left + 3 : left;
		for (int c = 0; c < 3; c++)
			dst[3 * x + c] = (uint8_t)((above[left + c] + above[right + c] + below[left + c] + below[right + c] + 2) >> 2);
	}
}

#ifdef __x86_64__

// halve_avx2 writes pixels in fours, as long as the sixteen that it reads and writes
// beside are there, and returns how many it wrote.
static __attribute__((target("avx2"))) int32_t halve_avx2(const uint8_t *above, const uint8_t *below, int32_t width, uint8_t *dst) {
	// Of four pixels the colours of each two neighbours side by side.
	const __m256i pairs = _mm256_setr_epi8(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, -1, -1, -1, -1,
	                                       0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11, -1, -1, -1, -1);
	// Of two times six means, in bytes, twelve in a row.
	const __m128i joined = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, -1, -1, -1, -1);
	const __m256i ones = _mm256_set1_epi8(1), two = _mm256_set1_epi16(2);
	int32_t x = 0;
	// Reads 28 bytes from 6·x on, writes 16 from 3·x on, of which the last four are
	// written again.
	for (; 6 * x + 28 <= 3 * width && 3 * x + 16 <= 3 * ((width + 1) / 2); x += 4) {
		const uint8_t *a = above + 6 * x, *b = below + 6 * x;
		__m256i top = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)a)), _mm_loadu_si128((const __m128i *)(a + 12)), 1);
		__m256i bottom = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)b)), _mm_loadu_si128((const __m128i *)(b + 12)), 1);
		__m256i sum = _mm256_add_epi16(_mm256_maddubs_epi16(_mm256_shuffle_epi8(top, pairs), ones),
		                               _mm256_maddubs_epi16(_mm256_shuffle_epi8(bottom, pairs), ones));
		__m256i mean = _mm256_srli_epi16(_mm256_add_epi16(sum, two), 2);
		__m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(mean), _mm256_extracti128_si256(mean, 1));
		_mm_storeu_si128((__m128i *)(dst + 3 * x), _mm_shuffle_epi8(bytes, joined));
	}
	return x;
}

#endif

void pixel_halve(const uint8_t *src, int32_t width, int32_t height, uint8_t *dst, int wide) {
	const int64_t stride = 3 * (int64_t)width;
	for (int32_t y = 0; y < height; y += 2, dst += 3 * ((width + 1) / 2)) {
		const uint8_t *above = src + y * stride, *below = y + 1 < height ? above + stride : above;
		int32_t done = 0;
#ifdef __x86_64__
		if (wide)
			done = halve_avx2(above, below, width, dst);
#endif
		halve_from(above, below, width, dst, done);
	}
	(void)wide;
}
