// SPDX-License-Identifier: MIT
/*
 * bench_string.c - budgets of clearing and copying: one instruction for 8 bytes
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/bench/bench.h>
#include <tests/bench/bench_calls.h>

#define MAX (64 * 1024)

/* Each size up to 1 KiB, then every 61st: these have all remainders of division by 8 and 64. */
static size_t next_size(size_t size)
{
	if (size < 1024)
		return size + 1;
	return size < MAX && size + 61 > MAX ? MAX : size + 61;
}

/* At most 12 + n / 8 instructions for each n. The row shows the worst case, less n / 8. */
void bench_string(struct kunit *test)
{
	unsigned char *from = page_alloc(&bench_pages, MAX / MM_PAGE_SIZE);
	unsigned char *to = page_alloc(&bench_pages, MAX / MM_PAGE_SIZE);
	uint64_t set = 0, copy = 0;

	KUNIT_ASSERT_NOT_NULL(test, to);
	for (size_t n = 0; n <= MAX; n = next_size(n)) {
		uint64_t spent = BENCH_CALL(NULL, memset, to, 0, n) - n / 8;

		set = spent > set ? spent : set;
		spent = BENCH_CALL(NULL, memcpy, to, from, n) - n / 8;
		copy = spent > copy ? spent : copy;
	}
	bench_head("n from 0 to 64 KiB, the worst: n / 8 instructions and");
	bench_row(test, "memset", 12, set);
	bench_row(test, "memcpy", 12, copy);
}

/* @call with a constant n of 1 to 64. @worst is the most that it took beyond @per_8 * n / 8. */
#define INLINED(worst, per_8, n, call)                                                      \
	do {                                                                                \
		uint64_t spent_ =                                                           \
			BENCH_INLINED(&result, BENCH_HIDE(to); BENCH_HIDE(from), call(n)) - \
			(per_8) * ((n) / 8);                                                \
		(worst) = spent_ > (worst) ? spent_ : (worst);                              \
	} while (0)

#define INLINED_8(worst, per_8, n, call)              \
	do {                                          \
		INLINED(worst, per_8, (n) + 1, call); \
		INLINED(worst, per_8, (n) + 2, call); \
		INLINED(worst, per_8, (n) + 3, call); \
		INLINED(worst, per_8, (n) + 4, call); \
		INLINED(worst, per_8, (n) + 5, call); \
		INLINED(worst, per_8, (n) + 6, call); \
		INLINED(worst, per_8, (n) + 7, call); \
		INLINED(worst, per_8, (n) + 8, call); \
	} while (0)

#define INLINED_64(worst, per_8, call)             \
	do {                                       \
		INLINED_8(worst, per_8, 0, call);  \
		INLINED_8(worst, per_8, 8, call);  \
		INLINED_8(worst, per_8, 16, call); \
		INLINED_8(worst, per_8, 24, call); \
		INLINED_8(worst, per_8, 32, call); \
		INLINED_8(worst, per_8, 40, call); \
		INLINED_8(worst, per_8, 48, call); \
		INLINED_8(worst, per_8, 56, call); \
	} while (0)

#define CALLOC(n) mp_calloc(to, n)
#define CLEAR(n) memset(to, 0, n)
#define FILL(n) memset(to, 0xa5, n)
#define COPY(n) memcpy(to, from, n)

/*
 * Constant sizes up to 64 bytes, inlined: one store for 8 bytes, at most three for the
 * rest, and three other instructions. A copy also has a load for each store. A call
 * would take 16 instructions and more.
 */
void bench_inlined_strings(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 16384);
	uint64_t alloc, calloc = 0, clear = 0, fill = 0, copy = 0;
	void *to = pool, *from = NULL, *result;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	alloc = bench_inlined_alloc_24(&result, pool);
	INLINED_64(calloc, 1, CALLOC);
	to = mp_alloc(pool, 64);
	from = mp_alloc(pool, 64);
	INLINED_64(clear, 1, CLEAR);
	INLINED_64(fill, 1, FILL);
	INLINED_64(copy, 2, COPY);
	bench_head("constant n from 1 to 64 bytes, the worst: n / 8 stores and");
	bench_row(test, "mp_calloc, beyond mp_alloc, inlined", 6, calloc - alloc);
	bench_row(test, "memset to 0", 6, clear);
	bench_row(test, "memset to another byte", 6, fill);
	bench_row(test, "memcpy, and n / 8 loads", 6, copy);
	mp_destroy_pool(pool);
}
