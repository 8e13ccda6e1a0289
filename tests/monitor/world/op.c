// SPDX-License-Identifier: MIT
/*
 * op.c - what each operation is about
 */
#include <tests/monitor/world/world.h>

#define NONE THING_KINDS

const struct op_type op_types[OP_KINDS] = {
	/*		  acts on, makes, letter in a trace */
	[OP_CREATE] = { NONE, POOL, 'c' },   [OP_CHILD] = { POOL, POOL, 'c' },
	[OP_ALLOC] = { POOL, OBJECT, 'a' },  [OP_NALLOC] = { POOL, OBJECT, 'n' },
	[OP_CALLOC] = { POOL, OBJECT, 'z' }, [OP_MEMALIGN] = { POOL, OBJECT, 'm' },
	[OP_PRINTF] = { POOL, OBJECT, 'n' }, [OP_CLEANUP] = { POOL, HANDLER, 'k' },
	[OP_REALLOC] = { OBJECT, NONE, 0 },  [OP_FREE] = { OBJECT, NONE, 'f' },
	[OP_MARK] = { POOL, MARK, 0 },	     [OP_RELEASE] = { MARK, NONE, 0 },
	[OP_RESET] = { POOL, NONE, 'r' },    [OP_DESTROY] = { POOL, NONE, 'd' },
	[OP_LIMIT] = { POOL, NONE, 0 },	     [OP_HALLOC] = { NONE, BLOCK, 0 },
	[OP_HFREE] = { BLOCK, NONE, 0 },     [OP_PALLOC] = { NONE, NONE, 0 },
	[OP_PBACK] = { NONE, NONE, 0 },
};
