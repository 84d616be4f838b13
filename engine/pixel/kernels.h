// The loops over pixels, in portable C and, as wide says, for processors with AVX2 and
// AVX-512. All forms give the same bytes.
#ifndef FACEKEEP_KERNELS_H
#define FACEKEEP_KERNELS_H

#include <stdint.h>

enum { PIXEL_PORTABLE, PIXEL_AVX2, PIXEL_AVX512 };

// What the widest forms are compiled for, and pixel_wide asks for.
#define AVX512 "avx2,avx512f,avx512bw,avx512vl"

// pixel_wide returns the widest form that this processor runs.
int pixel_wide(void);

// warp_job is a picture to be cut out of another, both of packed RGB. The pixel at
// (x, y) of dst shows the place (a·x − b·y + tx, b·x + a·y + ty) of src, as the mean
// of side × side bilinear samples, side in 1…4. outside is the colour around src.
typedef struct {
	int32_t src_width, src_height;
	int32_t dst_width, dst_height;
	double a, b, tx, ty;
	int32_t side;
	uint8_t outside[3];
} warp_job;

void pixel_warp(const warp_job *job, const uint8_t *src, uint8_t *dst, int wide);

// pixel_halve writes a picture of packed RGB of width × height at half its size, rounded
// up: each pixel is the mean of a block of 2 × 2, or of what the edge leaves of it.
void pixel_halve(const uint8_t *src, int32_t width, int32_t height, uint8_t *dst, int wide);

// resize_tap is where one pixel of a result comes from along one axis: a mix of two
// neighbours, with weights that add up to 2048. i1 is i0 + 1 unless the source has only
// one.
typedef struct {
	int32_t i0, i1;
	uint16_t w0, w1;
} resize_tap;

// pixel_resize mixes the rows of a picture of packed RGB of a width into dst, of
// width × height. rows has room for 2·(3·width + 1) numbers.
void pixel_resize(const uint8_t *src, int32_t src_width, uint8_t *dst, int32_t width, int32_t height,
                  const resize_tap *xs, const resize_tap *ys, uint32_t *rows, int wide);

// planes_job is a picture to be written as three planes of numbers,
// (value − mean)·scale for red, green and blue each. A row of a plane begins stride
// numbers after the one before; what is behind the picture's width is left as it is.
typedef struct {
	int32_t width, height;
	int32_t stride;
	int32_t mirrored; // whether left and right are exchanged
	float mean[3], scale[3];
} planes_job;

void pixel_planes(const planes_job *job, const uint8_t *rgb, float *red, float *green, float *blue, int wide);

#endif
