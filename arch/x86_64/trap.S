/* SPDX-License-Identifier: MIT */
/*
 * trap.S - one entry per exception
 *
 * The processor pushes the last members of a struct trap_frame (trap.h). An entry pushes
 * the others, down to the first, and calls trap().
 */

#define HAS_ERROR_CODE	0x60227d00	/* a bit for each vector: 8, 10-14, 17, 21, 29, 30 */

	.text
	.macro	trap_entry vector
trap_entry_\vector:
	.if	!((HAS_ERROR_CODE >> \vector) & 1)
	pushq	$0
	.endif
	pushq	$\vector
	jmp	trap_common
	.endm

	.altmacro
	.set	i, 0
	.rept	32
	trap_entry %i
	.set	i, i + 1
	.endr

trap_common:
	.irp	reg, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	pushq	%\reg
	.endr
	cld			/* the fault may lie in memmove, which sets the direction flag */
	movq	%rsp, %rdi
	andq	$-16, %rsp
	call	trap		/* does not return */

	.section .rodata
	.globl	trap_entries
	.balign	8
	.macro	trap_pointer vector
	.quad	trap_entry_\vector
	.endm
trap_entries:
	.set	i, 0
	.rept	32
	trap_pointer %i
	.set	i, i + 1
	.endr

	.section .note.GNU-stack, "", @progbits
