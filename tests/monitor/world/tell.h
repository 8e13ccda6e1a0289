/* SPDX-License-Identifier: MIT */
/*
 * tell.h - what mm/ tells the monitor: the value of MM_TELL in the copy that is watched
 *
 * Each thing told has an address and two numbers. In this list they stand behind the name:
 *
 *	ALIGNED	an object in a node		where it is; the node; bytes it takes
 *	PACKED	the same, from the end down
 *	NO_ROOM	a node cannot serve		the node; bytes it has left; bytes needed
 *	NEW_NODE	enters the window		the node; the older one; its bytes left
 *	LARGE	a block of its own		its memory; its size; the largest small size
 *	REFUSED	the heap or a limit said no	the pool; bytes wanted; the pool with a limit
 *	LIMIT	a limit would be passed		the pool with the limit; bytes left; bytes wanted
 *	UNDONE	a record is taken off		the record; its tag; its pool
 *	RESIZED	an object, in its node		where it is; the node; its new size
 *	GIVEN_BACK	the newest object	where it was; the node; its size
 *	COPIED	an object moved			where it is; where it was; bytes copied
 *	LARGE_RESIZED	a large block		where it is; where it was; its new size
 *	LISTED	a block of a free list serves	the block; its bytes; bytes taken
 *	TOP	the top serves			the block; the gap before it; bytes taken
 *	FREED	a block is free			the block; its bytes; does the top follow it?
 *	JOINED	with a free neighbour		the neighbour; its bytes; bytes of the block
 *	PAGES	the heap took pages		the first; their bytes; the span that grows
 *	PAGES_BACK	and gave them back	the first; their bytes
 */
#ifndef TESTS_MONITOR_TELL_H
#define TESTS_MONITOR_TELL_H

#include <stddef.h>
#include <stdint.h>

enum told_what {
	TOLD_ALIGNED,
	TOLD_PACKED,
	TOLD_NO_ROOM,
	TOLD_NEW_NODE,
	TOLD_LARGE,
	TOLD_REFUSED,
	TOLD_LIMIT,
	TOLD_UNDONE,
	TOLD_RESIZED,
	TOLD_GIVEN_BACK,
	TOLD_COPIED,
	TOLD_LARGE_RESIZED,
	TOLD_LISTED,
	TOLD_TOP,
	TOLD_FREED,
	TOLD_JOINED,
	TOLD_PAGES,
	TOLD_PAGES_BACK,
};

struct told {
	enum told_what what;
	uintptr_t at;
	size_t a, b;
};

#define TALE_MAX 64

/**
 * struct tale - what was told during one call
 * @told: the first TALE_MAX things, in their order
 * @nr: how many there were, which may be more
 */
struct tale {
	struct told told[TALE_MAX];
	size_t nr;
};

extern struct tale *tale; /* who listens; NULL: nobody */

void tell(enum told_what what, uintptr_t at, size_t a, size_t b);

#ifdef MM_TELL
#define mm_tell(what, at, a, b) tell(TOLD_##what, (uintptr_t)(at), (size_t)(a), (size_t)(b))
#endif

#endif /* TESTS_MONITOR_TELL_H */
