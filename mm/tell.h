/* SPDX-License-Identifier: MIT */
/*
 * tell.h - how somebody who watches an allocator learns what it decides
 *
 * mm/ calls mm_tell(WHAT, at, a, b) where it has decided something: which node serves, which
 * list, where a block is cut. WHAT is a name, @at an address, @a and @b are numbers or addresses.
 * The calls are empty, and their arguments are not evaluated. A build that wants to know names
 * a header of its own in MM_TELL, which defines mm_tell(); tests/monitor/world/tell.h does, and
 * lists what is told.
 */
#ifndef MM_TELL_H
#define MM_TELL_H

#ifdef MM_TELL
#include MM_TELL
#else
#define mm_tell(what, at, a, b) ((void)0)
#endif

#endif /* MM_TELL_H */
