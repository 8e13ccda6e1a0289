// SPDX-License-Identifier: MIT
/*
 * replay_check_test.c - does a replay notice a broken pool?
 *
 * A replay without errors proves something only if a broken pool causes an error.
 * The functions here simulate broken pools. The replay calls its "tamper" hook for
 * each allocation; when a certain size (mostly 7 bytes) is requested, the hook
 * changes the pointer, memory or the replay's records. The check that is meant to
 * find this must report it.
 */
#include <kernel/lib/string.h>
#include <mm/mp_pool.h>
#include <tests/kunit/kunit.h>
#include <tests/replay/replay.h>

#define HEAD "mptrace 1\n"

static void expect_error(struct kunit *test, const char *text,
			 void *(*tamper)(struct replay *, const struct trace_record *, void *),
			 const char *error)
{
	struct replay replay = { .tamper = tamper };

	KUNIT_EXPECT_FALSE(test, replay_run(&replay, text, strlen(text)));
	KUNIT_EXPECT_STREQ(test, replay.error, error);
}

/* For messages with numbers that differ between builds: @words are a part of the message. */
static void expect_words(struct kunit *test, const char *text,
			 void *(*tamper)(struct replay *, const struct trace_record *, void *),
			 const char *words)
{
	struct replay replay = { .tamper = tamper };

	KUNIT_EXPECT_FALSE(test, replay_run(&replay, text, strlen(text)));
	KUNIT_EXPECT_NOT_NULL(test, strstr(replay.error, words));
}

static void *scribble(struct replay *replay, const struct trace_record *record, void *at)
{
	if (record->size == 7)
		replay->blocks[0].at[3] ^= 1;
	return at;
}

/* Damage is found when the object's life ends: by free, reset, destroy or end of trace. */
static void replay_sees_damage(struct kunit *test)
{
	expect_error(test, HEAD "c 0 64\na 0 99\na 0 7\nf 0 0\n", scribble,
		     "line 5: byte 3 of object 0 (99 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\na 0 9\na 0 7\nf 0 0\n", scribble,
		     "line 5: byte 3 of object 0 (9 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\nn 0 9\nf 0 0\na 0 7\nr 0\n", scribble,
		     "line 6: byte 3 of object 0 (9 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\nz 0 4\na 0 7\nd 0\n", scribble,
		     "line 5: byte 3 of object 0 (4 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\nm 0 4 64\na 0 7\n# end\n", scribble,
		     "line 5: byte 3 of object 0 (4 bytes, line 3) was overwritten");
	/* There are no objects here, so blocks[0] is the cleanup data. */
	expect_error(test, HEAD "c 0 64\nk 0 20\nk 0 7\n", scribble,
		     "line 4: byte 3 of the cleanup data from line 3 was overwritten");
}

static void *overlap(struct replay *replay, const struct trace_record *record, void *at)
{
	return record->size == 7 ? replay->blocks[0].at + MP_ALIGNMENT : at;
}

static void replay_sees_overlap(struct kunit *test)
{
	_Static_assert(MP_ALIGNMENT + 7 <= 72, "object 1 must end inside object 0");
	expect_words(test, HEAD "c 0 256\nn 0 72\nn 0 7\n", overlap,
		     " of object 0 (72 bytes, line 3) was overwritten");
}

static void *nothing(struct replay *replay, const struct trace_record *record, void *at)
{
	(void)replay;
	return record->size <= 7 ? NULL : at;
}

/* An allocation of 0 bytes must return a pointer, too. */
static void replay_sees_null(struct kunit *test)
{
	expect_words(test, HEAD "c 0 64\nn 0 0\n", nothing,
		     "line 3: mp_nalloc of 0 bytes failed; ");
	expect_words(test, HEAD "c 0 64\nz 0 7\n", nothing,
		     "line 3: mp_calloc of 7 bytes failed; ");
	expect_words(test, HEAD "c 0 64\nm 0 7 8\n", nothing,
		     "line 3: mp_memalign of 7 bytes failed; ");
}

static void *off_by_one(struct replay *replay, const struct trace_record *record, void *at)
{
	(void)replay;
	return (unsigned char *)at + (record->size == 7 || record->size == 107);
}

static void *off_by_half(struct replay *replay, const struct trace_record *record, void *at)
{
	(void)replay;
	return (unsigned char *)at + (record->type == 'm' ? record->align / 2 : 0);
}

static void replay_sees_bad_alignment(struct kunit *test)
{
	expect_words(test, HEAD "c 0 64\na 0 7\n", off_by_one, " is not aligned to ");
	expect_words(test, HEAD "c 0 64\nz 0 7\n", off_by_one, " is not aligned to ");
	expect_words(test, HEAD "c 0 64\nk 0 7\n", off_by_one, " is not aligned to ");
	expect_words(test, HEAD "c 0 64\nn 0 107\n", off_by_one, " is not aligned to ");
	expect_words(test, HEAD "c 0 64\nm 0 7 1\n", off_by_one, " is not aligned to ");
	expect_words(test, HEAD "c 0 64\nm 0 8 4096\n", off_by_half, " is not aligned to 4096");
}

static void *soil(struct replay *replay, const struct trace_record *record, void *at)
{
	(void)replay;
	if (record->size == 7)
		((unsigned char *)at)[6] = 0x80;
	return at;
}

static void replay_sees_dirty_calloc(struct kunit *test)
{
	expect_error(test, HEAD "c 0 64\nz 0 7\n", soil,
		     "line 3: byte 6 of the object from mp_calloc is not zero");
}

static void *free_early(struct replay *replay, const struct trace_record *record, void *at)
{
	if (record->size == 7)
		mp_free(replay->pools[0].pool, replay->blocks[0].at);
	return at;
}

static void *call_it_small(struct replay *replay, const struct trace_record *record, void *at)
{
	if (record->size == 7)
		replay->blocks[0].is_large = false;
	return at;
}

static void replay_sees_wrong_free(struct kunit *test)
{
	expect_error(test, HEAD "c 0 64\na 0 99\na 0 7\nf 0 0\n", free_early,
		     "line 5: mp_free declined object 0, a live large block");
	expect_error(test, HEAD "c 0 64\na 0 99\na 0 7\nf 0 0\n", call_it_small,
		     "line 5: mp_free took object 0, which lies in a node");
}

static unsigned char *target;

static void scribble_late(void *data)
{
	(void)data;
	target[2] ^= 1;
}

/* Nothing is wrong before pool 0 ends. Then the first handler to run damages block 0. */
static void *scribble_at_the_end(struct replay *replay, const struct trace_record *record, void *at)
{
	if (record->size != 7)
		return at;
	target = replay->blocks[0].at;
	mp_cleanup_or_run(replay->pools[0].pool, scribble_late, NULL);
	replay->pools[0].nr_cleanups++;
	return at;
}

/* A handler finds its data as it was, and all that is older: also of its pool's parent. */
static void replay_sees_damage_in_handlers(struct kunit *test)
{
	expect_error(test, HEAD "c 0 64\na 0 9\nk 0 8\na 0 7\nd 0\n", scribble_at_the_end,
		     "line 6: byte 2 of object 0 (9 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\na 0 99\nk 0 0\nk 0 0\na 0 7\nr 0\n", scribble_at_the_end,
		     "line 7: byte 2 of object 0 (99 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\na 0 9\nc 1 64 0\nk 1 0\na 0 7\n", scribble_at_the_end,
		     "line 6: byte 2 of object 0 (9 bytes, line 3) was overwritten");
	expect_error(test, HEAD "c 0 64\nc 1 64 0\na 1 9\nk 0 0\na 0 7\nd 0\n", scribble_at_the_end,
		     "line 7: byte 2 of object 0 (9 bytes, line 4) was overwritten");
	expect_error(test, HEAD "c 0 64\nk 0 20\nk 0 7\nd 0\n", scribble_at_the_end,
		     "line 5: byte 2 of the cleanup data from line 3 was overwritten");
}

static struct mp_cleanup_s *newest_handler(const struct replay *replay)
{
	return (struct mp_cleanup_s *)(uintptr_t)replay->pools[0].pool->records;
}

/* The newest record of pool 0 is a handler; with 17 bytes, the one before it is one, too. */
static void *mix_up_handlers(struct replay *replay, const struct trace_record *record, void *at)
{
	struct mp_cleanup_s *newest = newest_handler(replay), *other;
	struct mp_pool_s *pool = replay->pools[0].pool;

	switch (record->size) {
	case 7:
		mp_cleanup_remove(pool, newest);
		replay->pools[0].nr_cleanups--;
		break;
	case 8:
		mp_cleanup_run(pool, newest);
		break;
	case 9:
		mp_cleanup_or_run(pool, newest->handler, newest->data);
		replay->pools[0].nr_cleanups++;
		break;
	case 17:
		other = (struct mp_cleanup_s *)(uintptr_t)newest->entry.record.next;
		other->data = newest->data;
		newest->data = replay->blocks[1].at; /* object 0 is the one that is asked for */
		break;
	default:
		break;
	}
	return at;
}

/* Each handler runs once, when its pool ends, in its turn. */
static void replay_sees_wrong_handlers(struct kunit *test)
{
	expect_error(test, HEAD "c 0 64\nk 0 6\na 0 7\nd 0\n", mix_up_handlers,
		     "line 5: the handler from line 3 did not run");
	expect_error(test, HEAD "c 0 64\nk 0 0\nk 0 0\na 0 7\nr 0\n", mix_up_handlers,
		     "line 6: a handler ran before its turn: next is that of line 4");
	expect_error(test, HEAD "c 0 64\nk 0 6\na 0 8\na 0 1\n", mix_up_handlers,
		     "line 4: a handler ran, but no pool ends");
	expect_error(test, HEAD "c 0 64\nk 0 6\na 0 9\nd 0\n", mix_up_handlers,
		     "line 5: a handler ran, but all have run already");
	expect_error(test, HEAD "c 0 64\nk 0 6\nk 0 5\na 0 17\nd 0\n", mix_up_handlers,
		     "line 6: a handler ran before its turn: next is that of line 4");
}

static void *give_data(struct replay *replay, const struct trace_record *record, void *at)
{
	(void)replay;
	if (record->type != 'k')
		return at;
	return at ? NULL : &target;
}

static void replay_sees_wrong_data(struct kunit *test)
{
	expect_words(test, HEAD "c 0 64\nk 0 0\n", give_data,
		     "line 3: the data of a cleanup of 0 bytes is at ");
	expect_words(test, HEAD "c 0 64\nk 0 7\n", give_data,
		     "line 3: the data of a cleanup of 7 bytes is at ");
}

static void *mix_up_books(struct replay *replay, const struct trace_record *record, void *at)
{
	if (record->size == 7)
		replay->pools[0].asked += 4096;
	if (record->size == 107)
		replay->pools[0].nr_large++;
	if (record->size == 27)
		replay->pools[0].nr_cleanups++;
	if (record->size == 37)
		replay->pools[0].nr_children--;
	if (record->size == 17)
		replay->pools[0].pool->head->end = replay->pools[0].pool->head->last - 1;
	return at;
}

/* The pool's lists and the trace must agree on what the pool holds. */
static void replay_sees_wrong_books(struct kunit *test)
{
	expect_words(test, HEAD "c 0 64\na 0 7\n", mix_up_books,
		     "line 3: 4103 bytes of objects lie in ");
	expect_words(test, HEAD "c 0 64\na 0 107\n", mix_up_books,
		     "line 3: the pool lists 1 large blocks, the trace 2");
	expect_words(test, HEAD "c 0 64\nk 0 3\na 0 27\n", mix_up_books,
		     "line 4: the pool lists 1 cleanups, the trace 2");
	expect_words(test, HEAD "c 0 64\nc 1 64 0\nc 2 64 0\na 0 37\n", mix_up_books,
		     "line 5: the pool lists 2 children, the trace 1");
	expect_words(test, HEAD "c 0 64\na 0 17\n", mix_up_books,
		     "line 3: packed objects overlap aligned ones in a node");
}

static struct kunit_case replay_check_cases[] = {
	KUNIT_CASE(replay_sees_damage),
	KUNIT_CASE(replay_sees_overlap),
	KUNIT_CASE(replay_sees_null),
	KUNIT_CASE(replay_sees_bad_alignment),
	KUNIT_CASE(replay_sees_dirty_calloc),
	KUNIT_CASE_PLAIN(replay_sees_wrong_free),
	KUNIT_CASE(replay_sees_damage_in_handlers),
	KUNIT_CASE_PLAIN(replay_sees_wrong_handlers),
	KUNIT_CASE(replay_sees_wrong_data),
	KUNIT_CASE(replay_sees_wrong_books),
	{},
};

static struct kunit_suite replay_check_suite = {
	.name = "replay_check",
	.test_cases = replay_check_cases,
};

kunit_test_suite(replay_check_suite);
