# SPDX-License-Identifier: MIT
"""
gdb.py - commands for gdb that print what mm/ keeps in memory

	make debug		loads this file
	mp-pages [ALLOCATOR]	the ranges of a page allocator (kernel_pages)
	mp-heap [HEAP]		spans, free lists and top of a heap (kernel_heap)
	mp-pool POOL		what a pool holds: its list of records, newest first

Arguments are C expressions: an object, or a pointer to one. A bare address needs a
cast: mp-pool (struct mp_pool_s *)0x1e6020. The commands trust the layout of the
structs, not their contents: a record is followed only if it is vouched for (mp_record.h).
"""
import gdb

# As in heap_block.h.
BLOCK_FREE = 1
SIZE_MASK = (1 << 48) - 32
# As in heap.h.
FL_COUNT = 48
SL_COUNT = 16
# As in mp_record.h.
NODE, LARGE, CLEANUP, CHILD, MARK = range(1, 6)
KIND_BITS = 3
KIND_MASK = 7
MANY = 100000


def read(words, default, name):
    """The struct that a command's argument names."""
    value = gdb.parse_and_eval(words or default)
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        if int(value) == 0:
            raise gdb.GdbError(f"{words} is NULL")
        value = value.dereference()
    if str(value.type.strip_typedefs().unqualified()) != name:
        raise gdb.GdbError(f"{words or default} is no {name}")
    return value


def pointed(kind, address):
    """*(struct KIND *)ADDRESS"""
    return gdb.Value(address).cast(gdb.lookup_type("struct " + kind).pointer()).dereference()


def chain(first, member="next"):
    """The objects of a list that ends with NULL."""
    for _ in range(MANY):
        if int(first) == 0:
            return
        yield first.dereference()
        first = first[member]
    print(f"  ... stopped after {MANY}: a circle?")


def mark(heap, address):
    """heap_mark(): what a heap's owners mark a live object with"""
    return (address ^ int(heap["secret"])) * 0x9E3779B97F4A7C15 % (1 << 64)


def header_size():
    return gdb.lookup_type("struct heap_block")["links"].bitpos // 8


def size_of(kind):
    return gdb.lookup_type("struct " + kind).sizeof


class Command(gdb.Command):
    """What all of them have in common: memory may be anything."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, words, from_tty):
        try:
            self.show(words)
        except gdb.MemoryError as error:
            raise gdb.GdbError(f"the rest is damaged: {error}")


class Pages(Command):
    """mp-pages [ALLOCATOR]: the ranges of a page allocator, kernel_pages if none is given"""

    def show(self, words):
        pa = read(words, "kernel_pages", "struct page_allocator")
        ranges = [pa["ranges"][i] for i in range(min(int(pa["nr_ranges"]), 32))]
        print(f"pages: {int(pa['used'])} given out, at most {int(pa['peak'])}, "
              f"{int(pa['failed'])} requests failed")
        for i, r in enumerate(ranges):
            start, frontier, end = (int(r[name]) for name in ("start", "next", "end"))
            wrong = "" if start <= frontier <= end else "  DAMAGED"
            print(f"  {start:#014x}-{end:#014x}  {(frontier - start) >> 12} of {(end - start) >> 12} "
                  f"pages, frontier {frontier:#x}{wrong}")


def list_sizes(fl, sl):
    """The smallest and the largest blocks in a free list: list_level() backwards."""
    low = ((SL_COUNT + sl) << fl) // SL_COUNT
    return low, max(low, low + (1 << fl) // SL_COUNT - 32)


class Heap(Command):
    """mp-heap [HEAP]: spans, free lists and top of a heap, kernel_heap if none is given"""

    def show(self, words):
        heap = read(words, "kernel_heap", "struct heap")
        print(f"heap at {int(heap.address):#x}, newest span first")
        for span in chain(heap["spans"]):
            self.show_span(heap, span)
        self.show_lists(heap)

    def show_span(self, heap, span):
        """Walks from header to header, and says where they cease to make sense."""
        header = header_size()
        start, end = int(span.address), int(span["end"])
        at = start + size_of("heap_span")
        newest = end - header == int(heap["sentinel"])
        stop = int(heap["top"]) if newest else end - header
        count, sums, before, wrong = [0, 0], [0, 0], 0, ""
        while at < stop:
            block = pointed("heap_block", at)
            state = int(block["tag"]) ^ int(heap["stamp"])
            size, free = state & SIZE_MASK, state & BLOCK_FREE
            if state & ~(SIZE_MASK | BLOCK_FREE) or not size or int(block["prev"]) != before:
                wrong = f"; the header at {at:#x} is DAMAGED"
                break
            count[free] += 1
            sums[free] += size
            before = size
            at += size
        if not wrong and (at != stop or int(pointed("heap_block", at)["prev"]) != before):
            wrong = f"; the header at {stop:#x} is DAMAGED"
        print(f"  span {start:#x}-{end:#x}: {count[0]} used blocks of {sums[0]} bytes, "
              f"{count[1]} free of {sums[1]}{wrong}")
        if newest and not wrong:
            print(f"  top  {stop:#x}, {end - header - stop} bytes free")

    def show_lists(self, heap):
        total = 0
        for fl in range(FL_COUNT):
            bits = int(heap["sl_bitmap"][fl])
            for sl in (sl for sl in range(SL_COUNT) if bits >> sl & 1):
                blocks = list(self.members(heap, fl, sl))
                total += len(blocks)
                low, high = list_sizes(fl, sl)
                print(f"  free list fl {fl} sl {sl}, of {low} to {high} bytes: " +
                      " ".join(f"{at:#x}" for at in blocks[:8]) +
                      (f" and {len(blocks) - 8} more" if len(blocks) > 8 else ""))
        print(f"  {total} blocks in free lists")

    def members(self, heap, fl, sl):
        """The payloads of the blocks in a list, a ring through its head."""
        head = heap["lists"][fl][sl].address
        links = head.dereference()["next"]
        for _ in range(MANY):
            if links == head:
                return
            if links["prev"].dereference()["next"] != links:
                print(f"  free list fl {fl} sl {sl} is DAMAGED at {int(links):#x}")
                return
            yield int(links)
            links = links["next"]


def usable(heap, at):
    """The bytes of the block of the heap that begins at AT."""
    block = pointed("heap_block", at - header_size())
    return ((int(block["tag"]) ^ int(heap["stamp"])) & SIZE_MASK) - header_size()


def is_used(heap, at):
    """mp_is_readable(): does a record at AT lie in pages given out?"""
    pages = heap["pages"].dereference()
    return at % 32 == 0 and any(
        int(pages["ranges"][i]["start"]) <= at < int(pages["ranges"][i]["next"])
        for i in range(min(int(pages["nr_ranges"]), 32)))


def is_pool(pool):
    """mp_is_pool(): is its cookie right?"""
    words = ("max", "size", "current", "older", "records", "heap", "undoing", "parent",
             "max_size", "mark", "bounded", "name")
    total = sum(int(pool[name]) for name in words) + int(pool["entry"]["prev"])
    total += sum(int(pool["entry"]["record"][name]) for name in ("next", "tag"))
    return int(pool["entry"]["cookie"]) == (~int(pool.address) + total) % 2**64


def kind_of(pool, at, prev):
    """mp_kind(): what the record at AT is to POOL; 0: no live record, or prev is wrong."""
    heap = pool["heap"].dereference()
    if not is_used(heap, at):
        return 0
    entry = pointed("mp_entry_s", at)
    tag, next_ = (int(entry["record"][name]) for name in ("tag", "next"))
    kind = tag & KIND_MASK
    total = (mark(heap, at) ^ int(pool.address)) + next_
    if kind == NODE:
        return kind if tag == (total << KIND_BITS | NODE) % 2**32 else 0
    if prev and int(entry["prev"]) != prev:
        return 0
    if kind == CHILD:
        child = pointed("mp_pool_s", at)
        return kind if child["parent"] == pool.address and is_pool(child) else 0
    total += int(entry["prev"]) + tag
    return kind if int(entry["cookie"]) == total % 2**64 else 0


def records(pool):
    """The records of a pool as pairs of kind and address, newest first. The last may be of kind 0."""
    found, prev, at, seen = [], 0, int(pool["records"]), set()
    while at:
        kind = 0 if at in seen else kind_of(pool, at, prev)
        found.append((kind, at))
        if not kind:
            break
        seen.add(at)
        prev, at = at, int(pointed("mp_record_s", at)["next"])
    return found


def say_records(pool):
    """How many records a pool holds, in words."""
    found = records(pool)
    if found and not found[-1][0]:
        return "its list of records is DAMAGED"
    return f"{len(found)} record{'' if len(found) == 1 else 's'}"


def node_size(pool, node):
    """mp_node_size(): the bytes that a node holds"""
    return min(int(pool["size"]) << int(node["doublings"]), int(pool["max_size"]))


def say_name(pool):
    """The name of a pool, behind a blank, or nothing. It can be any address."""
    if not int(pool["name"]):
        return ""
    try:
        return f' "{pool["name"].string()}"'
    except (gdb.MemoryError, UnicodeDecodeError):
        return " (its name cannot be read)"


class Pool(Command):
    """mp-pool POOL: the records of a pool, newest first, and its first node"""

    def show(self, words):
        if not words:
            raise gdb.GdbError("which pool? mp-pool POOL")
        pool = read(words, None, "struct mp_pool_s")
        size, most = int(pool["size"]), int(pool["max_size"])
        print(f"pool at {int(pool.address):#x}{say_name(pool)}: nodes of {size} bytes"
              f"{'' if size == most else f', doubled up to {most}'}, small is up to {int(pool['max'])}")
        history = pointed("mp_history_s", int(pool.address) + size_of("mp_pool_s"))
        print(f"  holds {int(pool['held'])} bytes, at its peak {int(history['peak'])}, "
              f"requests refused: {int(history['refused'])}")
        if pool["bounded"] == pool.address:
            print(f"  {int(pool['left'])} bytes are left of its limit")
        elif int(pool["bounded"]):
            print(f"  bounded by the limit of the pool at {int(pool['bounded']):#x}")
        if not is_pool(pool):
            print("  DAMAGED, or not alive: its cookie is wrong")
        if int(pool["parent"]):
            print(f"  a child of the pool at {int(pool['parent']):#x}")
        if int(pool["undoing"]):
            print("  it is being undone: newer records are gone")
        found = records(pool)
        numbers = [at for kind, at in reversed(found) if kind == CLEANUP]
        for kind, at in found:
            if kind == CLEANUP:
                # The oldest is number 1, if the list can be followed to its end.
                number = numbers.index(at) + 1 if found[-1][0] else "?"
                self.show_cleanup(pool, pointed("mp_cleanup_s", at), number)
            elif kind:
                SHOW[kind](self, pool, at)
            else:
                print(f"  record {at:#x} is DAMAGED; what is older is not shown")
        self.show_node(pool, pool["head"][0], "first")

    def show_node(self, pool, node, role):
        free = int(node["end"]) - int(node["last"])
        for name in "older", "current":
            if node.address == pool[name]:
                role = (name + " " + role).strip()
        size = node_size(pool, node)
        wrong = "" if 0 <= free <= size else "  DAMAGED"
        print(f"  node {int(node.address):#x} {role:14}{size - free} used, "
              f"{free} free at {int(node['last']):#x}, failed {int(node['failed'])}{wrong}")

    def show_large(self, pool, at):
        size = size_of("mp_large_s")
        print(f"  large {at + size:#x}, {usable(pool['heap'], at) - size} bytes")

    def show_cleanup(self, pool, cleanup, number):
        at, data = int(cleanup.address), int(cleanup["data"])
        behind = at + usable(pool["heap"], at) - data
        own = f", {behind} bytes of its own" if 0 < behind and at < data else ""
        handler = int(cleanup["handler"])
        words = gdb.execute(f"output/a {handler}", to_string=True) if handler else "no handler"
        print(f"  cleanup {number} at {at:#x}: {words}, data {data:#x}{own}")

    def show_child(self, pool, at):
        child = pointed("mp_pool_s", at)
        print(f"  child {at:#x}{say_name(child)}: a pool with nodes of {int(child['size'])} bytes, {say_records(child)}")

    def show_mark(self, pool, at):
        """A mark keeps the window, and a sum of it: sum_of() in mp_mark.c."""
        savepoint = pointed("mp_savepoint_s", at)
        views = [savepoint["window"][i] for i in range(2)]
        total = sum(int(view[name]) for view in views for name in ("node", "last", "end"))
        total += sum(int(savepoint["failed"][i]) for i in range(2)) + int(savepoint["outer"])
        good = int(savepoint["sum"]) == (total + int(savepoint["number"])) % 2**64
        kept = " and ".join(
            f"node {int(view['node']):#x} with {int(view['end']) - int(view['last'])} free, "
            f"failed {int(savepoint['failed'][i])}" for i, view in enumerate(views)
            if int(view["node"]))
        # The heap's stamp is in the high bits, so that the number is no other heap's.
        number = int(savepoint["number"]) - int(pool["heap"]["stamp"])
        print(f"  mark {number} at {at:#x}: keeps {kept}{'' if good else '  DAMAGED'}")


SHOW = {
    NODE: lambda self, pool, at: self.show_node(pool, pointed("mp_node_s", at), ""),
    LARGE: Pool.show_large,
    CHILD: Pool.show_child,
    MARK: Pool.show_mark,
}

Pages("mp-pages")
Heap("mp-heap")
Pool("mp-pool")
