/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_CALLS_H
#define TESTS_BENCH_CALLS_H

#include <stddef.h>
#include <stdint.h>

struct mp_pool_s;

/* Functions that hold one call each, for mm/README.md and BENCH_CALL(). */
void *bench_alloc_24(struct mp_pool_s *pool);
void *bench_alloc(struct mp_pool_s *pool, size_t size);
void *bench_nalloc(struct mp_pool_s *pool, size_t size);

/* The instructions of one call; *@result is set to its value. The first makes no call. */
uint32_t bench_inlined_nothing(void **result, void *pool);
uint32_t bench_inlined_alloc_24(void **result, void *pool);
uint32_t bench_inlined_alloc(void **result, void *pool, size_t size);
uint32_t bench_inlined_nalloc(void **result, void *pool, size_t size);
uint32_t bench_inlined_calloc(void **result, void *pool, size_t size);
uint32_t bench_inlined_memalign(void **result, void *pool, size_t size, size_t alignment);
uint32_t bench_ref_alloc(void **result, void *pool, size_t size);
uint32_t bench_ref_nalloc(void **result, void *pool, size_t size);
uint32_t bench_ref_calloc(void **result, void *pool, size_t size);
uint32_t bench_ref_memalign(void **result, void *pool, size_t size, size_t alignment);

#endif /* TESTS_BENCH_CALLS_H */
