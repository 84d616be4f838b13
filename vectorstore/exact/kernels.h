#ifndef FACEKEEP_KERNELS_H
#define FACEKEEP_KERNELS_H

#include <stdint.h>

// How wide the arithmetic of a kernel is.
enum { FK_PORTABLE, FK_AVX2, FK_AVX512, FK_NEON };

// fk_best returns the widest that this processor and its operating system have.
int fk_best(void);

// fk_dots writes the dot product of q and each of n rows of dim values into out. The
// products of a row are summed in an order that depends on dim and the kernel alone.
void fk_dots(int kernel, const float *q, const float *rows, long dim, long n, float *out);

// fk_codes writes the dot product of q and each of n rows of codes into out. A code is
// a signed value plus 128; a row has stride codes, a multiple of 64. q is given with 8
// bits a value, and again with 16.
void fk_codes(int kernel, const int8_t *q8, const int16_t *q16, const uint8_t *rows, long stride, long n, int32_t *out);

// fk_likely writes into out which of n rows, by number, may reach what is wanted: those
// for which dot·scale·by + off·plus is at least least. It returns how many they are.
long fk_likely(const int32_t *dots, const float *scales, const float *offs, long n, float by, float plus, float least, int32_t *out);

#endif
