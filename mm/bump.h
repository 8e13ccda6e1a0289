/* SPDX-License-Identifier: MIT */
/*
 * bump.h - bump allocation, the one primitive under everything here
 *
 *	            next          at            at + size          end
 *	.............|~~ padding ~~|#############|..................|
 *	  given out                  the object    still free
 *
 * A region is given out from its low end. An object goes to the first aligned place
 * at or after the frontier @next, and the frontier moves past the object. Pages are
 * bumped out of RAM; bytes are bumped out of the nodes of pools.
 *
 * In numbers: next = 0x1003 and align = 16 give 13 bytes of padding and at = 0x1010.
 *
 * These are pure functions on numbers: no memory is read or written.
 */
#ifndef MM_BUMP_H
#define MM_BUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * bump_fit() - where does an object fit?
 * @next: the frontier, an address
 * @end: the end of the region, an address; @next may be past it
 * @size: of the object, in bytes
 * @align: a power of two
 * @at: where the place goes; untouched if there is none
 *
 * Right for all arguments: neither the padding nor @size can make a sum wrap. (The
 * text this project starts from computes "(size_t)(end - aligned) >= size". That is
 * true when the padding pushes aligned past end.)
 *
 * Return: whether [*@at, *@at + @size) is aligned and inside the region.
 */
static inline bool bump_fit(uintptr_t next, uintptr_t end, size_t size, size_t align, uintptr_t *at)
{
	uintptr_t padding = -next & (align - 1);

	if (next > end || padding > end - next || size > end - next - padding)
		return false;
	*at = next + padding;
	return true;
}

/**
 * bump_room() - does an object fit at the frontier as it is?
 * @next: the frontier, aligned already
 * @end: the end of the region, never below @next
 * @size: of the object, in bytes
 *
 * For callers whose frontier is always aligned and never past @end. It costs one
 * subtraction and one comparison.
 *
 * Return: whether [@next, @next + @size) is inside the region.
 */
static inline bool bump_room(uintptr_t next, uintptr_t end, size_t size)
{
	return size <= end - next;
}

#endif /* MM_BUMP_H */
