// The part of libjpeg-turbo's TurboJPEG API that is used, bound at run time.
#ifndef FACEKEEP_TURBO_H
#define FACEKEEP_TURBO_H

// turbo is a loaded library. Its functions are stable from TurboJPEG 1.5 to 3.
typedef struct turbo turbo;

// turbo_open loads a library by path or soname. On failure it returns NULL and
// writes the reason.
turbo *turbo_open(const char *path, char *reason, int size);

// A handle serves one picture at a time. NULL when there is no memory.
void *turbo_new_decoder(turbo *t);
void *turbo_new_encoder(turbo *t);
void turbo_free(turbo *t, void *handle);

// turbo_decode writes a picture of width × height packed pixels, one of the
// sizes that the library scales a picture of full_width × full_height to. It
// returns 0 for a whole picture, 1 for one with a warning, and −1 for none, also
// if the file is of another size; with 1 and −1 it writes the message.
int turbo_decode(turbo *t, void *handle, const unsigned char *jpeg, unsigned long size,
                 int full_width, int full_height, unsigned char *dst, int width, int height,
                 int cmyk, char *reason, int reason_size);

// turbo_bound returns the most bytes that turbo_encode can write.
unsigned long turbo_bound(turbo *t, int width, int height);

// turbo_encode writes packed RGB as a JPEG into dst, which holds *size bytes,
// and sets *size to what it wrote. It returns 0, or −1 and the message.
int turbo_encode(turbo *t, void *handle, const unsigned char *src, int width, int height,
                 unsigned char *dst, unsigned long *size, int quality, char *reason, int reason_size);

#endif
