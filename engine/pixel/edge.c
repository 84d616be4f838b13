#include "samples.h"

#include <math.h>

static void add(uint32_t *sum, const warp_job *j, const uint8_t *src, int64_t x, int64_t y, uint32_t weight) {
	const uint8_t *rgb = j->outside;
	if (x >= 0 && y >= 0 && x < j->src_width && y < j->src_height)
		rgb = src + 3 * (y * j->src_width + x);
	for (int c = 0; c < 3; c++)
		sum[c] += weight * rgb[c];
}

// add_edge adds a sample of which some of the four pixels, or all, are outside.
static void add_edge(uint32_t *sum, const warp_job *j, const uint8_t *src, double x, double y) {
	if (!(x > -1 && y > -1 && x < j->src_width && y < j->src_height)) {
		add(sum, j, src, -1, -1, ONE * ONE);
		return;
	}
	double x0 = floor(x), y0 = floor(y);
	uint32_t fx = (uint32_t)((x - x0) * ONE), fy = (uint32_t)((y - y0) * ONE);
	int64_t ix = (int64_t)x0, iy = (int64_t)y0;
	add(sum, j, src, ix, iy, (ONE - fx) * (ONE - fy));
	add(sum, j, src, ix + 1, iy, fx * (ONE - fy));
	add(sum, j, src, ix, iy + 1, (ONE - fx) * fy);
	add(sum, j, src, ix + 1, iy + 1, fx * fy);
}

void pixel_edge(const warp_job *j, mean m, const uint8_t *src, const line *lines, int32_t i, uint8_t *dst) {
	uint32_t sum[3] = {0, 0, 0};
	for (int32_t s = 0; s < m.samples; s++)
		add_edge(sum, j, src, line_u(lines + s, i), line_v(lines + s, i));
	for (int c = 0; c < 3; c++)
		dst[3 * i + c] = byte_of(m, sum[c]);
}
