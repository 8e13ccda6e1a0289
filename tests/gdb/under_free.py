# SPDX-License-Identifier: MIT
"""What tests/gdb/try has gdb do second: is heap_free() in a backtrace taken under it?"""
import gdb

gdb.execute("set pagination off", to_string=True)
# A suite that frees more than the heap keeps: heap_free() calls heap_shrink().
for command in "tbreak free_keeps_slack", "continue", "tbreak page_put_back", "continue":
    gdb.execute(command, to_string=True)
frame, names = gdb.newest_frame(), []
while frame:
    names.append(frame.name())
    frame = frame.older()
print("> heap_free is", "in" if "heap_free" in names else "MISSING from", "a backtrace under it")
gdb.execute("kill")
gdb.execute("quit")
