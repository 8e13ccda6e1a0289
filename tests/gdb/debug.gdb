# SPDX-License-Identifier: MIT
#
# debug.gdb - the first commands of "make debug": QEMU has not executed an instruction yet
source mm/gdb.py

echo \n
echo The machine is about to start its firmware. Try:\n
echo \ \ break kernel_main, then continue\n
echo \ \ break mp_destroy_pool, then mp-pool pool, mp-heap, mp-pages\n
echo \ \ Ctrl-C stops the machine wherever it is; quit ends it\n
