// SPDX-License-Identifier: MIT
/*
 * bench_string.c - clearing and copying: eight bytes an instruction
 */
#include <kernel/string.h>
#include <mm/mp_pool.h>
#include <tests/bench.h>
#include <tests/bench_calls.h>

#define MAX (64 * 1024)

/* Each size up to 1 KiB, then every 61st: all remainders of 8 and 64 come by. */
static size_t next_size(size_t size)
{
	if (size < 1024)
		return size + 1;
	return size < MAX && size + 61 > MAX ? MAX : size + 61;
}

/* At most 12 + n / 8, whatever n is: the row shows the worst beside n / 8. */
void bench_string(struct kunit *test)
{
	unsigned char *from = page_alloc(&bench_pages, MAX / PAGE_SIZE);
	unsigned char *to = page_alloc(&bench_pages, MAX / PAGE_SIZE);
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

/* mp_calloc() of @n bytes, a constant; @worst is the most that it took beyond n / 8. */
#define CALLOC(pool, worst, n)                                                              \
	do {                                                                                \
		void *p_;                                                                   \
		uint64_t spent_ = BENCH_INLINED(&p_, BENCH_HIDE(pool), mp_calloc(pool, n)); \
		(worst) = spent_ - (n) / 8 > (worst) ? spent_ - (n) / 8 : (worst);          \
	} while (0)

#define CALLOC_8(pool, worst, n)              \
	do {                                  \
		CALLOC(pool, worst, (n) + 1); \
		CALLOC(pool, worst, (n) + 2); \
		CALLOC(pool, worst, (n) + 3); \
		CALLOC(pool, worst, (n) + 4); \
		CALLOC(pool, worst, (n) + 5); \
		CALLOC(pool, worst, (n) + 6); \
		CALLOC(pool, worst, (n) + 7); \
		CALLOC(pool, worst, (n) + 8); \
	} while (0)

/*
 * Constant sizes up to 64 bytes: stores of 8 bytes, at most three for the rest,
 * and three instructions around them. A call of memset takes 16 and more.
 */
void bench_calloc(struct kunit *test)
{
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 16384);
	uint64_t alloc, worst = 0;
	void *first;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	alloc = bench_inlined_alloc_24(&first, pool);
	CALLOC_8(pool, worst, 0);
	CALLOC_8(pool, worst, 8);
	CALLOC_8(pool, worst, 16);
	CALLOC_8(pool, worst, 24);
	CALLOC_8(pool, worst, 32);
	CALLOC_8(pool, worst, 40);
	CALLOC_8(pool, worst, 48);
	CALLOC_8(pool, worst, 56);
	bench_head("constant n from 1 to 64 bytes, the worst: n / 8 stores and");
	bench_row(test, "mp_calloc, beyond mp_alloc, inlined", 6, worst - alloc);
	mp_destroy_pool(pool);
}
