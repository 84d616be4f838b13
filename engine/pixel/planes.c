#include "kernels.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

// planes_from writes the pixels of a row from one of them on.
static void planes_from(const planes_job *j, const uint8_t *rgb, int32_t from, int32_t n, float *const planes[3]) {
	for (int c = 0; c < 3; c++) {
		// Mirrored, the first pixel goes last.
		float *to = j->mirrored ? planes[c] + n - 1 : planes[c];
		const int64_t step = j->mirrored ? -1 : 1;
		for (int64_t i = from; i < n; i++)
			to[step * i] = ((float)rgb[3 * i + c] - j->mean[c]) * j->scale[c];
	}
}

#ifdef __x86_64__

// planes_avx2 writes pixels of a row in eights and returns how many it wrote. Eight
// take the bytes of ten; behind the row as many pixels more may be read as room says.
static __attribute__((target("avx2"))) int32_t planes_avx2(const planes_job *j, const uint8_t *rgb, int32_t n, int32_t room, float *const planes[3]) {
	const __m256i backwards = _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0);
	int32_t i = 0;
	for (; i + 8 <= n && i + 10 <= (int64_t)n + room; i += 8) {
		const uint8_t *p = rgb + 3 * (int64_t)i;
		__m256i eight = _mm256_inserti128_si256(_mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)p)),
		                                        _mm_loadu_si128((const __m128i *)(p + 12)), 1);
		for (int c = 0; c < 3; c++) {
			const __m256i every_third = _mm256_add_epi8(
			    _mm256_set1_epi32(c),
			    _mm256_setr_epi8(0, -128, -128, -128, 3, -128, -128, -128, 6, -128, -128, -128, 9, -128, -128, -128,
			                     0, -128, -128, -128, 3, -128, -128, -128, 6, -128, -128, -128, 9, -128, -128, -128));
			__m256 v = _mm256_cvtepi32_ps(_mm256_shuffle_epi8(eight, every_third));
			v = _mm256_mul_ps(_mm256_sub_ps(v, _mm256_set1_ps(j->mean[c])), _mm256_set1_ps(j->scale[c]));
			if (j->mirrored)
				_mm256_storeu_ps(planes[c] + n - 8 - i, _mm256_permutevar8x32_ps(v, backwards));
			else
				_mm256_storeu_ps(planes[c] + i, v);
		}
	}
	return i;
}

#endif

int pixel_wide(void) {
#ifdef __x86_64__
	if (!__builtin_cpu_supports("avx2"))
		return PIXEL_PORTABLE;
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
		return PIXEL_AVX512;
	return PIXEL_AVX2;
#else
	return PIXEL_PORTABLE;
#endif
}

void pixel_planes(const planes_job *job, const uint8_t *rgb, float *red, float *green, float *blue, int wide) {
	int32_t width = job->width, height = job->height;
	if (!job->mirrored && width == job->stride) { // one long row
		width *= height;
		height = 1;
	}
	for (int32_t y = 0; y < height; y++, rgb += 3 * (int64_t)width) {
		const int64_t at = (int64_t)y * job->stride;
		float *const planes[3] = {red + at, green + at, blue + at};
		int32_t done = 0;
#ifdef __x86_64__
		if (wide)
			done = planes_avx2(job, rgb, width, y + 1 < height ? width : 0, planes);
#endif
		(void)wide;
		planes_from(job, rgb, done, width, planes);
	}
}
