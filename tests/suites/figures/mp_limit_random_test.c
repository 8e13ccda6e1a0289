// SPDX-License-Identifier: MIT
/*
 * mp_limit_random_test.c - random requests in a tree of pools with limits
 *
 * At each step, what is held and left is compared with sums that are computed anew from the
 * headers of the heap, and with the limits that the program remembers.
 */
#include <tests/suites/figures/tree.h>

#define POOLS 12
#define BLOCKS 8

static struct member {
	struct mp_pool_s *pool; /* NULL: it ended */
	struct member *parent;
	size_t limit; /* 0: none */
	void *block[BLOCKS];
	size_t size[BLOCKS];
	struct mp_mark_s mark;
} members[POOLS];

/* The pools below @member have ended. */
static void forget_below(const struct member *member)
{
	for (struct member *at = members; at < members + POOLS; at++)
		if (at->pool && at->parent == member) {
			forget_below(at);
			*at = (struct member){ .pool = NULL };
		}
}

/* Is @member bounded by the nearest limit above it, and is what is left of its own limit right? */
static void check_member(struct kunit *test, const struct member *member)
{
	const struct member *bounded = member;
	struct mp_stats_s stats;

	while (bounded && !bounded->limit)
		bounded = bounded->parent;
	KUNIT_ASSERT_PTR_EQ(test, member->pool->bounded, bounded ? bounded->pool : NULL);
	KUNIT_ASSERT_EQ(test, member->pool->held, bytes_of(member->pool));
	mp_get_tree_stats(member->pool, &stats);
	KUNIT_ASSERT_EQ(test, stats.held, tree_bytes(member->pool));
	KUNIT_ASSERT_EQ(test, stats.held, stats.used + stats.tails + stats.headers);
	KUNIT_ASSERT_EQ(test, stats.limit, member->limit);
	if (member->limit)
		KUNIT_ASSERT_EQ(test, member->pool->left, member->limit - stats.held);
}

/* Would @bytes more pass no limit, as far as the program knows? */
static bool limits_allow(const struct member *member, size_t bytes)
{
	for (; member; member = member->parent)
		if (member->limit && tree_bytes(member->pool) + bytes > member->limit)
			return false;
	return true;
}

static void use_a_block(struct kunit *test, struct member *member, uint64_t dice)
{
	size_t i = dice % BLOCKS, size = 5000 + (dice >> 8) % 3000;
	void **block = &member->block[i];
	size_t bytes = block_bytes(sizeof(struct mp_large_s) + size + MP_REDZONE);
	bool is_allowed = limits_allow(member, bytes);
	void *p;

	if (*block && dice >> 63) {
		KUNIT_ASSERT_EQ(test, mp_free(member->pool, *block), 0);
		*block = NULL;
	} else if (*block) {
		p = mp_realloc(member->pool, *block, member->size[i], size);
		if (p) {
			*block = p;
			member->size[i] = size;
		}
	} else {
		*block = mp_alloc(member->pool, size);
		member->size[i] = size;
		if (*block)
			KUNIT_ASSERT_TRUE(test, is_allowed);
		else
			KUNIT_ASSERT_FALSE(test, is_allowed);
	}
}

static void set_a_limit(struct kunit *test, struct member *member, uint64_t dice)
{
	size_t held = tree_bytes(member->pool),
	       limit = dice & 1 ? 0 : held / 2 + dice % (held + 9000);
	int result = mp_set_limit(member->pool, limit);

	KUNIT_ASSERT_EQ(test, result, limit && limit < held ? -EINVAL : 0);
	if (!result)
		member->limit = limit;
}

/* Begins a pool below @parent, or ends one, or a part of it. */
static void change_the_tree(struct kunit *test, struct member *member, uint64_t dice)
{
	struct member *other = &members[1 + (dice >> 8) % (POOLS - 1)];
	size_t kind = dice >> 60;

	if (!other->pool) {
		*other = (struct member){ .pool = mp_create_child(member->pool, 100),
					  .parent = member };
		return;
	}
	if (kind < 3) {
		mp_destroy_pool(other->pool);
		forget_below(other);
		*other = (struct member){ .pool = NULL };
	} else if (kind < 6) {
		mp_reset_pool(other->pool);
		forget_below(other);
		*other = (struct member){ .pool = other->pool,
					  .parent = other->parent,
					  .limit = other->limit };
	} else if (!member->mark.savepoint) {
		member->mark = mp_mark(member->pool);
	} else {
		/* It ends younger children and blocks; the program does not remember which. */
		KUNIT_ASSERT_EQ(test, mp_release(member->pool, member->mark), 0);
		mp_reset_pool(member->pool);
		forget_below(member);
		*member = (struct member){ .pool = member->pool,
					   .parent = member->parent,
					   .limit = member->limit };
	}
}

static void random_program(struct kunit *test)
{
	uint64_t seed = 5;
	size_t pools = 0;

	memset(members, 0, sizeof(members));
	members[0].pool = mp_create_pool_on(&arena_heap, 200);
	KUNIT_ASSERT_NOT_NULL(test, members[0].pool);
	for (size_t step = 0; step < 20000; step++) {
		uint64_t dice = arena_random(&seed);
		struct member *member = &members[dice % POOLS];

		dice = arena_random(&seed);
		if (!member->pool)
			member = &members[0];
		switch (dice >> 32 & 15) {
		case 0:
		case 1:
			change_the_tree(test, member, dice);
			break;
		case 2:
			set_a_limit(test, member, dice >> 40);
			break;
		case 3:
			(void)mp_cleanup_add(member->pool, dice % 200);
			break;
		case 4:
		case 5:
			(void)mp_alloc(member->pool, dice % 90);
			break;
		default:
			use_a_block(test, member, dice);
		}
		for (struct member *at = members; at < members + POOLS; at++)
			if (at->pool) {
				check_member(test, at);
				pools++;
			}
		if (mp_tree_held(members[0].pool) < 400000)
			continue;
		mp_reset_pool(members[0].pool);
		forget_below(&members[0]);
		members[0] = (struct member){ .pool = members[0].pool, .limit = members[0].limit };
	}
	KUNIT_EXPECT_GT(test, pools, 60000);
	KUNIT_EXPECT_EQ(test, heap_check(&arena_heap), 0);
	mp_destroy_pool(members[0].pool);
}

static struct kunit_case mp_limit_random_cases[] = {
	KUNIT_CASE(random_program),
	{},
};

static struct kunit_suite mp_limit_random_suite = {
	.name = "mp_limit_random",
	.init = arena_init,
	.exit = arena_exit,
	.test_cases = mp_limit_random_cases,
};

kunit_test_suite(mp_limit_random_suite);
