/* SPDX-License-Identifier: MIT */
/*
 * text.h - the text's pool beside ours: the same requests, in a world of its own
 *
 *	session->log	create 1024 | alloc p0 100 | free a0
 *	                     |              |            |
 *	session->plain	ours does it: so the names are the same, and ours is measured
 *	text->world	the text's pool does it
 *
 * When a fault damages memory, the text's world is made anew from the log, without the fault.
 */
#ifndef TESTS_MONITOR_TEXT_H
#define TESTS_MONITOR_TEXT_H

#include <tests/replay/faulty/text_world.h>

struct monitor;

/**
 * struct text - the text's pool
 * @world: where it works. text_world_open() prepares it; all else is 0 at first
 * @memory: what text_world_open() was given
 * @bytes: how many
 * @is_on: does it follow?
 * @fault: which of its faults is on, 1 to REF_FAULTS; or 0
 * @done: operations of the log that were done
 * @sound: so many, the first of them, are done without the fault
 * @told: so many were told about, and do not count in @world.sum and @ours
 * @spoken_of: operations that the text has not, and that were spoken of: bits by kind
 * @ours: instructions that our pool took
 */
struct text {
	struct text_world world;
	void *memory;
	size_t bytes;
	bool is_on;
	unsigned int fault;
	uint32_t done, sound, told, spoken_of;
	uint64_t ours;
};

void text_follow(struct monitor *monitor);
void text_redo(struct monitor *monitor);

#endif /* TESTS_MONITOR_TEXT_H */
