#include "plain_parts.h"

// Chroma of half the size is stretched as libjpeg does it ("fancy"): a pixel is 9/16 of the
// nearest sample, 3/16 of the next ones across and down, and 1/16 of the one across from
// both. At an edge, the sample there stands for the one that is not.

// stretch makes a row of 2·n pixels of two rows of n samples. sums has room for n + 2.
static INLINED void stretch(const uint8_t *restrict near, const uint8_t *restrict far, int16_t *restrict sums, uint8_t *restrict dst, int32_t n) {
	for (int32_t i = 0; i < n; i++)
		sums[1 + i] = (int16_t)(3 * near[i] + far[i]);
	sums[0] = sums[1], sums[1 + n] = sums[n];
	for (int32_t i = 0; i < n; i++) { // rounded up on the left, down on the right, where it is half
		dst[2 * i] = (uint8_t)((3 * sums[1 + i] + sums[i] + 8) >> 4);
		dst[2 * i + 1] = (uint8_t)((3 * sums[1 + i] + sums[2 + i] + 7) >> 4);
	}
}

#ifdef __x86_64__

static __attribute__((target("avx2"))) void stretch_avx2(const uint8_t *near, const uint8_t *far, int16_t *sums, uint8_t *dst, int32_t n) {
	stretch(near, far, sums, dst, n);
}

#endif

void plain_stretch(const uint8_t *near, const uint8_t *far, int16_t *sums, uint8_t *dst, int32_t n, int wide) {
#ifdef __x86_64__
	if (wide) {
		stretch_avx2(near, far, sums, dst, n);
		return;
	}
#endif
	(void)wide;
	stretch(near, far, sums, dst, n);
}
