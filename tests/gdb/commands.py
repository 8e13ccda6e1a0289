# SPDX-License-Identifier: MIT
"""The commands that tests/gdb/try gives gdb; "expected" holds what they must print."""
import gdb


def quietly(*commands):
    for command in commands:
        gdb.execute(command, to_string=True)


def show(command):
    print(">", command)
    try:
        said = gdb.execute(command, to_string=True)
    except gdb.error as error:
        said = f"error: {error}"
    for line in said.splitlines():
        print(">   " + line)


def where():
    """Print this function and its callers: right names mean right registers and symbols."""
    frame = gdb.newest_frame()
    names = []
    while frame and len(names) < 3:
        # A compiler may split a function and inline one part into the other.
        if frame.name() not in names:
            names.append(frame.name())
        frame = frame.older()
    print("> at", ", called by ".join(names))


quietly("set pagination off", "source mm/gdb.py")

# Stop in 32-bit code, before there is a stack, then in 64-bit code.
quietly("hbreak pvh_entry", "continue")
print("> at", gdb.newest_frame().name())
quietly("stepi")
quietly("tbreak kernel_main", "continue")
where()

# The demonstration: a pool with three nodes and a large block.
quietly("tbreak mp_free", "continue")
where()
show("mp-pages")
show("mp-heap")
show("mp-pool pool")
show("mp-pool *pool")

# The commands must report damage: to a large block's record, to the pool's cookie, to a node.
quietly("set $nodes = pool->large->nodes", "set var pool->large->nodes = 9")
show("mp-pool pool")
quietly("set var pool->large->nodes = $nodes", "set var pool->cookie ^= 1UL << 60")
show("mp-pool pool")
quietly("set var pool->cookie ^= 1UL << 60", "set $last = pool->older->last")
quietly("set var pool->older->last = pool->older->end + 1")
show("mp-pool pool")
quietly("set var pool->older->last = $last")
show("mp-pool")
show("mp-pool (struct mp_pool_s *)0")
show("mp-pool (struct mp_pool_s *)0x7fffffff0000")
show("mp-heap kernel_pages")

# A suite whose heap has two spans and a block in a free list.
# On the way there, a block between two others is freed: heap_free() is in the backtrace.
quietly("tbreak heap_walk_test.c:start", "continue", "tbreak heap_free", "continue")
quietly("tbreak used_block", "continue")
where()
quietly("tbreak walk_all", "continue", "tbreak heap_next", "continue")
where()
show("mp-pages heap->pages")
show("mp-heap heap")
quietly("set $block = (struct heap_block *)(heap->spans->next + 1)")
quietly("set var $block->tag ^= 32")
show("mp-heap heap")
quietly("set var $block->tag ^= 32", "set $hole = heap->lists[11][5].next")
quietly("set $prev = $hole->prev", "set var $hole->prev = $hole")
show("mp-heap heap")
quietly("set var $hole->prev = $prev")

# The damage is undone: the test passes, and the kernel powers the machine off.
try:
    quietly("continue")
except gdb.error:
    pass
print("> the machine is", "still there" if gdb.selected_inferior().pid else "gone")
