// SPDX-License-Identifier: MIT
/*
 * fast_path.c - was it a fast path of a pool that faulted?
 *
 * mp_alloc(), mp_nalloc() and mp_calloc() are compiled into their callers. They believe the
 * pool and its current node, and their first accesses are
 *
 *	pool->current		faults if there is no memory at the pool
 *	node->last, node->end	fault if pool->current leads nowhere
 *
 * The slow path needs the pool as its argument, so it usually stands in a register then. A
 * pool at a constant address, or inside another struct, is not found. Other code that reads
 * what is at the same distance behind a bad pointer looks the same: so the words are "perhaps".
 */
#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/report/report.h>
#include <mm/mp_pool.h>

#define CURRENT offsetof(struct mp_pool_s, current)

/* Was @address a field of the node to which pool->current leads, and is there no memory? */
static bool follows_current(uintptr_t pool, uintptr_t address)
{
	uintptr_t current;

	if (pool % sizeof(current) ||
	    !arch_is_readable((const void *)(pool + CURRENT), sizeof(current)))
		return false;
	current = *(const uintptr_t *)(pool + CURRENT);
	/* Of an address that no processor has, only the start of the node is known. */
	return address - current < sizeof(struct mp_node_s) &&
	       !arch_is_readable((const void *)current, sizeof(struct mp_node_s));
}

/**
 * fast_path_text() - name the pool whose fast path has faulted
 * @address: what could not be accessed
 * @registers: the registers at that moment
 * @count: how many
 *
 * Return: words that name the calls and the pool; "" if no register fits.
 */
struct report_text fast_path_text(uintptr_t address, const uint64_t *registers, size_t count)
{
	struct report_text result = { "" };

	for (size_t i = 0; i < count; i++) {
		const char *why = NULL;

		if (follows_current(registers[i], address))
			why = "its current node is no memory";
		else if (address == registers[i] + CURRENT)
			why = "there is no memory";
		if (!why)
			continue;
		snprintf(result.text, sizeof(result.text),
			 "perhaps mp_alloc, mp_nalloc or mp_calloc of the pool at 0x%lx: %s",
			 registers[i], why);
		break;
	}
	return result;
}
