/* SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_CALLS_H
#define TESTS_BENCH_CALLS_H

#include <stddef.h>
#include <stdint.h>

struct mp_pool_s;

/* Functions that hold one call each. */
void *bench_alloc_24(struct mp_pool_s *pool);
void *bench_alloc(struct mp_pool_s *pool, size_t size);
void *bench_nalloc(struct mp_pool_s *pool, size_t size);

/* What one inlined call takes; its value goes to *@result. The first is empty. */
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
