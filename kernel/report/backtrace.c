// SPDX-License-Identifier: MIT
/*
 * backtrace.c - finds the calls that led to a place in the code
 *
 *	sp                        frame
 *	 |  locals, what was pushed | return address |  the caller's ...
 *	  <---- bytes in the table of frames ------->
 *
 * Functions need no frame pointer for this. A table (kernel/report/tables) holds, for
 * each address of code, how many bytes lie between the stack pointer and the caller's part
 * of the stack. Code without a row has pushed nothing, so only the return address lies
 * there. That is so in assembly functions, and after a call of an address without code.
 */
#include <stddef.h>

#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/report/report.h>

#define FRAMES_MAX 32
#define WORD sizeof(uintptr_t)
#define FRAME_BY_FP 1 /* bit of unwind_row.frame: count from the frame pointer */

static bool is_code(uintptr_t address)
{
	return address >= IMAGE_START && address < (uintptr_t)__rodata_start;
}

/* The row for @pc: the last one at or below it in its function; or that nothing is pushed. */
static struct unwind_row find_row(uintptr_t pc)
{
	const struct unwind_row *low = __unwind_start, *high = __unwind_end;

	while (low < high) {
		const struct unwind_row *middle = low + (high - low) / 2;

		if (middle->address <= pc)
			low = middle + 1;
		else
			high = middle;
	}
	if (is_code(pc) && low > __unwind_start && low[-1].address >= symbol_start(pc))
		return low[-1];
	return (struct unwind_row){ .frame = WORD };
}

/* Goes from @place to its caller; returns whether there is one on the same stack. */
static bool step(struct place *place)
{
	struct unwind_row row = find_row(place->pc - place->returned);
	uintptr_t base = row.frame & FRAME_BY_FP ? place->fp : place->sp;
	uintptr_t frame = base + (row.frame & ~FRAME_BY_FP);
	bool guard;
	const char *stack = arch_stack_name(place->sp, &guard);

	if (!stack || (frame & (WORD - 1)) || frame <= place->sp ||
	    arch_stack_name(frame - 1, &guard) != stack ||
	    !arch_is_readable((const void *)(frame - WORD), WORD))
		return false;
	if (row.saved && arch_is_readable((const void *)(frame - row.saved), WORD))
		place->fp = *(const uintptr_t *)(frame - row.saved);
	place->pc = *(const uintptr_t *)(frame - WORD);
	place->sp = frame;
	place->returned = true;
	return is_code(place->pc);
}

/**
 * backtrace_print() - print the calls that led to a place
 * @place: the place
 *
 * If a function calls itself again and again from one place, that is printed once.
 */
void backtrace_print(struct place place)
{
	unsigned int frames = 0, again = 0;
	uintptr_t last = 0;

	printk("# backtrace:\n");
	do {
		if (frames && place.pc == last) {
			again++;
			continue;
		}
		if (again)
			printk("#   ... and %u times more\n", again);
		printk("#   %016lx  %s\n", place.pc, place_text(&place).text);
		last = place.pc;
		again = 0;
		frames++;
	} while (frames < FRAMES_MAX && step(&place));
	if (frames == FRAMES_MAX)
		printk("#   ...\n");
}
