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

/* X() for each size up to 64. */
/* clang-format off */
#define SIZES(X) \
	X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) \
	X(9) X(10) X(11) X(12) X(13) X(14) X(15) X(16) \
	X(17) X(18) X(19) X(20) X(21) X(22) X(23) X(24) \
	X(25) X(26) X(27) X(28) X(29) X(30) X(31) X(32) \
	X(33) X(34) X(35) X(36) X(37) X(38) X(39) X(40) \
	X(41) X(42) X(43) X(44) X(45) X(46) X(47) X(48) \
	X(49) X(50) X(51) X(52) X(53) X(54) X(55) X(56) \
	X(57) X(58) X(59) X(60) X(61) X(62) X(63) X(64)
/* clang-format on */

#define CALLOC(n)                                                \
	static noinline void *calloc_##n(struct mp_pool_s *pool) \
	{                                                        \
		return mp_calloc(pool, n);                       \
	}
SIZES(CALLOC)

/*
 * mp_calloc() of a constant size up to 64 bytes: stores of 8 bytes, at most three
 * for the rest, and three instructions around them. A call of memset would take
 * 16 and more.
 */
void bench_calloc(struct kunit *test)
{
#define ADDRESS(n) calloc_##n,
	static void *(*const functions[])(struct mp_pool_s * pool) = { SIZES(ADDRESS) };
	struct mp_pool_s *pool = mp_create_pool_on(&bench_heap, 16384);
	uint64_t alloc, worst = 0;

	KUNIT_ASSERT_NOT_NULL(test, pool);
	alloc = BENCH_CALL(NULL, bench_alloc_24, pool, 0, 0);
	for (size_t n = 1; n <= 64; n++) {
		uint64_t spent = BENCH_CALL(NULL, functions[n - 1], pool, 0, 0) - alloc - n / 8;

		worst = spent > worst ? spent : worst;
	}
	bench_head("constant n from 1 to 64 bytes, the worst: n / 8 stores and");
	bench_row(test, "mp_calloc, beyond mp_alloc", 6, worst);
	mp_destroy_pool(pool);
}
