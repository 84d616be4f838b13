// The inner loops of a scan. There is no reason to be clever in them: a scan waits for
// memory, and four sums in flight are enough to hide the latency of an addition.

#include "kernels.h"

// Eight lanes: compilers make of them what the processor has.
static void dots_portable(const float *q, const float *rows, long dim, long n, float *out) {
    for (long i = 0; i < n; i++, rows += dim) {
        float s[8] = {0};
        long j = 0;
        for (; j + 8 <= dim; j += 8)
            for (int k = 0; k < 8; k++) s[k] += q[j + k] * rows[j + k];
        for (; j < dim; j++) s[0] += q[j] * rows[j];
        out[i] = ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
    }
}

static void codes_portable(const int8_t *q, const uint8_t *rows, long stride, long n, int32_t *out) {
    for (long i = 0; i < n; i++, rows += stride) {
        int32_t sum = 0;
        for (long j = 0; j < stride; j++) sum += (int32_t)q[j] * ((int32_t)rows[j] - 128);
        out[i] = sum;
    }
}

#if defined(__x86_64__)

#include <immintrin.h>

__attribute__((target("avx2,fma"))) static inline float sum256(__m256 v) {
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

__attribute__((target("avx2,fma"))) static void dots_avx2(const float *q, const float *rows, long dim, long n, float *out) {
    for (long i = 0; i < n; i++, rows += dim) {
        __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
        long j = 0;
        for (; j + 32 <= dim; j += 32) {
            a = _mm256_fmadd_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(rows + j), a);
            b = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 8), _mm256_loadu_ps(rows + j + 8), b);
            c = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 16), _mm256_loadu_ps(rows + j + 16), c);
            d = _mm256_fmadd_ps(_mm256_loadu_ps(q + j + 24), _mm256_loadu_ps(rows + j + 24), d);
        }
        for (; j + 8 <= dim; j += 8) a = _mm256_fmadd_ps(_mm256_loadu_ps(q + j), _mm256_loadu_ps(rows + j), a);
        float s = sum256(_mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
        for (; j < dim; j++) s += q[j] * rows[j];
        out[i] = s;
    }
}

__attribute__((target("avx512f"))) static void dots_avx512(const float *q, const float *rows, long dim, long n, float *out) {
    for (long i = 0; i < n; i++, rows += dim) {
        __m512 a = _mm512_setzero_ps(), b = a, c = a, d = a;
        long j = 0;
        for (; j + 64 <= dim; j += 64) {
            a = _mm512_fmadd_ps(_mm512_loadu_ps(q + j), _mm512_loadu_ps(rows + j), a);
            b = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 16), _mm512_loadu_ps(rows + j + 16), b);
            c = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 32), _mm512_loadu_ps(rows + j + 32), c);
            d = _mm512_fmadd_ps(_mm512_loadu_ps(q + j + 48), _mm512_loadu_ps(rows + j + 48), d);
        }
        for (; j < dim; j += 16) { // what is left, the end of it masked
            __mmask16 m = dim - j >= 16 ? 0xffff : (__mmask16)((1u << (dim - j)) - 1);
            a = _mm512_fmadd_ps(_mm512_maskz_loadu_ps(m, q + j), _mm512_maskz_loadu_ps(m, rows + j), a);
        }
        out[i] = _mm512_reduce_add_ps(_mm512_add_ps(_mm512_add_ps(a, b), _mm512_add_ps(c, d)));
    }
}

// Codes have 8 bits and no sign. They are widened before they are multiplied, because
// the instruction that multiplies bytes cuts its sums to 16 bits.
__attribute__((target("avx2"))) static void codes_avx2(const int16_t *q, const uint8_t *rows, long stride, long n, int32_t *out) {
    const __m256i middle = _mm256_set1_epi16(128);
    for (long i = 0; i < n; i++, rows += stride) {
        __m256i a = _mm256_setzero_si256(), b = a;
        for (long j = 0; j < stride; j += 32) {
            __m256i x = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(rows + j)));
            __m256i y = _mm256_cvtepu8_epi16(_mm_loadu_si128((const __m128i *)(rows + j + 16)));
            a = _mm256_add_epi32(a, _mm256_madd_epi16(_mm256_sub_epi16(x, middle), _mm256_loadu_si256((const __m256i *)(q + j))));
            b = _mm256_add_epi32(b, _mm256_madd_epi16(_mm256_sub_epi16(y, middle), _mm256_loadu_si256((const __m256i *)(q + j + 16))));
        }
        a = _mm256_add_epi32(a, b);
        __m128i s = _mm_add_epi32(_mm256_castsi256_si128(a), _mm256_extracti128_si256(a, 1));
        s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
        out[i] = _mm_cvtsi128_si32(_mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1)));
    }
}

__attribute__((target("avx512f,avx512vnni"))) static void codes_avx512(const int8_t *q, const uint8_t *rows, long stride, long n, int32_t *out) {
    int32_t middle = 0;
    for (long j = 0; j < stride; j++) middle += 128 * (int32_t)q[j];
    for (long i = 0; i < n; i++, rows += stride) {
        __m512i a = _mm512_setzero_si512();
        for (long j = 0; j < stride; j += 64)
            a = _mm512_dpbusd_epi32(a, _mm512_loadu_si512(rows + j), _mm512_loadu_si512(q + j));
        out[i] = _mm512_reduce_add_epi32(a) - middle;
    }
}

int fk_best(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vnni")) return FK_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return FK_AVX2;
    return FK_PORTABLE;
}

#elif defined(__aarch64__)

#include <arm_neon.h>

static void dots_neon(const float *q, const float *rows, long dim, long n, float *out) {
    for (long i = 0; i < n; i++, rows += dim) {
        float32x4_t a = vdupq_n_f32(0), b = a, c = a, d = a;
        long j = 0;
        for (; j + 16 <= dim; j += 16) {
            a = vfmaq_f32(a, vld1q_f32(q + j), vld1q_f32(rows + j));
            b = vfmaq_f32(b, vld1q_f32(q + j + 4), vld1q_f32(rows + j + 4));
            c = vfmaq_f32(c, vld1q_f32(q + j + 8), vld1q_f32(rows + j + 8));
            d = vfmaq_f32(d, vld1q_f32(q + j + 12), vld1q_f32(rows + j + 12));
        }
        float s = vaddvq_f32(vaddq_f32(vaddq_f32(a, b), vaddq_f32(c, d)));
        for (; j < dim; j++) s += q[j] * rows[j];
        out[i] = s;
    }
}

static void codes_neon(const int8_t *q, const uint8_t *rows, long stride, long n, int32_t *out) {
    const uint8x16_t sign = vdupq_n_u8(0x80);
    for (long i = 0; i < n; i++, rows += stride) {
        int32x4_t a = vdupq_n_s32(0), b = a;
        for (long j = 0; j < stride; j += 16) {
            int8x16_t x = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(rows + j), sign)), y = vld1q_s8(q + j);
            a = vpadalq_s16(a, vmull_s8(vget_low_s8(x), vget_low_s8(y)));
            b = vpadalq_s16(b, vmull_high_s8(x, y));
        }
        out[i] = vaddvq_s32(vaddq_s32(a, b));
    }
}

int fk_best(void) { return FK_NEON; }

#else

int fk_best(void) { return FK_PORTABLE; }

#endif

void fk_dots(int kernel, const float *q, const float *rows, long dim, long n, float *out) {
    switch (kernel) {
#if defined(__x86_64__)
    case FK_AVX512: dots_avx512(q, rows, dim, n, out); return;
    case FK_AVX2: dots_avx2(q, rows, dim, n, out); return;
#elif defined(__aarch64__)
    case FK_NEON: dots_neon(q, rows, dim, n, out); return;
#endif
    default: dots_portable(q, rows, dim, n, out);
    }
}

void fk_codes(int kernel, const int8_t *q8, const int16_t *q16, const uint8_t *rows, long stride, long n, int32_t *out) {
    (void)q16;
    switch (kernel) {
#if defined(__x86_64__)
    case FK_AVX512: codes_avx512(q8, rows, stride, n, out); return;
    case FK_AVX2: codes_avx2(q16, rows, stride, n, out); return;
#elif defined(__aarch64__)
    case FK_NEON: codes_neon(q8, rows, stride, n, out); return;
#endif
    default: codes_portable(q8, rows, stride, n, out);
    }
}

#if defined(__x86_64__) && defined(__ELF__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

// Hardly any row is likely, so that sixteen are looked at together first.
WIDE long fk_likely(const int32_t *dots, const float *scales, const float *offs, long n, float by, float plus, float least, int32_t *out) {
    enum { TOGETHER = 16 };
    long found = 0, i = 0;
    for (; i + TOGETHER <= n; i += TOGETHER) {
        int any = 0;
        for (int j = 0; j < TOGETHER; j++) any |= (float)dots[i + j] * (scales[i + j] * by) + offs[i + j] * plus >= least;
        if (!any) continue;
        for (int j = 0; j < TOGETHER; j++)
            if ((float)dots[i + j] * (scales[i + j] * by) + offs[i + j] * plus >= least) out[found++] = (int32_t)(i + j);
    }
    for (; i < n; i++)
        if ((float)dots[i] * (scales[i] * by) + offs[i] * plus >= least) out[found++] = (int32_t)i;
    return found;
}
