# SPDX-License-Identifier: MIT
#
#	make setup run		install what is missing, build, boot
#	make help		what else there is to type
#	make knobs		what each knob does, as in MEM=64M
#
# "make help" prints the lines that begin with "##". tests/make/knobs is the table of knobs.

##Boot the kernel in QEMU:
##  make setup run       installs what is missing, builds, boots, shows and tests.
##  make monitor         boots to a prompt; with <FILE it does what FILE says.
##  make demo            shows the pictures alone, step by step.
##  make replay TRACE=F  replays the trace in the file F through a pool.
##  make debug           boots under gdb; make iso makes a CD that boots a PC.
##Test it and measure it:
##  make test            runs all tests; T=NAME runs one, T=list names them.
##  make check           checks the code; make test-compilers tries each compiler.
##  make bench           counts instructions; make tune finds a size for nodes.
##  make bench-host      times mp_pool beside malloc and other pools, on Linux.
##  make plot TRACE=F    draws memory and cost of a trace; make plot-bench, calls.
##  make model           runs random programs; make prove shows what they find.
##Build it, use it in a program:
##  make all             builds build/kernel.elf; make size prints its size.
##  make lib             builds libmp_pool; make install it, make uninstall it.
##  make clean           removes all that was built; make help prints this text.
##Choose, with knobs such as MEM=64M (make knobs explains all of them):
##  QEMU= MACHINE= MEM= CPU= ACCEL= choose the machine; TIMEOUT= ends a long run.
##  APPEND=test=list names the tests, APPEND=test=NAME runs one; so with crash=.
##  KASAN=1 UBSAN=1 TESTS=0 MP_ALIGNMENT=8 choose what is built; O= says where.
##  CC= LD= CROSS_COMPILE= choose tools; CFLAGS= and LDFLAGS= add to their flags.
##  ROUNDS= is for model, PREFIX= DESTDIR= install, CHECK=1 BENCH=1 PLOT=1 setup.
##  V=1 shows all; COLOR=0 NO_COLOR=1 plain text; QEMU_DEBUG=1 QEMU's log.

MAKEFLAGS += -rR --no-print-directory
.DELETE_ON_ERROR:
.SUFFIXES:

# $(call q,TEXT): the text as one word for the shell.
q = '$(subst ','\'',$(1))'
# $(call on,VALUE): 1 if a switch is on. tests/make/heard refuses what is neither on nor off.
on = $(if $(filter 1 y Y yes Yes YES on On ON true True TRUE,$(1)),1)

# A knob may also be set in the environment.
TESTS ?= 1
O ?= build
QEMU ?= qemu-system-x86_64
PREFIX ?= /usr/local
# What was typed and has no effect is refused: an unknown knob, a knob of other goals, a wrong value.
# The makes that this one starts are not asked again.
ifndef HEARD
typed := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
unheard := $(shell tests/make/heard $(call q,$(or $(MAKECMDGOALS),all)) \
	$(foreach name,$(typed),$(call q,$(name)=$(value $(name)))))
ifneq ($(unheard),)
$(error $(unheard))
endif
export HEARD := yes
endif
override V := $(call on,$(V))
override TESTS := $(call on,$(TESTS))
override UBSAN := $(call on,$(UBSAN))
override KASAN := $(call on,$(KASAN))
override QEMU_DEBUG := $(call on,$(QEMU_DEBUG))

# make splits names at blanks, so a folder with an odd name is reached by a link with a plain one.
asked-O := $(value O)
override O := $(shell tests/make/folder $(call q,$(asked-O)))
ifeq ($(firstword $(O)),!)
$(error $(wordlist 2,99,$(O)))
endif

silent := $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
ifeq ($(V),)
Q := @
quiet = @$(if $(silent),,printf '  %-7s %s\n' $(1) $(2);)
endif

ifneq ($(word 2,$(MAKECMDGOALS)),)
# Several goals run one after the other, each in a make of its own. So "make setup run" looks for
# the tools again after setup has installed them.
.PHONY: $(MAKECMDGOALS) in-turn
$(MAKECMDGOALS): in-turn ; @:
in-turn:
	+$(Q)for goal in $(MAKECMDGOALS); do $(MAKE) $$goal || exit; done
else

# --- Tools

# On x86_64 Linux and FreeBSD the system's tools are right; other systems need tools with a prefix.
ifeq ($(origin CROSS_COMPILE),undefined)
ifeq ($(filter Linux-x86_64 FreeBSD-amd64,$(shell uname -sm | tr ' ' -)),)
CROSS_COMPILE := $(shell for prefix in x86_64-elf- x86_64-linux-gnu- x86_64-unknown-linux-gnu- \
	x86_64-linux-musl-; do command -v $${prefix}ld >/dev/null && echo $$prefix && break; done)
endif
endif
ifneq ($(filter default undefined,$(origin CC)),)
CC := $(CROSS_COMPILE)gcc
endif
ifneq ($(filter default undefined,$(origin LD)),)
LD := $(CROSS_COMPILE)ld
endif
# $(call present,TOOL...): those of the tools that are installed.
present = $(foreach tool,$(1),$(if $(shell command -v $(tool) 2>/dev/null),$(tool)))
SIZE := $(firstword $(call present,$(CROSS_COMPILE)size llvm-size) size)
NM := $(firstword $(call present,$(CROSS_COMPILE)nm llvm-nm) nm)
READELF := $(firstword $(call present,$(CROSS_COMPILE)readelf llvm-readelf) readelf)
OBJCOPY := $(firstword $(call present,$(CROSS_COMPILE)objcopy llvm-objcopy) objcopy)
GDB := $(firstword $(call present,$(CROSS_COMPILE)gdb gdb gdb-multiarch) gdb)
AR := $(firstword $(call present,ar llvm-ar) ar)
# The compiler for programs that run on this system.
HOSTCC := $(if $(CROSS_COMPILE),cc,$(CC))
JOBS := $(shell nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

goal := $(or $(MAKECMDGOALS),all)
ifeq ($(filter setup clean help knobs uninstall $(if $(filter list,$(T)),test),$(goal)),)
wanted := $(firstword $(CC)) $(if $(filter lib lib-files,$(goal)),,$(LD)) $(if $(filter run demo monitor debug test replay bench tune plot plot-bench,$(goal)),$(QEMU))
missing := $(filter-out $(call present,$(wanted)),$(wanted))
ifneq ($(missing),)
$(error missing: $(missing). 'make setup' installs what is missing \
	(by hand, on Debian: apt-get install gcc libc6-dev binutils qemu-system-x86))
endif
cc-version := $(shell $(CC) --version | head -n 1)
ld-version := $(shell $(LD) --version 2>/dev/null | head -n 1)
endif

# --- Flags

# The library's name says a setting that is not the default, so that several can be installed.
lib-name := mp_pool$(if $(filter-out 32,$(MP_ALIGNMENT)),-align$(MP_ALIGNMENT))
lib-settings := $(if $(filter-out 32,$(MP_ALIGNMENT)),-DMP_ALIGNMENT=$(MP_ALIGNMENT))

# The project's own flags. CFLAGS and LDFLAGS are the user's: they come last.
c-flags := -std=gnu11 -O2 -g -I. -Wall -Wextra -Wundef -Wstrict-prototypes -Wmissing-prototypes \
	$(if $(MP_ALIGNMENT),-DMP_ALIGNMENT=$(MP_ALIGNMENT))

# -mgeneral-regs-only: no SSE, because no code saves its registers.
# -mtune=skylake: gcc clears small objects of every size with stores, as clang does, not "rep stos".
# -mno-red-zone: traps would overwrite a red zone below the stack pointer.
# -mcmodel=small: the image is linked to 1 MiB, so every symbol fits 31 bits.
# -g (in c-flags) also serves backtraces: see kernel/report/tables.
kernel-flags := $(c-flags) -ffreestanding -m64 -mcmodel=small -fno-pic -mno-red-zone \
	-mgeneral-regs-only -fstack-protector-strong -mstack-protector-guard=global \
	-fcf-protection=none -mtune=skylake -fno-optimize-sibling-calls \
	-fno-asynchronous-unwind-tables $(call q,-ffile-prefix-map=$(CURDIR)=.)
# Without sibling calls, every function that is not inlined has its line in a backtrace. This file
# has them: its fast paths are measured as functions of their own.
$(O)/tests/bench/bench_calls.c.o: kernel-flags += -foptimize-sibling-calls
ifneq ($(findstring clang,$(cc-version)),)
kernel-flags += --target=x86_64-linux-gnu
endif
ifneq ($(UBSAN),)
kernel-flags += -fsanitize=undefined
$(O)/kernel/sanitize/ubsan.c.o: kernel-flags += -fno-sanitize=undefined -Wno-missing-prototypes
endif
ld-flags := -m elf_x86_64 -nostdlib -static -z max-page-size=4096 -z noexecstack \
	--build-id=none
# LDFLAGS may be written as for a compiler. The kernel is linked by ld itself: "-Wl," goes, and so do
# the flags that only a compiler has.
comma := ,
for-ld = $(filter-out -f% -specs% -pie -pthread,$(foreach flag,$(LDFLAGS),$(if $(filter -Wl$(comma)%,$(flag)),$(subst \
	$(comma), ,$(flag:-Wl$(comma)%=%)),$(flag))))
ifneq ($(KASAN),)
kasan-options := asan-instrumentation-with-call-threshold=0 asan-stack=0 asan-globals=0
kernel-flags += -DMP_REDZONE=$(if $(filter 64,$(MP_ALIGNMENT)),64,32) -fsanitize=kernel-address \
	$(addprefix $(if $(findstring clang,$(cc-version)),-mllvm -,--param ),$(kasan-options))
ld-flags += --wrap=memset --wrap=memcpy --wrap=memmove
# Not instrumented: mm/ writes headers that other code must not touch, reports read any memory, and
# the model compares every byte of it.
trusted := $(wildcard mm/*.c kernel/sanitize/kasan*.c) $(addprefix kernel/report/,pool_place.c heap_text.c fast_path.c) tests/model/before.c
$(trusted:%=$(O)/%.o): kernel-flags += -fno-sanitize=kernel-address -Wno-missing-prototypes
endif

ld-flags += $(for-ld)

# Link time optimisation: lld links what clang leaves to it. For gcc, ld would need a plug-in.
lto := $(filter -flto -flto=%,$(CFLAGS))
lto-links := $(or $(filter -ffat-lto-objects,$(CFLAGS)),$(and $(findstring clang,$(cc-version)),$(findstring LLD,$(ld-version))))
refuse-lto = $(if $(lto-links),,$(error CFLAGS=$(lto): $(LD) does not link what $(CC) leaves to link time; with CC=clang LD=ld.lld it works))
# What sanitizers call is left out. Clang 14 calls it without a place in the source, which clang 14
# then refuses where the caller and the called function are optimised together.
$(O)/kernel/sanitize/%.c.o: last-flags := $(if $(lto),-fno-lto)

# --- Sources of each program

# Files that serve a sanitizer are built only with it.
unwanted := $(if $(UBSAN),,kernel/sanitize/ubsan.c tests/crash/crash_ubsan.c) \
	$(if $(KASAN),,$(wildcard kernel/sanitize/kasan*.c tests/*/*kasan*.c tests/*/*/*kasan*.c))
under = $(sort $(shell find $(1) -name '*.[cS]'))
core-sources := $(filter-out $(unwanted),$(call under,arch kernel) $(sort $(wildcard mm/*.c)))
test-sources := $(filter-out $(unwanted) tests/host/% tests/example/% tests/docs/%,$(call under,tests))
core := $(core-sources:%=$(O)/%.o)
tests := $(if $(TESTS),$(test-sources:%=$(O)/%.o) $(O)/watched.o)

# The monitor's copy of mm/ that tells what it decides. It is linked with the world that uses it, and
# only the name of that world is seen outside: so the kernel's own mm/ is the other copy.
watched := $(patsubst %,$(O)/watched/%.o,$(filter-out mm/init.c,$(sort $(wildcard mm/*.c))) tests/monitor/world/world.c)
watched-flags := -DMM_TELL='<tests/monitor/world/tell.h>' -DWORLD=world_watched
$(watched): kernel-flags += $(watched-flags)
$(watched): last-flags := $(if $(lto),-fno-lto)
$(O)/watched/mm/%.c.o: kernel-flags += $(if $(KASAN),-fno-sanitize=kernel-address -Wno-missing-prototypes)

# --- Targets

# $(call build,GOAL...): makes goals. If two makes build in one folder, they take turns.
build = +$(Q)exec tests/make/alone $(O) $(MAKE) $(1)

.PHONY: all kernel
all:
	$(call build,kernel)
kernel: $(O)/kernel.elf
	@:

# The recipes read the trace from the environment, because a file name may hold any character.
trace := $(or $(value TRACE),$(if $(filter run monitor debug iso test-programs cd tune plot plot-bench,$(goal)),tests/traces/nginx-static.mpt))
export TRACE_FILE := $(trace)
.PHONY: trace-is-there
trace-is-there:
	@[ "$$TRACE_FILE" ] || { echo 'say which trace: make $(goal) TRACE=FILE' >&2; exit 1; }
	@[ -f "$$TRACE_FILE" ] || { printf '%s: no such trace\n' "$$TRACE_FILE" >&2; exit 1; }

# tests/run with the knobs as its options. exec: a signal that ends make ends it, too.
option = $(if $(value $(2)),-$(1) $(call q,$(value $(2))))
environment = exec env QEMU=$(call q,$(value QEMU)) O=$(call q,$(asked-O))
run-options = $(call option,A,ACCEL) $(call option,M,MACHINE) $(call option,m,MEM) $(call option,c,CPU) \
	$(call option,t,TIMEOUT) $(if $(QEMU_DEBUG),-d)
run = $(environment) tests/run $(run-options) -x
kernel-words = -a $(call q,$(strip $(1) $(value APPEND)))
.PHONY: run demo monitor replay debug
run: trace-is-there
	$(call build,kernel)
	$(Q)$(run) -n run $(if $(TESTS),$(if $(V),,-S) $(call kernel-words,demo) -i "$$TRACE_FILE",$(kernel-words) -e nothing)
# The pictures alone. Their claims are the verdict, so that no test runs.
demo:
	$(call build,kernel)
	$(Q)$(environment) tests/demo/show $(run-options) -x
monitor: trace-is-there
	$(if $(TESTS),,@echo 'make monitor TESTS=0: the monitor is one of the tests, so this kernel would not have it' >&2; exit 2)
	$(call build,kernel)
	$(Q)$(environment) COLOR=$(call q,$(value COLOR)) tests/monitor/run $(run-options) \
		$(if $(value APPEND),-a $(call q,$(value APPEND))) -i "$$TRACE_FILE"
replay: trace-is-there
	$(call build,kernel)
	$(Q)$(run) -n replay $(call kernel-words,test=replay) -i "$$TRACE_FILE"
debug: trace-is-there
	$(call build,kernel)
	$(Q)export GDB=$(call q,$(value GDB)); $(run) -n debug -g tests/gdb/debug.gdb \
		$(if $(TESTS),$(call kernel-words,demo) -i "$$TRACE_FILE",$(kernel-words))

.PHONY: iso cd
iso: trace-is-there
	$(call build,cd)
cd: $(O)/mp_pool.iso
	@:

# Kernels without tests and with sanitizers are builds in folders of their own.
run-all = exec env $(foreach name,QEMU O ACCEL JOBS HOSTCC NM OBJCOPY GDB,$(name)=$(call q,$($(name)))) \
	SUITES='$(compilers)' MODELS='$(model-builds)' tests/run_all
.PHONY: test test-programs bare-kernel align8-kernel ubsan-kernel kasan-kernel
test:
	$(if $(T),$(Q)$(run-all) -c $(call q,$(value T)))
	$(if $(filter list,$(T)),,$(call build,$(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) test-programs))
	$(Q)$(run-all) $(call q,$(value T))
test-programs: $(if $(call present,grub-mkrescue grub2-mkrescue),$(O)/mp_pool.iso)
test-programs: $(O)/kernel.elf bare-kernel align8-kernel ubsan-kernel kasan-kernel $(O)/libmp_pool.a $(O)/libmp_pool.so
bare-kernel:
	+$(Q)$(MAKE) TESTS=0 O=$(O)/bare all
align8-kernel:
	+$(Q)$(MAKE) MP_ALIGNMENT=8 O=$(O)/align8 all
ubsan-kernel:
	+$(Q)$(MAKE) UBSAN=1 O=$(O)/ubsan all
kasan-kernel:
	+$(Q)$(MAKE) KASAN=1 O=$(O)/kasan all

.PHONY: model prove
model:
	$(call build,model-programs)
	$(Q)for program in $(model-programs); do $$program -r $(or $(ROUNDS),1000) || exit; done
prove:
	$(Q)exec env O=$(O) CC=$(call q,$(HOSTCC)) tests/model/prove

.PHONY: bench bench-programs bench-host
bench:
	$(call build,$(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) bench-programs)
	$(Q)exec env QEMU=$(call q,$(value QEMU)) O=$(O) JOBS=$(call q,$(JOBS)) tests/bench/bench
bench-programs: $(O)/kernel.elf align8-kernel
# The trace is looked at before anything is built. Each kernel has an alignment of its own, so that of
# the environment is left out.
.PHONY: tune tune-programs align16-kernel
tune: trace-is-there
	$(Q)tests/bench/tune/tune -c "$$TRACE_FILE"
	$(call build,$(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) MP_ALIGNMENT= tune-programs)
	$(Q)exec env QEMU=$(call q,$(value QEMU)) O=$(O) JOBS=$(call q,$(JOBS)) tests/bench/tune/tune "$$TRACE_FILE"
tune-programs: $(O)/kernel.elf align8-kernel align16-kernel
align16-kernel:
	+$(Q)$(MAKE) MP_ALIGNMENT=16 O=$(O)/align16 all
# Pictures. Sanitizers would be counted, too; and the sizes of nodes need an alignment of 32.
.PHONY: plot plot-bench
plotted = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) KASAN= UBSAN= TESTS=1
plot-env = exec env QEMU=$(call q,$(value QEMU)) JOBS=$(call q,$(JOBS)) GNUPLOT=$(call q,$(or $(value GNUPLOT),gnuplot))
plot: trace-is-there
	$(Q)tests/bench/tune/tune -c "$$TRACE_FILE"
	$(call build,$(plotted) kernel)
	$(Q)$(plot-env) O=$(call q,$(asked-O)) tests/plot/plot "$$TRACE_FILE"
plot-bench: trace-is-there
	$(Q)tests/bench/tune/tune -c "$$TRACE_FILE"
	$(call build,$(plotted) MP_ALIGNMENT= kernel)
	$(Q)$(plot-env) O=$(O) NAMED_O=$(call q,$(asked-O)) tests/plot/bench "$$TRACE_FILE"
# glibc must reserve thread-local memory for jemalloc, which is loaded at run time.
bench-host:
	$(call build,bench-host-program)
	$(Q)export GLIBC_TUNABLES=glibc.rtld.optional_static_tls=65536; \
	if [ "$$TRACE_FILE" ]; then exec $(O)/bench-host/bench "$$TRACE_FILE"; fi; \
	exec $(O)/bench-host/bench $$(tests/bench/traces)

.PHONY: check test-compilers
check:
	$(Q)exec env O=$(O) tests/check
test-compilers:
	$(Q)exec env O=$(O) tests/compilers/try

.PHONY: size
size: $(O)/kernel.elf
	$(sizes)

.PHONY: lib lib-files install uninstall
lib:
	$(call build,lib-files)
lib-files: $(lib-name:%=$(O)/lib%.a) $(lib-name:%=$(O)/lib%.so)
	@:
install: lib
	$(Q)O=$(O) NAME='$(lib-name)' DESTDIR=$(call q,$(value DESTDIR)) PREFIX=$(call q,$(value PREFIX)) \
		SETTINGS='$(lib-settings)' tests/make/install
uninstall:
	$(Q)O=$(O) NAME='$(lib-name)' DESTDIR=$(call q,$(value DESTDIR)) PREFIX=$(call q,$(value PREFIX)) \
		tests/make/install -u

.PHONY: setup
setup:
	$(Q)CHECK='$(call on,$(CHECK))' BENCH='$(call on,$(BENCH))' PLOT='$(call on,$(PLOT))' tests/setup

.PHONY: clean
clean:
	$(Q)tests/make/folder -r $(call q,$(asked-O))

.PHONY: help knobs
help:
	@sed -n 's/^##//p' Makefile
knobs:
	@tests/make/heard -l

# --- Rules

# A stamp file holds a command line and the version of its tool. It is written only when one of
# them has changed, and then everything that depends on it is built again.
stamp = $(shell mkdir -p '$(dir $(1))'; printf '%s\n' $(call q,$(2)) | cmp -s - '$(1)' || \
	printf '%s\n' $(call q,$(2)) >'$(1)')
ifdef cc-version
not-marked := $(shell tests/make/folder -m $(call q,$(asked-O)))
ifneq ($(not-marked),)
$(error $(wordlist 2,99,$(not-marked)))
endif
$(call stamp,$(O)/.cc-stamp,$(cc-version) $(CC) $(kernel-flags) $(CFLAGS))
$(call stamp,$(O)/.ld-stamp,$(ld-version) $(LD) $(ld-flags) $(core) $(tests) $(watched))
endif

compile = $(if $(lto),$(refuse-lto))$(CC) $(kernel-flags) $(CFLAGS) $(last-flags) -MMD -MP -c -o $@ $<
$(O)/%.c.o: %.c $(O)/.cc-stamp Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,$(<:.c=.o))$(compile)
$(O)/watched/%.c.o: %.c $(O)/.cc-stamp Makefile
	@mkdir -p $(@D)
	$(call quiet,CC,'$(<:.c=.o) (watched)')$(compile)
$(O)/watched.o: $(watched)
	$(call quiet,LD,$@)$(LD) -m elf_x86_64 -r -o $@ $(watched) && \
		$(OBJCOPY) --keep-global-symbol=world_watched $@
$(O)/%.S.o: %.S $(O)/.cc-stamp Makefile
	@mkdir -p $(@D)
	$(call quiet,AS,$(<:.S=.o))$(compile)

# The kernel holds tables of its own symbols and frames. Their addresses are known only after the
# link, so the kernel is linked twice. The tables lie behind everything else: adding them moves
# nothing.
link = $(LD) $(ld-flags) -T linker.ld -o $@ $(core) $(tests)
$(O)/nameless.elf: linker.ld $(core) $(tests) $(O)/.ld-stamp Makefile
	$(Q)$(link)
$(O)/tables.S: $(O)/nameless.elf kernel/report/tables
	$(Q)NM=$(call q,$(NM)) READELF=$(call q,$(READELF)) kernel/report/tables $< >$@
$(O)/tables.S.o: $(O)/tables.S
	$(Q)$(CC) $(kernel-flags) $(CFLAGS) -c -o $@ $<
$(O)/kernel.elf: $(O)/tables.S.o
	$(call quiet,LD,$@)$(link) $<
	$(if $(silent),,$(sizes))

# The CD holds the kernel, its command line, and a trace.
iso-words := $(strip $(if $(TESTS),demo) $(value APPEND))
ifneq ($(filter iso test-programs cd,$(goal)),)
$(call stamp,$(O)/.iso-stamp,$(iso-words) $(trace) $(shell { cksum <$(call q,$(trace)); } 2>/dev/null))
endif
$(O)/mp_pool.iso: $(O)/kernel.elf tests/boot/iso $(O)/.iso-stamp
	$(call quiet,ISO,$@)OBJCOPY=$(call q,$(OBJCOPY)) tests/boot/iso $(if $(TESTS),-i "$$TRACE_FILE") \
		$< $@ $(call q,$(iso-words))

# The README promises that text and data of arch/, kernel/ and mm/ stay under 64 KiB. Sanitizers, and
# the user's flags, may make them larger. With -flto the code is made of all objects together.
define sizes
@$(SIZE) -A $(O)/kernel.elf | awk '$$1 ~ /^\./ && $$3 > 0 { printf "  SIZE    %-18s %7d\n", $$1, $$2 }'
$(if $(lto),,@$(SIZE) $(core) | awk 'NR > 1 { n += $$1 + $$2 } END { \
	printf "  SIZE    %-18s %7d bytes of text and data, at most 65535\n", "arch kernel mm", n; \
	if (n >= 65536$(if $(strip $(UBSAN)$(KASAN)$(CFLAGS)), && 0)) { \
		print "arch/, kernel/ and mm/ are too large"; exit 1 } }')
endef

# The library: mm/linux/init.c in place of mm/init.c. A library with another alignment has another
# name. As in the kernel, a backtrace taken under heap_free() shows it: no sibling calls.
include tests/host/programs.mk
$(eval $(call host-objects,$(lib-name),$(HOSTCC),-fPIC -fno-optimize-sibling-calls))
lib := $(patsubst %,$(O)/$(lib-name)/%.o,$(sort $(filter-out mm/init.c,$(wildcard mm/*.c)) $(wildcard mm/linux/*.c)))
# The archive's index names the functions in it. To find them in what clang leaves to link time, ar needs
# that clang's own plug-in: it would take the first of all that are installed, and an older one fails.
ar-plugin = $(if $(lto),$(addprefix --plugin ,$(wildcard $(shell $(HOSTCC) -print-resource-dir 2>/dev/null)/../../LLVMgold.so)))
$(lib-name:%=$(O)/lib%.a): $(lib)
	$(call quiet,AR,$@)rm -f $@ && $(AR) $(ar-plugin) rcs $@ $(lib)
# The file that programs are linked with is a link to the one that they load.
$(lib-name:%=$(O)/lib%.so): $(lib)
	$(call quiet,HOSTLD,$@)$(HOSTCC) $(CFLAGS) -shared -Wl,-soname,$(@F).1 -Wl,-z,defs $(LDFLAGS) \
		-o $@.1 $(lib) && ln -sf $(@F).1 $@

-include $(shell find $(O)/ -name '*.d' -type f 2>/dev/null)
endif
