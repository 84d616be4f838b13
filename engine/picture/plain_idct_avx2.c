#include "plain_parts.h"
plain_idct *plain_idct_avx2(int32_t side) { return plain_idct_for(side, 0); }
