#include "kernels.h"

#include <math.h>
#include <string.h>

#ifdef __x86_64__
#include <immintrin.h>
#endif

enum {
	// How fine the place of a sample is between two pixels. The sums of 16 samples,
	// each a byte times twice that fraction, fit 32 bits.
	BITS = 8,
	ONE = 1 << BITS,

	RUN = 128, // pixels of a row that are worked on at a time
};

// run is a part of a row of the result: in turn, one sample of each of its pixels.
typedef struct {
	uint32_t sum[4 * RUN]; // red, green, blue and nothing of each pixel
	int32_t at[RUN];       // of the upper left one of the four pixels of a sample, in bytes
	uint32_t across[RUN];  // weights of left and right, 16 bits each
	uint32_t down[RUN];    // weight of the lower ones
} run;

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

// line is where the samples of a row lie in the source: from x on in the row, in
// steps of one.
typedef struct {
	double x, a, b, tx, ty, a_y, b_y;
} line;

static inline double line_u(const line *l, int32_t i) { return l->a * (i + l->x) - l->b_y + l->tx - 0.5; }
static inline double line_v(const line *l, int32_t i) { return l->b * (i + l->x) + l->a_y + l->ty - 0.5; }

// inside says whether all four pixels of a sample are.
static inline int inside(const warp_job *j, const line *l, int32_t i) {
	double u = line_u(l, i), v = line_v(l, i);
	return u >= 0 && v >= 0 && u < j->src_width - 1 && v < j->src_height - 1;
}

// mix adds the samples from…to of a run, whose pixels are all inside, to its sums.
// With room, two bytes behind each pair of pixels may be read as well.
typedef void mix(run *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, int room);

// has_room says whether no pair of pixels between two samples of a line is the last of
// the source.
static inline int has_room(const warp_job *j, const line *l, int32_t first, int32_t last) {
	double u = fmax(line_u(l, first), line_u(l, last)), v = fmax(line_v(l, first), line_v(l, last));
	return u < j->src_width - 2 || v < j->src_height - 2;
}

// add_samples adds one sample to each of the n pixels of a run. Places along a line
// only ever go one way, so those that are inside have no gap.
static inline __attribute__((always_inline)) void add_samples(run *r, const warp_job *j, const uint8_t *src, const line *l, int32_t n, mix *add_inside) {
	const int32_t stride = 3 * j->src_width;
	int32_t from = 0, to = n;
	for (; from < to && !inside(j, l, from); from++)
		add_edge(r->sum + 4 * from, j, src, line_u(l, from), line_v(l, from));
	for (; to > from && !inside(j, l, to - 1); to--)
		add_edge(r->sum + 4 * (to - 1), j, src, line_u(l, to - 1), line_v(l, to - 1));
	for (int32_t i = from; i < to; i++) {
		int32_t u = (int32_t)(line_u(l, i) * ONE), v = (int32_t)(line_v(l, i) * ONE);
		uint32_t right = (uint32_t)u & (ONE - 1);
		r->at[i] = (v >> BITS) * stride + 3 * (u >> BITS);
		r->across[i] = right << 16 | (ONE - right);
		r->down[i] = (uint32_t)v & (ONE - 1);
	}
	if (from < to)
		add_inside(r, src, stride, from, to, has_room(j, l, from, to - 1));
}

static inline __attribute__((always_inline)) void warp(const warp_job *j, const uint8_t *src, uint8_t *dst, mix *add_inside) {
	const uint32_t samples = (uint32_t)(j->side * j->side);
	const uint32_t part = ((1 << 16) + samples - 1) / samples; // of 1, up by so little that it rounds no sum up
	run r;
	for (int32_t y = 0; y < j->dst_height; y++) {
		for (int32_t x = 0; x < j->dst_width; x += RUN) {
			int32_t n = j->dst_width - x < RUN ? j->dst_width - x : RUN;
			memset(r.sum, 0, 4 * sizeof *r.sum * (size_t)n);
			for (int32_t s = 0; s < j->side * j->side; s++) {
				double py = y + (s / j->side + 0.5) / j->side;
				line l = {x + (s % j->side + 0.5) / j->side, j->a, j->b, j->tx, j->ty, j->a * py, j->b * py};
				add_samples(&r, j, src, &l, n, add_inside);
			}
			// The mean, rounded: the sums of bytes first, which changes nothing.
			for (int32_t i = 0; i < n; i++, dst += 3)
				for (int c = 0; c < 3; c++)
					dst[c] = (uint8_t)(((r.sum[4 * i + c] + samples * (ONE * ONE / 2)) >> (2 * BITS)) * part >> 16);
		}
	}
}

static inline void mix_portable(run *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, int room) {
	(void)room;
	for (int32_t i = from; i < to; i++) {
		const uint8_t *a = src + r->at[i], *b = a + stride;
		uint32_t left = r->across[i] & 0xffff, right = r->across[i] >> 16, down = r->down[i];
		for (int c = 0; c < 3; c++)
			r->sum[4 * i + c] += (left * a[c] + right * a[c + 3]) * (ONE - down) + (left * b[c] + right * b[c + 3]) * down;
	}
}

#ifdef __x86_64__

// pair_of reads two pixels that lie side by side, and nothing behind them.
static inline __attribute__((target("avx2"))) uint64_t pair_of(const uint8_t *p) {
	uint32_t first, second;
	memcpy(&first, p, 4);
	memcpy(&second, p + 2, 4);
	return first | (uint64_t)second >> 16 << 32;
}

static inline __attribute__((target("avx2"))) void mix_avx2(run *r, const uint8_t *src, int64_t stride, int32_t from, int32_t to, int room) {
	// The upper pair is worked on in the lower half of a register, the lower pair in the upper.
	const __m256i pairs = _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1,
	                                       8, -1, 11, -1, 9, -1, 12, -1, 10, -1, 13, -1, -1, -1, -1, -1);
	const __m256i all = _mm256_setr_epi32(ONE, ONE, ONE, ONE, 0, 0, 0, 0);
	const __m256i sign = _mm256_setr_epi32(-1, -1, -1, -1, 1, 1, 1, 1);
	for (int32_t i = from; i < to; i++) {
		const uint8_t *p = src + r->at[i];
		__m128i four;
		if (room)
			four = _mm_castps_si128(_mm_loadh_pi(_mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)p)), (const __m64 *)(p + stride)));
		else
			four = _mm_set_epi64x((int64_t)pair_of(p + stride), (int64_t)pair_of(p));
		__m256i across = _mm256_set1_epi32((int32_t)r->across[i]);
		__m256i down = _mm256_add_epi32(all, _mm256_sign_epi32(_mm256_set1_epi32((int32_t)r->down[i]), sign));
		__m256i mixed = _mm256_madd_epi16(_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(four), pairs), across);
		mixed = _mm256_mullo_epi32(mixed, down);
		__m128i *sum = (__m128i *)(r->sum + 4 * i);
		__m128i both = _mm_add_epi32(_mm256_castsi256_si128(mixed), _mm256_extracti128_si256(mixed, 1));
		_mm_storeu_si128(sum, _mm_add_epi32(_mm_loadu_si128(sum), both));
	}
}

static __attribute__((target("avx2"))) void warp_avx2(const warp_job *j, const uint8_t *src, uint8_t *dst) { warp(j, src, dst, mix_avx2); }

#endif

void pixel_warp(const warp_job *job, const uint8_t *src, uint8_t *dst, int wide) {
#ifdef __x86_64__
	if (wide) {
		warp_avx2(job, src, dst);
		return;
	}
#endif
	(void)wide;
	warp(job, src, dst, mix_portable);
}
