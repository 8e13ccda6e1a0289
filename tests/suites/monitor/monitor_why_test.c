// SPDX-License-Identifier: MIT
/*
 * monitor_why_test.c - what "why" says, compared with the pool before and after
 *
 *	before	nodes, window, top, pages	read by this file from the structs
 *	a random command, then "why"
 *	after	the same
 *
 * Each sentence must agree with both, and each difference must have its sentence.
 */
#include <mm/heap_span.h>
#include <mm/mp_record.h>
#include <tests/suites/monitor/scene.h>

#define ASKED (__STDC_HOSTED__ ? 10000u : 2000u) /* the kernel runs in an emulator: fewer */
#define NODES_MAX 500				 /* more than the objects of a session here */

static struct view {
	const struct mp_pool_s *pool;
	struct {
		const struct mp_node_s *node;
		size_t last, end, failed;
	} nodes[NODES_MAX + 1]; /* by number, from 1 */
	size_t nr, current, older, large, held, refused, pages, top;
} before, after;

static void look(struct view *view, const struct mp_pool_s *pool)
{
	const struct mp_record_s *record;
	size_t number;

	*view = (struct view){ .pool = pool };
	for (record = pool->records; record; record = record->next) {
		view->nr += mp_said_kind(record) == MP_NODE;
		view->large += mp_said_kind(record) == MP_LARGE;
	}
	view->nr++;
	number = view->nr;
	for (record = pool->records; record; record = record->next)
		if (mp_said_kind(record) == MP_NODE)
			view->nodes[number--].node = mp_block_of(record);
	view->nodes[1].node = pool->head;
	for (number = 1; number <= view->nr; number++) {
		const struct mp_node_s *node = view->nodes[number].node;

		view->nodes[number].last = (size_t)node->last;
		view->nodes[number].end = (size_t)node->end;
		view->nodes[number].failed = node->failed;
		if (node == pool->current)
			view->current = number;
		if (node == pool->older)
			view->older = number;
	}
	view->held = pool->held;
	view->refused = mp_history(pool)->refused;
	view->pages = pool->heap->pages->used;
	view->top = (size_t)pool->heap->top;
}

/*
 * Does @line have the form of @pattern, where each # is a number? The numbers go to @numbers.
 */
static bool has_form(const char *line, const char *pattern, size_t *numbers)
{
	for (; *pattern; pattern++) {
		size_t base = 10, digits = 0;

		if (*pattern != '#') {
			if (*line++ != *pattern)
				return false;
			continue;
		}
		if (!strncmp(line, "0x", 2)) {
			base = 16;
			line += 2;
		}
		for (*numbers = 0;; line++, digits++) {
			if (*line >= '0' && *line <= '9')
				*numbers = *numbers * base + (size_t)(*line - '0');
			else if (base == 16 && *line >= 'a' && *line <= 'f')
				*numbers = *numbers * base + (size_t)(*line - 'a') + 10;
			else
				break;
		}
		if (!digits)
			return false;
		numbers++;
	}
	return *line == '\n' || !*line;
}

/* What the sentences have explained so far. */
static struct {
	bool node[NODES_MAX + 1]; /* its last or end moved */
	bool failed[NODES_MAX + 1];
	bool window, large, refused;
	size_t pages, top;
} said;

/* A sentence about nodes. True: it was one, and it agrees. */
static bool check_node(struct kunit *test, const char *line)
{
	size_t n[8];

	if (has_form(line, "Node # fits: last moves up from # to #, by # bytes; # are left.", n)) {
		KUNIT_EXPECT_TRUE(test, n[0] > before.nr || n[1] == before.nodes[n[0]].last);
		KUNIT_EXPECT_EQ(test, n[2], after.nodes[n[0]].last);
		KUNIT_EXPECT_EQ(test, n[3], n[2] - n[1]);
		KUNIT_EXPECT_EQ(test, n[4], after.nodes[n[0]].end - n[2]);
		said.node[n[0]] |= n[3] != 0;
		return true;
	}
	if (has_form(line, "Node # fits: end moves down from # to #, by # bytes; # are left.", n)) {
		KUNIT_EXPECT_TRUE(test, n[0] > before.nr || n[1] == before.nodes[n[0]].end);
		KUNIT_EXPECT_EQ(test, n[2], after.nodes[n[0]].end);
		KUNIT_EXPECT_EQ(test, n[3], n[1] - n[2]);
		KUNIT_EXPECT_EQ(test, n[4], n[2] - after.nodes[n[0]].last);
		said.node[n[0]] |= n[3] != 0;
		return true;
	}
	if (has_form(line, "Node # is current: # bytes left, # needed: failed is now #.", n)) {
		KUNIT_EXPECT_EQ(test, n[0], before.current);
		KUNIT_EXPECT_EQ(test, n[1], before.nodes[n[0]].end - before.nodes[n[0]].last);
		KUNIT_EXPECT_LT(test, n[1], n[2]);
		KUNIT_EXPECT_EQ(test, n[3], before.nodes[n[0]].failed + 1);
		KUNIT_EXPECT_EQ(test, n[3], after.nodes[n[0]].failed);
		said.failed[n[0]] = true;
		return true;
	}
	if (has_form(line, "Node # is new, and current.", n)) {
		KUNIT_EXPECT_EQ(test, n[0], before.nr + 1);
		KUNIT_EXPECT_EQ(test, n[0], after.nr);
		KUNIT_EXPECT_EQ(test, n[0], after.current);
		said.window = true;
		return true;
	}
	if (has_form(line, "Node # is the older one: # bytes left: failed is now #.", n)) {
		KUNIT_EXPECT_EQ(test, n[0], before.older);
		KUNIT_EXPECT_EQ(test, n[1], before.nodes[n[0]].end - before.nodes[n[0]].last);
		KUNIT_EXPECT_EQ(test, n[2], before.nodes[n[0]].failed + 1);
		KUNIT_EXPECT_EQ(test, n[2], after.nodes[n[0]].failed);
		said.failed[n[0]] = true;
		return true;
	}
	if (has_form(line, "Node # leaves the window: it failed more often.", n)) {
		size_t stays = n[0] == before.older ? before.current : before.older;

		KUNIT_EXPECT_GT(test, after.nodes[n[0]].failed, after.nodes[stays].failed);
		KUNIT_EXPECT_EQ(test, after.older, stays);
		return true;
	}
	if (has_form(line, "Node # leaves the window: both failed as often, and it is the older.",
		     n)) {
		KUNIT_EXPECT_EQ(test, n[0], before.older);
		KUNIT_EXPECT_EQ(test, after.nodes[n[0]].failed, after.nodes[before.current].failed);
		KUNIT_EXPECT_EQ(test, after.older, before.current);
		return true;
	}
	return false;
}

/* A sentence about objects that are resized, and about large blocks. */
static bool check_object(struct kunit *test, const char *line)
{
	size_t n[8];

	if (has_form(line,
		     "It is a newest object of node #: there it gets # bytes, at #; # are left.",
		     n)) {
		KUNIT_EXPECT_EQ(test, n[3], after.nodes[n[0]].end - after.nodes[n[0]].last);
		/* Not if it takes as many bytes as before: 30 or 23, say, are 32. */
		said.node[n[0]] = before.nodes[n[0]].last != after.nodes[n[0]].last ||
				  before.nodes[n[0]].end != after.nodes[n[0]].end;
		return true;
	}
	if (has_form(line, "A newest object of node #: # bytes go back; # are left.", n)) {
		said.node[n[0]] |= n[1] != 0;
		return true;
	}
	if (has_form(line, "A block of its own, of # bytes, at #: more than max, #.", n)) {
		KUNIT_EXPECT_EQ(test, n[1],
				(size_t)after.pool->records + sizeof(struct mp_large_s));
		KUNIT_EXPECT_EQ(test, n[2], after.pool->max);
		said.large = true;
		return true;
	}
	if (has_form(line, "A block of its own, of # bytes, at #: memalign always gets one.", n)) {
		KUNIT_EXPECT_LE(test, n[0], after.pool->max);
		said.large = true;
		return true;
	}
	if (has_form(line, "A large block: it was at #; now it has # bytes, at #.", n)) {
		KUNIT_EXPECT_EQ(test, n[2], (size_t)scene->session.world.outcome.at);
		return true;
	}
	if (has_form(line, "It cannot be resized where it is: # bytes are copied from # to #.",
		     n)) {
		KUNIT_EXPECT_EQ(test, n[2], (size_t)scene->session.world.outcome.at);
		return true;
	}
	if (has_form(line, "So the request for a block of # bytes is refused, and counted.", n)) {
		said.refused = true;
		return true;
	}
	return has_form(line, "The limit of p# has # bytes left; # are needed.", n) ||
	       has_form(line, "Node # is current: # bytes left, # needed.", n) ||
	       has_form(line, "What lies in front of it is no record of a large block.", n) ||
	       has_form(line, "No allocator had to decide anything.", n);
}

/* A sentence about the heap and its pages. */
static bool check_heap(struct kunit *test, const char *line)
{
	size_t n[8];

	if (has_form(line, "Heap: no free list has a block: top gives # bytes, and moves up to #.",
		     n)) {
		said.top = n[1];
		return true;
	}
	if (has_form(line, "Heap: the free list [# #] has a block of # bytes, at #; # are taken.",
		     n)) {
		KUNIT_EXPECT_LE(test, n[4], n[2]);
		return true;
	}
	if (has_form(line, "Heap: the block of # bytes at # is free.", n))
		return true;
	if (has_form(line, "Heap: it joins its free neighbour of # bytes, at #.", n))
		return true;
	if (has_form(line, "Pages: the heap takes #, at #.", n)) {
		said.pages += n[0];
		return true;
	}
	if (has_form(line, "Pages: much is free at the end of the heap: # go back, from # on.",
		     n)) {
		said.pages -= n[0];
		return true;
	}
	return false;
}

/* Each difference between before and after has its sentence. */
static void check_all_was_said(struct kunit *test)
{
	for (size_t i = 1; i <= after.nr; i++) {
		bool moved = i > before.nr || before.nodes[i].last != after.nodes[i].last ||
			     before.nodes[i].end != after.nodes[i].end;
		bool failed = i <= before.nr && before.nodes[i].failed != after.nodes[i].failed;

		KUNIT_EXPECT_EQ(test, said.node[i], moved);
		KUNIT_EXPECT_EQ(test, said.failed[i], failed);
	}
	KUNIT_EXPECT_EQ(test, said.window, before.nr != after.nr);
	KUNIT_EXPECT_EQ(test, said.refused, before.refused != after.refused);
	KUNIT_EXPECT_EQ(test, said.pages, after.pages - before.pages);
	KUNIT_EXPECT_TRUE(test, !said.top || said.top == after.top);
}

/* Types a random command about p0. */
static void type_random(uint64_t *random, const struct world *world)
{
	size_t size = arena_random(random) % 20 ? arena_random(random) % 300 :
						  arena_random(random) % 6000;
	uint32_t a = world->nr[OBJECT] ? (uint32_t)(arena_random(random) % world->nr[OBJECT]) : 0;
	char line[64];

	switch (arena_random(random) % 12) {
	case 0:
		snprintf(line, sizeof(line), "nalloc p0 %zu", size);
		break;
	case 1:
		snprintf(line, sizeof(line), "calloc p0 %zu", size);
		break;
	case 2:
		snprintf(line, sizeof(line), "memalign p0 %zu %u", size % 600, 64u << a % 4);
		break;
	case 3:
		snprintf(line, sizeof(line), "realloc a%u %zu", a, size + 1);
		break;
	case 4:
		snprintf(line, sizeof(line), "realloc a%u %zu", world->nr[OBJECT] - 1, size + 1);
		break;
	case 5:
		snprintf(line, sizeof(line), "free a%u", a);
		break;
	case 6:
		snprintf(line, sizeof(line), "printf p0 text of %zu", size);
		break;
	case 7:
		snprintf(line, sizeof(line), "limit p0 %zu", size % 3 ? 0 : size * 16);
		break;
	default:
		snprintf(line, sizeof(line), "alloc p0 %zu", size);
		break;
	}
	(void)type(line);
}

/* Reads what "why" says, sentence by sentence. */
static void check_why(struct kunit *test)
{
	const char *line = type("why");

	__builtin_memset(&said, 0, sizeof(said));
	while (*line) {
		const char *next = strchr(line, '\n');

		if (!check_node(test, line) && !check_object(test, line) &&
		    !check_heap(test, line)) {
			printk("# unknown: %.*s\n", (int)(next - line), line);
			KUNIT_EXPECT_TRUE(test, false);
		}
		line = next + 1;
	}
	check_all_was_said(test);
	if (test->status != KUNIT_SUCCESS) {
		(void)type("why");
		for (char *at = printed; (at = strchr(at, '\n')); at++)
			*at = ' '; /* each line of the log must begin with "#" */
		printk("# why: %s\n", printed);
	}
}

/* 10,000 commands, in sessions of their own, because each has room for some hundred operations. */
static void agrees_with_the_structs(struct kunit *test)
{
	struct session *session = &scene->session;
	uint64_t random = 15;
	size_t asked = 0, forms = 0;

	for (size_t tries = 0; tries < 100000 && asked < ASKED && test->status == KUNIT_SUCCESS;
	     tries++) {
		uint32_t done = session->nr;
		const struct mp_pool_s *pool;

		if (!session->nr || session->nr > 400) {
			session_back(session, UINT32_MAX);
			(void)type(asked % 2 ? "create 1024" : "create 300");
			continue;
		}
		pool = session->world.of[POOL][0].at;
		look(&before, pool);
		type_random(&random, &session->world);
		if (session->nr == done) /* what it named had ended */
			continue;
		look(&after, pool);
		check_why(test);
		asked++;
		forms += said.window;
	}
	KUNIT_EXPECT_EQ(test, asked, ASKED);
	KUNIT_EXPECT_GT(test, forms, ASKED / 20);
}

static struct kunit_case monitor_why_cases[] = {
	KUNIT_CASE(agrees_with_the_structs),
	{},
};

static struct kunit_suite monitor_why_suite = {
	.name = "monitor_why",
	.init = scene_init,
	.exit = scene_exit,
	.test_cases = monitor_why_cases,
};

kunit_test_suite(monitor_why_suite);
