// SPDX-License-Identifier: MIT
/*
 * replay_check.c - checks of memory during a replay, and their messages
 */
#include <stdarg.h>
#include <kernel/lib/printk.h>
#include <mm/mp_pool.h>
#include <mm/page.h>
#include <tests/kunit/pattern.h>
#include <tests/replay/replay.h>

/**
 * replay_fail() - set the error, for the line of the trace that was read last
 * @replay: the replay
 * @fmt: printf's format of the message, without line number and newline
 *
 * Return: false.
 */
bool replay_fail(struct replay *replay, const char *fmt, ...)
{
	char what[TRACE_ERROR_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(replay->error, sizeof(replay->error), "line %zu: %s", replay->trace.line, what);
	return false;
}

/**
 * replay_fail_null() - set the error that a call returned NULL
 * @replay: the replay
 * @call: the name of the function
 * @size: bytes that it was asked for
 *
 * The request was legal, so the only reason for NULL is that memory is out.
 *
 * Return: false.
 */
bool replay_fail_null(struct replay *replay, const char *call, size_t size)
{
	struct page_stats stats;

	page_get_stats(&kernel_pages, &stats);
	return replay_fail(replay, "%s of %zu bytes failed; %zu of %zu pages are in use", call,
			   size, stats.used, stats.total);
}

/**
 * replay_check_new() - check what the pool promises about new memory
 * @replay: the replay
 * @record: the request
 * @block: the new object; nothing has been written there yet
 *
 * Return: true if it is aligned and, after mp_calloc, zero.
 */
bool replay_check_new(struct replay *replay, const struct trace_record *record,
		      const struct replay_block *block)
{
	size_t align = record->type == 'n' && !block->is_large ? 1 : MP_ALIGNMENT;
	size_t zeros;

	if (record->type == 'm' && align < record->align)
		align = record->align;
	if ((uintptr_t)block->at & (align - 1))
		return replay_fail(replay, "the object at %p is not aligned to %zu", block->at,
				   align);
	if (record->type != 'z')
		return true;
	zeros = pattern_zeros(block->at, block->size);
	if (zeros < block->size)
		return replay_fail(replay, "byte %zu of the object from mp_calloc is not zero",
				   zeros);
	return true;
}

/**
 * replay_check_pattern() - check that an object still holds its pattern
 * @replay: the replay
 * @block: an object that is alive
 *
 * Return: true if every byte is right.
 */
bool replay_check_pattern(struct replay *replay, const struct replay_block *block)
{
	size_t number = block - replay->blocks;
	size_t good = pattern_check(block->at, block->size, number);

	if (good == block->size)
		return true;
	if (block->thing == REPLAY_HANDLER)
		return replay_fail(replay,
				   "byte %zu of the cleanup data from line %u was overwritten",
				   good, block->line);
	return replay_fail(replay, "byte %zu of object %zu (%zu bytes, line %u) was overwritten",
			   good, number, block->size, block->line);
}
