// SPDX-License-Identifier: MIT
/*
 * backtrace.c - who called whom
 *
 *	sp                        frame
 *	 |  locals, what was pushed | return address |  the caller's ...
 *	  <---- so many bytes ---------------------->
 *
 * No function spends an instruction on being found here: how many bytes lie
 * between the stack pointer and the caller's part of the stack is looked up in a
 * table by the address of the code (kernel/report/tables). Functions that are in no
 * table, in assembly, push nothing; and a jump to nowhere left nothing but its
 * return address, which comes to the same.
 */
#include <stddef.h>

#include <kernel/arch.h>
#include <kernel/lib/printk.h>
#include <kernel/linker.h>
#include <kernel/report/report.h>

#define FRAMES_MAX 32
#define WORD sizeof(uintptr_t)
#define FRAME_BY_FP 1 /* struct unwind_row: the frame is found by the frame pointer */

static bool is_code(uintptr_t address)
{
	return address >= IMAGE_START && address < (uintptr_t)__rodata_start;
}

/* What is known of the stack at @pc: the last row at or before it, of its function. */
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

/* Goes from @place to its caller, if there is one on the same stack. */
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
 * A function that calls itself from one place is printed once.
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
