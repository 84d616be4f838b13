#include "plain_parts.h"

#ifdef __x86_64__
#include <immintrin.h>

#define WIDE static INLINED __attribute__((target("avx2")))

enum { BITS = 13, BETWEEN = 2 };

// A register holds a row of both blocks of a pair, the left one's in its lower half. What
// follows does the same in both halves: a "half" is of four sums of 32 bits there, of one
// half of the columns of each.
typedef struct {
	__m256i low, high;
} sums;

// factors returns two factors of 16 bits, over and over.
WIDE __m256i factors(int a, int b) { return _mm256_set1_epi32((int32_t)((uint32_t)b << 16 | (uint16_t)a)); }

WIDE sums pairs_of(__m256i a, __m256i b) { return (sums){_mm256_unpacklo_epi16(a, b), _mm256_unpackhi_epi16(a, b)}; }

WIDE sums times(sums p, __m256i f) { return (sums){_mm256_madd_epi16(p.low, f), _mm256_madd_epi16(p.high, f)}; }

WIDE sums plus(sums a, sums b) { return (sums){_mm256_add_epi32(a.low, b.low), _mm256_add_epi32(a.high, b.high)}; }

WIDE sums minus(sums a, sums b) { return (sums){_mm256_sub_epi32(a.low, b.low), _mm256_sub_epi32(a.high, b.high)}; }

// rounded divides by 2^bits and joins both halves again.
WIDE __m256i rounded(sums s, int bits) {
	const __m256i half = _mm256_set1_epi32(1 << (bits - 1));
	return _mm256_packs_epi32(_mm256_srai_epi32(_mm256_add_epi32(s.low, half), bits), _mm256_srai_epi32(_mm256_add_epi32(s.high, half), bits));
}

// beyond has bits set where one of n numbers is outside ±bound.
WIDE __m256i beyond(const __m256i *v, int n, int bound) {
	__m256i least = v[0], most = v[0];
	for (int i = 1; i < n; i++)
		least = _mm256_min_epi16(least, v[i]), most = _mm256_max_epi16(most, v[i]);
	const __m256i high = _mm256_set1_epi16((int16_t)(bound - 1)), low = _mm256_set1_epi16((int16_t)-bound);
	return _mm256_or_si256(_mm256_cmpgt_epi16(most, high), _mm256_cmpgt_epi16(low, least));
}

// multiplied returns the coefficients of a row, and leaves zeros. Where one is too large,
// bits are set in bad.
WIDE __m256i multiplied(int16_t *pair, const plain_quant *q, int row, __m256i *bad) {
	__m256i *in = (__m256i *)pair + row;
	const __m256i v = *in;
	*in = _mm256_setzero_si256();
	*bad = _mm256_or_si256(*bad, _mm256_cmpgt_epi16(_mm256_abs_epi16(v), ((const __m256i *)q->limit)[row]));
	return _mm256_mullo_epi16(v, ((const __m256i *)q->factor)[row]);
}

// lines8 transforms eight numbers in each column.
WIDE void lines8(__m256i r[8], int bits) {
	const sums ab = pairs_of(r[1], r[3]), cd = pairs_of(r[5], r[7]);
	const sums odd[4] = {
		plus(times(ab, factors(11363, 9633)), times(cd, factors(6437, 2260))),
		plus(times(ab, factors(9633, -2259)), times(cd, factors(-11362, -6436))),
		plus(times(ab, factors(6437, -11362)), times(cd, factors(2261, 9633))),
		plus(times(ab, factors(2260, -6436)), times(cd, factors(9633, -11363))),
	};
	const sums ends = pairs_of(r[0], r[4]), mids = pairs_of(r[2], r[6]);
	const sums sum = times(ends, factors(1 << BITS, 1 << BITS)), difference = times(ends, factors(1 << BITS, -(1 << BITS)));
	const sums outer = times(mids, factors(10703, 4433)), inner = times(mids, factors(4433, -10704));
	const sums even[4] = {plus(sum, outer), plus(difference, inner), minus(difference, inner), minus(sum, outer)};
	for (int i = 0; i < 4; i++)
		r[i] = rounded(plus(even[i], odd[i]), bits), r[7 - i] = rounded(minus(even[i], odd[i]), bits);
}

// turn exchanges rows and columns of both blocks.
WIDE void turn(__m256i r[8]) {
	__m256i a[8], b[8];
	for (int i = 0; i < 4; i++)
		a[2 * i] = _mm256_unpacklo_epi16(r[2 * i], r[2 * i + 1]), a[2 * i + 1] = _mm256_unpackhi_epi16(r[2 * i], r[2 * i + 1]);
	for (int i = 0; i < 2; i++)
		for (int k = 0; k < 2; k++) {
			b[4 * i + 2 * k] = _mm256_unpacklo_epi32(a[4 * i + k], a[4 * i + 2 + k]);
			b[4 * i + 2 * k + 1] = _mm256_unpackhi_epi32(a[4 * i + k], a[4 * i + 2 + k]);
		}
	for (int i = 0; i < 4; i++)
		r[2 * i] = _mm256_unpacklo_epi64(b[i], b[4 + i]), r[2 * i + 1] = _mm256_unpackhi_epi64(b[i], b[4 + i]);
}

// store8 writes columns as rows of bytes.
WIDE void store8(const __m256i c[8], uint8_t *dst, ptrdiff_t stride) {
	const __m256i middle = _mm256_set1_epi8((char)128);
	__m256i a[4], b[4], d[4];
	for (int i = 0; i < 4; i++) // columns i and 4 + i
		a[i] = _mm256_xor_si256(_mm256_packs_epi16(c[i], c[4 + i]), middle);
	for (int i = 0; i < 2; i++) // two columns side by side: 0 with 1, 2 with 3, 4 with 5, 6 with 7
		b[i] = _mm256_unpacklo_epi8(a[2 * i], a[2 * i + 1]), b[2 + i] = _mm256_unpackhi_epi8(a[2 * i], a[2 * i + 1]);
	for (int i = 0; i < 2; i++) // four columns of the first and the last four rows
		d[2 * i] = _mm256_unpacklo_epi16(b[2 * i], b[2 * i + 1]), d[2 * i + 1] = _mm256_unpackhi_epi16(b[2 * i], b[2 * i + 1]);
	for (int i = 0; i < 2; i++, dst += 4 * stride) {
		const __m256i first = _mm256_permute4x64_epi64(_mm256_unpacklo_epi32(d[i], d[2 + i]), 0xd8);
		const __m256i second = _mm256_permute4x64_epi64(_mm256_unpackhi_epi32(d[i], d[2 + i]), 0xd8);
		_mm_storeu_si128((__m128i *)dst, _mm256_castsi256_si128(first));
		_mm_storeu_si128((__m128i *)(dst + stride), _mm256_extracti128_si256(first, 1));
		_mm_storeu_si128((__m128i *)(dst + 2 * stride), _mm256_castsi256_si128(second));
		_mm_storeu_si128((__m128i *)(dst + 3 * stride), _mm256_extracti128_si256(second, 1));
	}
}

static __attribute__((target("avx2"))) int idct8(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) {
	__m256i r[8], bad = _mm256_setzero_si256();
	for (int i = 0; i < 8; i++)
		r[i] = multiplied(pair, q, i, &bad);
	lines8(r, BITS - BETWEEN);
	bad = _mm256_or_si256(bad, beyond(r, 8, LARGEST));
	turn(r);
	lines8(r, BITS + BETWEEN + 3);
	bad = _mm256_or_si256(bad, beyond(r, 8, FURTHEST));
	store8(r, dst, stride);
	return _mm256_testz_si256(bad, bad);
}

// lines4 makes four numbers of the first, second, third, fourth, sixth and so on of each
// column: of pairs of the first with the third, the fifth, which counts for nothing, with
// the seventh, the second with the fourth, and the sixth with the eighth.
WIDE void lines4(sums first, sums third, sums ab, sums cd, sums out[4]) {
	const sums outer = plus(times(ab, factors(20995, 7373)), times(cd, factors(-4926, -4176)));
	const sums inner = plus(times(ab, factors(8697, -17799)), times(cd, factors(11893, -1730)));
	const sums sum = plus(times(first, factors(2 << BITS, 15137)), times(third, factors(0, -6270)));
	const sums difference = plus(times(first, factors(2 << BITS, -15137)), times(third, factors(0, 6270)));
	out[0] = plus(sum, outer), out[3] = minus(sum, outer);
	out[1] = plus(difference, inner), out[2] = minus(difference, inner);
}

static __attribute__((target("avx2"))) int idct4(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) {
	__m256i in[8], row[4], bad = _mm256_setzero_si256();
	sums out[4];
	for (int i = 0; i < 8; i++)
		in[i] = multiplied(pair, q, i, &bad);
	lines4(pairs_of(in[0], in[2]), pairs_of(in[4], in[6]), pairs_of(in[1], in[3]), pairs_of(in[5], in[7]), out);
	for (int i = 0; i < 4; i++)
		row[i] = rounded(out[i], BITS - BETWEEN + 1);
	bad = _mm256_or_si256(bad, beyond(row, 4, LARGEST));
	// Columns 0 and 1, 2 and 3 and so on, of four numbers each.
	const sums upper = pairs_of(row[0], row[1]), lower = pairs_of(row[2], row[3]);
	const __m256i c01 = _mm256_unpacklo_epi32(upper.low, lower.low), c23 = _mm256_unpackhi_epi32(upper.low, lower.low);
	const __m256i c45 = _mm256_unpacklo_epi32(upper.high, lower.high), c67 = _mm256_unpackhi_epi32(upper.high, lower.high);
	const sums left = pairs_of(c01, c23), right = pairs_of(c45, c67); // 0 with 2 and 1 with 3; 4 with 6 and 5 with 7
	const sums even = {left.low, left.low}, odd = {left.high, left.high};
	lines4(even, (sums){right.low, right.low}, odd, (sums){right.high, right.high}, out); // twice the same, of which one is dropped
	const __m256i columns[2] = {rounded((sums){out[0].low, out[1].low}, BITS + BETWEEN + 4), rounded((sums){out[2].low, out[3].low}, BITS + BETWEEN + 4)};
	bad = _mm256_or_si256(bad, beyond(columns, 2, FURTHEST));
	const __m256i by_row = _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
	const __m256i bytes = _mm256_shuffle_epi8(_mm256_xor_si256(_mm256_packs_epi16(columns[0], columns[1]), _mm256_set1_epi8((char)128)), by_row);
	const __m128i l = _mm256_castsi256_si128(bytes), r = _mm256_extracti128_si256(bytes, 1);
	const __m128i first = _mm_unpacklo_epi32(l, r), second = _mm_unpackhi_epi32(l, r);
	_mm_storel_epi64((__m128i *)dst, first);
	_mm_storel_epi64((__m128i *)(dst + stride), _mm_unpackhi_epi64(first, first));
	_mm_storel_epi64((__m128i *)(dst + 2 * stride), second);
	_mm_storel_epi64((__m128i *)(dst + 3 * stride), _mm_unpackhi_epi64(second, second));
	return _mm256_testz_si256(bad, bad);
}

static __attribute__((target("avx2"))) int idct2(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride) {
	const __m256i zero = _mm256_setzero_si256();
	__m256i in[8], bad = zero;
	for (int i = 0; i < 8; i++)
		in[i] = multiplied(pair, q, i, &bad);
	const sums odd = plus(times(pairs_of(in[1], in[3]), factors(29692, -10426)), times(pairs_of(in[5], in[7]), factors(6967, -5906)));
	sums first = pairs_of(zero, in[0]); // times 2^16
	first.low = _mm256_srai_epi32(first.low, 16 - BITS - 2), first.high = _mm256_srai_epi32(first.high, 16 - BITS - 2);
	const __m256i row[2] = {rounded(plus(first, odd), BITS - BETWEEN + 2), rounded(minus(first, odd), BITS - BETWEEN + 2)};
	bad = _mm256_or_si256(bad, beyond(row, 2, LARGEST));
	const __m256i across = _mm256_setr_epi16(0, 29692, 0, -10426, 0, 6967, 0, -5906, 0, 29692, 0, -10426, 0, 6967, 0, -5906);
	__m256i both = _mm256_hadd_epi32(_mm256_madd_epi16(row[0], across), _mm256_madd_epi16(row[1], across));
	both = _mm256_hadd_epi32(both, both);                                                   // of the upper row, of the lower row, and again
	const __m256i edge = _mm256_unpacklo_epi16(zero, _mm256_unpacklo_epi16(row[0], row[1])); // times 2^16
	const __m256i start = _mm256_srai_epi32(edge, 16 - BITS - 2), half = _mm256_set1_epi32(1 << (BITS + BETWEEN + 4));
	const __m256i left = _mm256_srai_epi32(_mm256_add_epi32(_mm256_add_epi32(start, both), half), BITS + BETWEEN + 5);
	const __m256i right = _mm256_srai_epi32(_mm256_add_epi32(_mm256_sub_epi32(start, both), half), BITS + BETWEEN + 5);
	const __m256i words = _mm256_packs_epi32(_mm256_unpacklo_epi32(left, right), zero); // upper left, upper right, lower left, lower right
	bad = _mm256_or_si256(bad, beyond(&words, 1, FURTHEST));
	const __m256i bytes = _mm256_xor_si256(_mm256_packs_epi16(words, zero), _mm256_set1_epi8((char)128));
	const uint32_t l = (uint32_t)_mm_cvtsi128_si32(_mm256_castsi256_si128(bytes)), r = (uint32_t)_mm_cvtsi128_si32(_mm256_extracti128_si256(bytes, 1));
	const uint32_t top = (l & 0xffff) | r << 16, bottom = l >> 16 | (r & 0xffff0000);
	__builtin_memcpy(dst, &top, 4);
	__builtin_memcpy(dst + stride, &bottom, 4);
	return _mm256_testz_si256(bad, bad);
}

plain_idct *plain_idct_avx2(int32_t side) { return side == 8 ? idct8 : side == 4 ? idct4 : idct2; }

#endif
