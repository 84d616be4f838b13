#include "kernels.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

static void planes_from(const uint8_t *rgb, int32_t from, int32_t n, float *const planes[3], const float *mean, const float *scale) {
	for (int c = 0; c < 3; c++)
		for (int32_t i = from; i < n; i++)
			planes[c][i] = ((float)rgb[3 * (int64_t)i + c] - mean[c]) * scale[c];
}

#ifdef __x86_64__

// planes_avx2 writes the pixels in eights, as long as ten are left to be read, and
// returns how many it wrote.
static __attribute__((target("avx2"))) int32_t planes_avx2(const uint8_t *rgb, int32_t n, float *const planes[3], const float *mean, const float *scale) {
	int32_t i = 0;
	for (; i + 10 <= n; i += 8) {
		const uint8_t *p = rgb + 3 * (int64_t)i;
		__m256i eight = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)),
		                                        _mm_loadu_si128((const __m128i *)(p + 12)), 1);
		for (int c = 0; c < 3; c++) {
			const __m256i every_third = _mm256_add_epi8(
			    _mm256_set1_epi32(c),
			    _mm256_setr_epi8(0, -128, -128, -128, 3, -128, -128, -128, 6, -128, -128, -128, 9, -128, -128, -128,
			                     0, -128, -128, -128, 3, -128, -128, -128, 6, -128, -128, -128, 9, -128, -128, -128));
			__m256 v = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(eight, every_third));
			v = _mm256_mul_ps(_mm256_sub_ps(v, _mm256_set1_ps(mean[c])), _mm256_set1_ps(scale[c]));
			_mm256_storeu_ps(planes[c] + i, v);
		}
	}
	return i;
}

#endif

int pixel_wide(void) {
#ifdef __x86_64__
	return __builtin_cpu_supports("avx2") != 0;
#else
	return 0;
#endif
}

void pixel_planes(const uint8_t *rgb, int32_t n, float *red, float *green, float *blue, const float *mean, const float *scale, int wide) {
	float *const planes[3] = {red, green, blue};
	int32_t done = 0;
#ifdef __x86_64__
	if (wide)
		done = planes_avx2(rgb, n, planes, mean, scale);
#endif
	(void)wide;
	planes_from(rgb, done, n, planes, mean, scale);
}
