// What the parts of the decoder of plain pictures share.
#ifndef FACEKEEP_PLAIN_PARTS_H
#define FACEKEEP_PLAIN_PARTS_H

#include "plain.h"

#define INLINED inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

enum {
	TABLES = 4,     // of each kind that a file can define
	COMPONENTS = 3, // of a picture
	LOOK = 10,      // bits that are looked up at once; with more of them the tables crowd out the rest
	PLACES = 256,   // of coefficients: 64, and those that a number of zeros or a mark leads to

	// The most bits that baseline pictures spell a coefficient with, which come behind a
	// code of up to 16. Others are left alone.
	DC_BITS = 11,
	AC_BITS = 10,

	GROUP = 2,          // MCUs that are worked on at a time
	MCU_BLOCKS = 6,     // at most
	GROUP_PAIRS = 6,    // of blocks, at most
	PAIR = 2 * 64 + 16, // coefficients of a pair, and what is none
	MCU_BYTES = 2048,   // more than an MCU takes, with what is read ahead: 6 × (27 + 63 × 26) bits are 1249 bytes
	WINDOW = 16384,     // bytes of a scan that are looked at together
};

// plain_codes is a Huffman table to decode with.
//
// An entry says what a code stands for. From the lowest byte on it is the bits of the code
// and its value, those of the code, those of the value, and how many zeros are before the
// value, or one of the marks below. It is 0 for a code of more than LOOK bits.
//
// An entry of two says so of the coefficients that the next bits spell: of one if its code
// is in the LOOK bits, and of a second one if both are with their values. From the lowest
// byte on it is the bits of both, how far the first one is from the last place, how far
// the second one is from that, the bits of the first, those of its code, those of its
// value, and the value of the second, of 16 bits. Without a second one, both are the first.
typedef struct {
	uint32_t fast[1 << LOOK]; // entries, by the next bits
	uint64_t two[1 << LOOK];  // entries of two; not for the first coefficients of blocks
	uint32_t limit[17];       // codes of a length, in 16 bits, are below it
	int32_t first[17];        // where the values of codes of a length are, less the first such code
	uint8_t values[256];
	int dc;
} plain_codes;

// Marks in place of a number of zeros. Added to any place in a block, one of them is at
// least 64, the other at least 128.
enum { BAD = 64, END_OF_BLOCK = 128 };

// plain_spelling is a Huffman table as a file spells it.
typedef struct {
	int there;
	uint8_t counts[16]; // of codes of 1…16 bits
	uint8_t values[256];
} plain_spelling;

// plain_component is one of the colours of a picture.
typedef struct {
	uint8_t id, quant, dc, ac; // which tables
	int32_t across, down;      // blocks of an MCU
	int32_t side;              // px of a block, scaled: 1, 2, 4 or 8
} plain_component;

// plain_header is what is before the scan.
typedef struct {
	const uint8_t *at, *end; // what of the file is unread
	int32_t width, height;   // px; 0 before the frame header
	int32_t components;
	plain_component component[COMPONENTS];
	int32_t restart; // MCUs between two restart markers; 0 without
	int jfif, adobe, transform;
	int quant_there[TABLES];
	uint8_t quant[TABLES][64]; // in the order of the file
	plain_spelling spelling[2][TABLES];
} plain_header;

// plain_read_header reads up to the first byte of the scan. It returns 0 if the file is
// not plain.
int plain_read_header(plain_header *h, const uint8_t *data, size_t size);

// plain_build makes a table to decode with. It returns 0 if there is none.
int plain_build(plain_codes *c, const plain_spelling *s, int dc);

// plain_value returns the value behind the code of an entry, with which bits begin. Those
// that begin with a zero are negative: all their bits are turned round (T.81, F.1.2.1).
static INLINED int32_t plain_value(uint32_t e, uint64_t bits) {
	const uint64_t x = bits << (e >> 8 & 0xff);
	const int64_t negative = ~((int64_t)x >> 63);
	const int64_t magnitude = (int64_t)((x ^ (uint64_t)negative) >> 1 >> (63 - (e >> 16 & 0xff)));
	return (int32_t)((magnitude ^ negative) - negative);
}

// plain_entry returns the entry of a code of more than LOOK bits, with which bits begin.
uint32_t plain_entry(const plain_codes *c, uint64_t bits);

// plain_window is the part of a scan that is looked at: its bytes without the zeros that
// are stuffed in behind each 0xff. At its end is a marker; behind that end, MCU_BYTES
// zeros.
typedef struct {
	const uint8_t *src, *src_end; // what of the file is unread
	const uint8_t *at, *stop;     // what of the window is unread
	int closed;                   // whether nothing but a marker can follow in the file
	uint8_t bytes[WINDOW + MCU_BYTES];
} plain_window;

// plain_fill makes sure that an MCU can be read, or that the window is closed.
void plain_fill(plain_window *w);

// plain_marker steps over a marker that must follow, and opens the window for what is
// behind it. It returns 0 if something else follows.
int plain_marker(plain_window *w, uint8_t marker);

// plain_reader holds the next bits of a window, the first one highest. The lowest six bits
// of count say how many are accounted for; behind them are others, which will be the same
// when they are.
typedef struct {
	uint64_t bits;
	uint32_t count;
	const uint8_t *at;
} plain_reader;

// plain_left returns how many whole bytes it holds.
static inline int plain_left(const plain_reader *r) { return (int)((r->count & 63) >> 3); }

// plain_block is how a block of a group is read, and where it goes.
typedef struct {
	const plain_codes *dc, *ac;
	int32_t *last_dc; // of its component
	int16_t *dst;
	uint8_t *busy;
	int dc_only; // whether nothing else is wanted
} plain_block;

// plain_scan is a scan under way.
typedef struct {
	plain_reader reader;
	int32_t last_dc[COMPONENTS];
	int32_t blocks; // of an MCU
	plain_block block[GROUP][MCU_BLOCKS];
	uint8_t places[PLACES]; // of coefficients in a pair, in the order of the file

	// The coefficients of a group, as pairs of blocks that lie side by side: eight rows of
	// eight of the one block and eight of the other. Behind them goes what marks lead to.
	// busy says whether a pair has more than its first coefficients; the others are 0.
	_Alignas(32) int16_t pairs[GROUP_PAIRS][PAIR];
	uint8_t busy[GROUP_PAIRS];

	// From here on nothing needs to be cleared.
	plain_codes codes[2 * COMPONENTS];
	plain_window window;
} plain_scan;

// Coefficients, multiplied, are within ±LARGEST where pictures are sound: the sums of two
// fit 16 bits, as libjpeg-turbo's vector code wants it.
enum { LARGEST = 1 << 14 };

// plain_read_mcu reads an MCU, which is one of a group. It returns 0 if it is not flawless.
int plain_read_mcu(plain_scan *s, int member, int wide);

// plain_quant is what the coefficients of a pair are multiplied by, or 0 for those that a
// scale does without, and how far from 0 they may be at most.
typedef struct {
	_Alignas(32) int16_t factor[2 * 64], limit[2 * 64];
} plain_quant;

// A plain_idct turns a pair of coefficients into two blocks of pixels that lie side by
// side, and leaves zeros. It returns 0 if a number leaves the range in which all forms of
// libjpeg-turbo agree.
typedef int plain_idct(int16_t *pair, const plain_quant *q, uint8_t *dst, ptrdiff_t stride);

// plain_idct_for returns the one for blocks of 2, 4 or 8 pixels a side.
plain_idct *plain_idct_for(int32_t side, int wide);
plain_idct *plain_idct_avx2(int32_t side);

// plain_flat does the same for two blocks that have nothing but a first coefficient.
int plain_flat(const int16_t *pair, int32_t quant, uint8_t *dst, ptrdiff_t stride, int32_t side);

// Numbers within an IDCT are below LARGEST after its first pass. Its results, before 128
// is added, are within ±FURTHEST: beyond, libjpeg's table of bytes begins anew.
enum { FURTHEST = 512 };

// plain_stretch makes a row of 2·n pixels of chroma of a row of n samples and the next
// nearest one. sums has room for n + 2.
void plain_stretch(const uint8_t *near, const uint8_t *far, int16_t *sums, uint8_t *dst, int32_t n, int wide);

// plain_colour writes n pixels of packed RGB. Without blue and red, they are grey.
void plain_colour(const uint8_t *luma, const uint8_t *blue, const uint8_t *red, uint8_t *dst, int32_t n, int wide);

#endif
