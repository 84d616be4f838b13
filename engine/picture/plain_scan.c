#include "plain_parts.h"

static INLINED uint64_t eight_bytes(const uint8_t *p) {
	return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
	       (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | p[7];
}

// refill makes sure of 56 bits or more. What is read next waits for what was read last, so
// it is done after the next code was looked up, for which LOOK bits must be left. They are
// if there is no more than one step between two refills: one takes at most LOOK bits for
// codes and 11 for a value, or refills the bits afterwards.
static INLINED void refill(plain_reader *r) {
	r->bits |= eight_bytes(r->at) >> (r->count & 63);
	r->at += (~r->count & 63) >> 3;
	r->count |= 56;
}

// skip steps over as many bits as the lowest byte of an entry says. What is above it does
// no harm, here as there.
static INLINED void skip(plain_reader *r, uint64_t e) {
	r->bits <<= e & 63;
	r->count -= (uint32_t)e;
}

// spot is where a block is being read.
typedef struct {
	const plain_codes *codes;
	const uint8_t *places;
	int16_t *dst;
	uint32_t k; // the last place
} spot;

// read_long reads a coefficient whose code is long.
static INLINED int read_long(spot *b, plain_reader *r, int dc_only) {
	const uint32_t e = plain_entry(b->codes, r->bits);
	b->k += 1 + (e >> 24);
	if (!dc_only)
		b->dst[b->places[b->k]] = (int16_t)plain_value(e, r->bits);
	skip(r, e);
	refill(r);
	return b->k < 63;
}

// read_two reads a coefficient, and the next one if their codes are short. It returns
// whether the block goes on: not, if the last one was read or a mark.
static INLINED int read_two(spot *b, plain_reader *r, int refilled, int dc_only) {
	uint64_t e = b->codes->two[r->bits >> (64 - LOOK)];
	if (refilled)
		refill(r);
	if (UNLIKELY(e == 0))
		return read_long(b, r, dc_only);
	const uint32_t first = b->k + (e >> 8 & 0xff), second = b->k + (e >> 16 & 0xff);
	if (!dc_only) { // the second one first: if it is none, it is in the place of the first
		int16_t *to = b->dst + b->places[first], *after = b->dst + b->places[second];
		*after = (int16_t)(e >> 48);
		*to = (int16_t)plain_value((uint32_t)(e >> 24), r->bits);
	}
	if (LIKELY(second < 63)) {
		b->k = second;
		skip(r, e);
		return 1;
	}
	// If the first one is the last of the block, the second one is of another. Which it is
	// nobody can foresee: no branch here.
	const uint32_t one = -(uint32_t)(first >= 63);
	b->k = second ^ ((first ^ second) & one);
	skip(r, e >> (24 & one));
	return 0;
}

// read_dc reads the first coefficient of a block, which is spelled as the difference from
// that of the block before. It returns 0 if it is none.
static INLINED int read_dc(const plain_codes *codes, plain_reader *r, int32_t *last) {
	uint32_t e = codes->fast[r->bits >> (64 - LOOK)];
	refill(r);
	const int is_long = e == 0;
	if (UNLIKELY(is_long))
		e = plain_entry(codes, r->bits);
	*last += plain_value(e, r->bits);
	skip(r, e);
	if (UNLIKELY(is_long))
		refill(r);
	return e >> 24 == 0 && *last < LARGEST && *last > -LARGEST;
}

// read_block reads a block. It returns 0 if it is not flawless.
static INLINED int read_block(const plain_scan *s, plain_reader *r, const plain_block *block, int dc_only) {
	spot b = {block->ac, s->places, block->dst, 0};
	if (UNLIKELY(!read_dc(block->dc, r, block->last_dc)))
		return 0;
	b.dst[0] = (int16_t)*block->last_dc;
	while (read_two(&b, r, 0, dc_only) && read_two(&b, r, 1, dc_only))
		;
	if (!dc_only)
		*block->busy |= b.k != END_OF_BLOCK + 1;
	return b.k == 63 || b.k >= END_OF_BLOCK;
}

static INLINED int read_mcu(plain_scan *s, int member) {
	plain_window *w = &s->window;
	plain_reader r = s->reader;
	refill(&r);
	const plain_block *b = s->block[member], *end = b + s->blocks;
	for (; b < end; b++)
		if (!(b->dc_only ? read_block(s, &r, b, 1) : read_block(s, &r, b, 0)))
			return 0;
	s->reader = r;
	w->at = r.at;
	return r.at - plain_left(&r) <= w->stop;
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
