#include "plain_parts.h"

static INLINED uint64_t eight_bytes(const uint8_t *p) {
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
	       (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

// refill makes sure of 56 bits or more: two codes with their values, of any length.
static INLINED void refill(plain_reader *r) {
	r->bits |= eight_bytes(r->at) >> r->count;
	r->at += (63 - r->count) >> 3;
	r->count |= 56;
}

static INLINED uint32_t next_entry(const plain_codes *c, uint64_t bits) {
	const uint32_t e = c->fast[bits >> (64 - LOOK)];
	return LIKELY(e != 0) ? e : plain_entry(c, bits);
}

static INLINED void skip(plain_reader *r, uint32_t bits) {
	r->bits <<= bits;
	r->count -= (int32_t)bits;
}

// spot is where a block is being read.
typedef struct {
	const plain_codes *codes;
	const uint8_t *places;
	int16_t *dst;
	uint32_t k; // the last place
} spot;

// read_two reads a coefficient, and the next one if their codes are short. It returns
// whether the block goes on: not, if the last one was read or a mark. It takes 26 bits at
// most.
static INLINED int read_two(spot *b, plain_reader *r, int dc_only) {
	uint64_t e = b->codes->two[r->bits >> (64 - LOOK)];
	if (UNLIKELY(e == 0))
		e = plain_long(b->codes, r->bits);
	const uint32_t first = b->k + (e >> 8 & 0xff), second = first + (e >> 16 & 0xff);
	if (!dc_only) { // the second one first: if it is none, it is in the place of the first
		b->dst[b->places[second]] = (int16_t)(e >> 48);
		b->dst[b->places[first]] = (int16_t)plain_value((uint32_t)(e >> 24), r->bits);
	}
	b->k = second;
	if (UNLIKELY(second >= 63)) {
		const int one = first >= 63; // the second one is of another block
		skip(r, one ? e >> 24 & 0xff : e & 0xff);
		b->k = one ? first : second;
		return 0;
	}
	skip(r, e & 0xff);
	return 1;
}

// read_block reads a block. It returns 0 if it is not flawless.
static INLINED int read_block(plain_scan *s, plain_reader *r, plain_block block, int dc_only) {
	const plain_codes *dc_codes = s->dc[block.component];
	spot b = {s->ac[block.component], s->places, s->pairs[block.pair] + block.offset, 0};
	refill(r);
	uint32_t e = dc_codes->fast[r->bits >> (64 - LOOK)];
	if (UNLIKELY(e == 0))
		e = plain_entry(dc_codes, r->bits);
	const int32_t dc = s->last_dc[block.component] += plain_value(e, r->bits);
	skip(r, e & 0xff);
	b.dst[0] = (int16_t)dc;
	if (UNLIKELY(dc >= LARGEST || dc <= -LARGEST || e >> 24 != 0))
		return 0;
	if (read_two(&b, r, dc_only))
		do
			refill(r);
		while (read_two(&b, r, dc_only) && read_two(&b, r, dc_only));
	if (!dc_only)
		s->busy[block.pair] |= b.k != END_OF_BLOCK + 1;
	return b.k == 63 || b.k >= END_OF_BLOCK;
}

static INLINED int read_mcu(plain_scan *s, int member) {
	plain_window *w = &s->window;
	plain_reader r = s->reader;
	for (int32_t i = 0; i < s->blocks; i++) {
		const plain_block b = s->block[member][i];
		if (!(s->dc_only[b.component] ? read_block(s, &r, b, 1) : read_block(s, &r, b, 0)))
			return 0;
	}
	s->reader = r;
	w->at = r.at;
	return r.at - (r.count >> 3) <= w->stop;
}

#ifdef __x86_64__

// The same, with shifts that take their count from any register.
static __attribute__((target("avx2,bmi2"))) int read_avx2(plain_scan *s, int member) { return read_mcu(s, member); }

#endif

int plain_read_mcu(plain_scan *s, int member, int wide) {
#ifdef __x86_64__
	if (wide)
		return read_avx2(s, member);
#endif
	(void)wide;
	return read_mcu(s, member);
}
