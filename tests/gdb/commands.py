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


def damage(what, word, more=1 << 20):
    """Add to a word, show what mp-pool says of it and how many lines it prints, and take it off."""
    quietly(f"set var *(unsigned int *)&{word} += {more}")
    lines = gdb.execute("mp-pool pool", to_string=True).splitlines()
    print(f"> {what}: of {len(lines)} lines,",
          " and ".join('"' + line.strip() + '"' for line in lines if "DAMAGED" in line))
    quietly(f"set var *(unsigned int *)&{word} -= {more}")


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

# Later, the pool has a record of each kind. Records are numbered here from the newest, 0.
quietly("tbreak mp_release", "continue")
show("mp-pool pool")
quietly("set $pool = pool", "set $child = (struct mp_pool_s *)pool->records")
quietly("set $r0 = pool->records", *(f"set $r{i + 1} = $r{i}->next" for i in range(6)))
show("mp-pool $child")

# The commands must report damage, to every word of a record that vouches for others.
damage("the pool's cookie", "pool->entry.cookie")
damage("the pool's list", "pool->records")
for number, kind in enumerate(("child", "cleanup", "mark", "cleanup", "large", "node", "node")):
    damage(f"{kind}: next", f"$r{number}->next")
    damage(f"{kind}: tag", f"$r{number}->tag")
    if kind != "node":
        damage(f"{kind}: cookie", f"((struct mp_entry_s *)$r{number})->cookie")
    if number and kind != "node":
        damage(f"{kind}: prev", f"((struct mp_entry_s *)$r{number})->prev")
damage("child: its size", "$child->size")
damage("child: its list", "((struct mp_entry_s *)$child->records)->cookie")
damage("mark: its window", "((struct mp_savepoint_s *)$r2)->window[1].last")
damage("older node: last", "pool->older->last", 1 << 12)
damage("first node: end", "pool->head[0].end", 1 << 12)
# A large block whose prev and cookie agree, but the record before it is another one.
prev = "((struct mp_entry_s *)$r4)->prev"
quietly(f"set var ((struct mp_entry_s *)$r4)->cookie += 32", f"set var *(long *)&{prev} += 32")
show("mp-pool pool")
quietly(f"set var ((struct mp_entry_s *)$r4)->cookie -= 32", f"set var *(long *)&{prev} -= 32")
# A circle: the oldest node and the newest record lead to each other, and tag and cookie vouch for
# that.
quietly("set $tag = $r6->tag", "set var $r6->tag += (unsigned)(long)$r0 << 3",
        "set var $r6->next = $r0", "set var $child->entry.prev = $r6",
        "set var $child->entry.cookie += (unsigned long)$r6")
show("mp-pool pool")
quietly("set var $r6->tag = $tag", "set var $r6->next = 0",
        "set var $child->entry.cookie -= (unsigned long)$r6")
quietly("set var $child->entry.prev = 0")

# The pool and its child are being undone: the child's handler runs, then the pool's.
quietly("tbreak speak", "continue")
show("mp-pool $child")
quietly("tbreak speak", "continue")
show("mp-pool $pool")

show("mp-pool")
show("mp-pool (struct mp_pool_s *)0")
show("mp-pool (struct mp_pool_s *)0x7fffffff0000")
show("mp-heap kernel_pages")

# Pools with names, a limit, and nodes that double.
quietly("tbreak mp_print_tree", "continue")
show("mp-pool pool")
show("mp-pool (struct mp_pool_s *)pool->records")
damage("the pool's name", "pool->name")
damage("the pool's largest node", "pool->max_size")

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
