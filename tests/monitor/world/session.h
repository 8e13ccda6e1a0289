/* SPDX-License-Identifier: MIT */
/*
 * session.h - what was done so far, and the two worlds in which it was done
 *
 *	log	create 1024 | alloc p0 100 | alloc p0 100 | free a0	operations
 *	           1             2              2            3		their commands
 *
 * The log is the session: the watched world is what comes out when it is done from the start.
 * So going back is doing less of it again, and after a panic the world is made anew.
 */
#ifndef TESTS_MONITOR_SESSION_H
#define TESTS_MONITOR_SESSION_H

#include <stdbool.h>

#include <tests/monitor/world/tell.h>
#include <tests/monitor/world/world.h>

#define SESSION_MIN ((size_t)512 << 10) /* bytes of memory */
#define SESSION_TEXTS 65536
#define SESSION_REASON 240

enum session_result {
	SESSION_DONE,	  /* the allocator answered: see world->outcome */
	SESSION_FULL,	  /* there is no room, see reason; nothing was done */
	SESSION_PANICKED, /* the allocator panicked: see reason; the operation is undone */
};

/**
 * struct session - a session
 * @world: the watched one, after all of the log
 * @plain: the other; it serves session_cost(), and who compares with the text's pool
 * @log: the operations so far
 * @nr: how many
 * @max: how many there can be
 * @command: the number of the newest command that did something
 * @tale: what was told during the newest operation
 * @played: by number in the trace, the numbers of its pools and objects here
 * @nr_played: how many of each
 * @texts: the texts of OP_PRINTF, one behind the other
 * @texts_used: their bytes
 * @reason: why the allocator panicked last, or for what there was no room
 */
struct session {
	struct world world;
	struct world plain;
	struct op *log;
	uint32_t nr;
	uint32_t max;
	uint32_t command;
	struct tale tale;
	uint32_t *played[2];
	uint32_t nr_played[2];
	char *texts;
	size_t texts_used;
	char reason[SESSION_REASON];
};

bool session_open(struct session *session, void *memory, size_t bytes, uint64_t (*clock)(void));
enum session_result session_do(struct session *session, struct op op);
enum session_result session_try(struct session *session, struct op op, struct outcome *outcome);
void session_back(struct session *session, uint32_t commands);
uint64_t session_cost(struct session *session);

#endif /* TESTS_MONITOR_SESSION_H */
