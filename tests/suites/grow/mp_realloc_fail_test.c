// SPDX-License-Identifier: MIT
/*
 * mp_realloc_fail_test.c - mp_realloc() without memory, at a limit, in handlers, and at random
 */
#include <tests/suites/grow/grow.h>

/* One node, one large block, and no more memory, or a limit that is reached. */
struct scene {
	unsigned char *small, *packed, *large;
};

static struct scene make_scene(struct kunit *test)
{
	struct scene scene = {
		.small = get(test, NODE / 4, 1),
		.packed = get_packed(test, NODE / 4, 2),
		.large = get(test, 5000, 3),
	};

	get(test, 1, 4);
	get_packed(test, 1, 5);
	return scene;
}

static void expect_failures(struct kunit *test, const struct scene *scene)
{
	uint64_t sum = sum_of(pool);
	size_t refused = mp_history(pool)->refused;
	struct mp_pool_s before = *pool;

	KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene->small, NODE / 4, NODE - 1));
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene->packed, NODE / 4, NODE - 1));
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene->small, NODE / 4, 5000));
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene->packed, NODE / 4, 5000));
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene->large, 5000, 20 * MM_PAGE_SIZE));
	KUNIT_EXPECT_NULL(test, mp_realloc(pool, NULL, 0, 5000));
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, refused + 6);
	KUNIT_EXPECT_MEMEQ(test, pool, &before, sizeof(before));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	expect_whole(test, scene->small, NODE / 4, 1);
	expect_whole(test, scene->packed, NODE / 4, 2);
	expect_whole(test, scene->large, 5000, 3);
}

/* Sizes that no memory could serve. They are not counted as refused: nothing was short. */
static void impossible_sizes(struct kunit *test)
{
	static const size_t sizes[] = { HEAP_MAX_SIZE + 1, SIZE_MAX / 2 + 1, SIZE_MAX - 100,
					SIZE_MAX };
	struct scene scene = make_scene(test);
	uint64_t sum = sum_of(pool);

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene.small, NODE / 4, sizes[i]));
		KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene.packed, NODE / 4, sizes[i]));
		KUNIT_EXPECT_NULL(test, mp_realloc(pool, scene.large, 5000, sizes[i]));
		KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	}
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 0);
	expect_whole(test, scene.large, 5000, 3);
}

/* A small object of more than max bytes cannot be: it would be copied from beyond its node. */
static void impossible_old_size(struct kunit *test)
{
	struct scene scene = make_scene(test);
	uint64_t sum = sum_of(pool);

	KUNIT_EXPECT_PANIC(test, "is no object of",
			   mp_realloc(pool, scene.small, pool->max + 1, 10));
	KUNIT_EXPECT_PANIC(test, "is no object of", mp_realloc(pool, scene.small, SIZE_MAX, 10));
	KUNIT_EXPECT_EQ(test, sum_of(pool), sum);
	KUNIT_EXPECT_NOT_NULL(test, mp_realloc(pool, scene.small, NODE / 4, 10));
}

static void memory_is_out(struct kunit *test)
{
	static void *block[64];
	struct scene scene;
	size_t count = 0;

	mp_destroy_pool(pool);
	arena_use(test, 1, 8);
	pool = mp_create_pool_on(&arena_heap, NODE);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	scene = make_scene(test);
	for (size_t size = MM_PAGE_SIZE; size; size /= 2)
		while ((block[count] = heap_alloc(&arena_heap, 32, size)))
			count++;
	expect_failures(test, &scene);
	/* What needs no memory still works. */
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, mp_realloc(pool, NULL, 0, 8), 8), 0);
	while (count)
		heap_free(&arena_heap, block[--count]);
	KUNIT_EXPECT_NOT_NULL(test, mp_realloc(pool, scene.packed, NODE / 4, NODE - 1));
}

static void limit_is_reached(struct kunit *test)
{
	struct scene scene = make_scene(test);

	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held), 0);
	expect_failures(test, &scene);
	/* Large blocks grow to the limit, and no byte further. */
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, pool->held + 4096), 0);
	scene.large = mp_realloc(pool, scene.large, 5000, 5000 + 4096);
	KUNIT_ASSERT_NOT_NULL(test, scene.large);
	KUNIT_EXPECT_EQ(test, pool->left, 0);
	expect_whole(test, scene.large, 5000, 3);
	expect_failures(test, &scene);
	/* What it gives up may be taken again, by others, too. */
	scene.large = mp_realloc(pool, scene.large, 5000, 5000);
	KUNIT_EXPECT_EQ(test, pool->left, 4096);
	KUNIT_EXPECT_NOT_NULL(test, mp_memalign(pool, 4096 - 100 - MP_REDZONE, 64));
	KUNIT_ASSERT_EQ(test, mp_set_limit(pool, 0), 0);
	KUNIT_EXPECT_NOT_NULL(test, mp_realloc(pool, scene.large, 5000, 20 * MM_PAGE_SIZE));
}

static void *spare;
static size_t asked;

static bool free_the_spare(struct heap *heap, size_t size, void *arg)
{
	(void)size;
	(void)arg;
	asked++;
	heap_free(heap, spare);
	spare = NULL;
	return true;
}

/* When memory is out, the program is asked; what it frees serves the copy. */
static void program_is_asked(struct kunit *test)
{
	unsigned char *p;

	mp_destroy_pool(pool);
	arena_use(test, 1, 16);
	asked = 0;
	pool = mp_create_pool_on(&arena_heap, NODE);
	KUNIT_ASSERT_NOT_NULL(test, pool);
	p = get(test, 5000, 1);
	spare = heap_alloc(&arena_heap, 32, 9 * MM_PAGE_SIZE);
	KUNIT_ASSERT_NOT_NULL(test, spare);
	heap_set_oom(&arena_heap, free_the_spare, NULL);
	p = mp_realloc(pool, p, 5000, 9 * MM_PAGE_SIZE);
	heap_set_oom(&arena_heap, NULL, NULL);
	KUNIT_EXPECT_EQ(test, asked, 1);
	KUNIT_ASSERT_NOT_NULL(test, p);
	expect_whole(test, p, 5000, 1);
	KUNIT_EXPECT_EQ(test, count_records(pool, MP_LARGE), 1);
	KUNIT_EXPECT_EQ(test, mp_history(pool)->refused, 0);
}

static struct scene old;

/* It runs while the pool is undone: what is older is there, and can be resized. */
static void resize_all(void *data)
{
	struct kunit *test = data;
	unsigned char *p = mp_alloc(pool, 40);

	KUNIT_EXPECT_NOT_NULL(test, p);
	if (!p)
		return;
	pattern_fill(p, 40, 6);
	KUNIT_EXPECT_PTR_EQ(test, mp_realloc(pool, p, 40, 80), p);
	expect_whole(test, p, 40, 6);
	KUNIT_EXPECT_EQ(test, mp_give_back(pool, p, 80), 0);
	old.small = mp_realloc(pool, old.small, NODE / 4, 100);
	old.large = mp_realloc(pool, old.large, 5000, 50000);
	expect_whole(test, old.small, NODE / 4 < 100 ? NODE / 4 : 100, 1);
	expect_whole(test, old.large, 5000, 3);
	/* A new one ends with this undoing, also if it grew. */
	p = mp_alloc(pool, 6000);
	if (p)
		pattern_fill(p, 6000, 7);
	if (p)
		p = mp_realloc(pool, p, 6000, 60000);
	expect_whole(test, p, 6000, 7);
	diary_write("r");
}

static void in_a_handler(struct kunit *test)
{
	struct mp_mark_s mark;

	old = make_scene(test);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, resize_all, test), 0);
	mp_reset_pool(pool);
	KUNIT_EXPECT_STREQ(test, diary, "r");
	KUNIT_EXPECT_NULL(test, pool->records);
	KUNIT_EXPECT_EQ(test, mp_node_room(pool->head), pool->size);

	old = make_scene(test);
	mark = mp_mark(pool);
	KUNIT_ASSERT_EQ(test, mp_cleanup_or_run(pool, resize_all, test), 0);
	KUNIT_EXPECT_EQ(test, mp_release(pool, mark), 0);
	KUNIT_EXPECT_STREQ(test, diary, "rr");
	expect_whole(test, old.large, 5000, 3); /* older than the mark, and moved */
	KUNIT_EXPECT_EQ(test, mp_free(pool, old.large), 0);
}

#define OBJECTS 40

static struct object {
	unsigned char *p;
	size_t size;
} objects[OBJECTS];

static void resize_at_random(struct kunit *test, size_t i, uint64_t dice)
{
	size_t size = (dice >> 8 & 0x3fff) >> (dice >> 32) % 14;
	struct object *object = &objects[i];
	unsigned char *p;

	if (!object->p && dice >> 63)
		p = mp_nalloc(pool, size);
	else
		p = mp_realloc(pool, object->p, object->size, size);
	if (!p && size)
		return; /* no memory: it is as it was */
	if (p && object->p)
		KUNIT_ASSERT_GE(test, pattern_check(p, size, i),
				size < object->size ? size : object->size);
	object->p = p;
	object->size = size;
	if (p)
		pattern_fill(p, size, i);
}

static void give_back_at_random(size_t i)
{
	struct object *object = &objects[i];

	if (object->p &&
	    (!mp_free(pool, object->p) || !mp_give_back(pool, object->p, object->size)))
		*object = (struct object){ NULL, 0 };
}

static void random_program(struct kunit *test)
{
	uint64_t seed = 14;

	memset(objects, 0, sizeof(objects));
	for (size_t step = 0; step < 20000; step++) {
		uint64_t dice = arena_random(&seed);
		size_t i = dice % OBJECTS;

		if (dice >> 56 & 7)
			resize_at_random(test, i, dice);
		else
			give_back_at_random(i);
		if (step % 100)
			continue;
		for (size_t k = 0; k < OBJECTS; k++)
			KUNIT_ASSERT_EQ(test, pattern_check(objects[k].p, objects[k].size, k),
					objects[k].size);
		KUNIT_ASSERT_EQ(test, heap_check(&arena_heap), 0);
		if (step % 1000)
			continue;
		mp_reset_pool(pool);
		memset(objects, 0, sizeof(objects));
	}
}

static struct kunit_case mp_realloc_fail_cases[] = {
	KUNIT_CASE(impossible_sizes), KUNIT_CASE(impossible_old_size),
	KUNIT_CASE(memory_is_out),    KUNIT_CASE(limit_is_reached),
	KUNIT_CASE(program_is_asked), KUNIT_CASE(in_a_handler),
	KUNIT_CASE(random_program),   {},
};

static struct kunit_suite mp_realloc_fail_suite = {
	.name = "mp_realloc_fail",
	.init = grow_start,
	.exit = grow_stop,
	.test_cases = mp_realloc_fail_cases,
};

kunit_test_suite(mp_realloc_fail_suite);
