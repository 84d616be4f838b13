#include "textflag.h"

// func dotsAVX2(q, rows *float32, dim, n int, out *float32)
//
// One row after another: a scan waits for memory, not for arithmetic. Four sums
// of eight lanes hide the latency of the additions; what is left of a row after
// its last 32 values goes by 8 into the first sum, and then one by one.
TEXT ·dotsAVX2(SB), NOSPLIT, $0-40
	MOVQ q+0(FP), SI
	MOVQ rows+8(FP), DI
	MOVQ dim+16(FP), DX
	MOVQ n+24(FP), CX
	MOVQ out+32(FP), R8

row:
	TESTQ CX, CX
	JLE   done
	MOVQ  SI, R9
	MOVQ  DX, R10
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3

by32:
	CMPQ R10, $32
	JLT  by8
	VMOVUPS (R9), Y4
	VMOVUPS 32(R9), Y5
	VMOVUPS 64(R9), Y6
	VMOVUPS 96(R9), Y7
	VFMADD231PS (DI), Y4, Y0
	VFMADD231PS 32(DI), Y5, Y1
	VFMADD231PS 64(DI), Y6, Y2
	VFMADD231PS 96(DI), Y7, Y3
	ADDQ $128, R9
	ADDQ $128, DI
	SUBQ $32, R10
	JMP  by32

by8:
	CMPQ R10, $8
	JLT  sum
	VMOVUPS (R9), Y4
	VFMADD231PS (DI), Y4, Y0
	ADDQ $32, R9
	ADDQ $32, DI
	SUBQ $8, R10
	JMP  by8

sum:
	VADDPS Y1, Y0, Y0
	VADDPS Y3, Y2, Y2
	VADDPS Y2, Y0, Y0
	VEXTRACTF128 $1, Y0, X1
	VADDPS X1, X0, X0
	VHADDPS X0, X0, X0
	VHADDPS X0, X0, X0

by1:
	TESTQ R10, R10
	JLE   store
	VMOVSS (R9), X4
	VFMADD231SS (DI), X4, X0
	ADDQ $4, R9
	ADDQ $4, DI
	DECQ R10
	JMP  by1

store:
	VMOVSS X0, (R8)
	ADDQ $4, R8
	DECQ CX
	JMP  row

done:
	VZEROUPPER
	RET

// func hasAVX2FMA() bool
//
// The processor must have both (leaf 1, ECX bit 12 FMA, 27 OSXSAVE, 28 AVX;
// leaf 7, EBX bit 5 AVX2), and the operating system must keep the wide registers
// (XCR0 bits 1 and 2).
TEXT ·hasAVX2FMA(SB), NOSPLIT, $0-1
	MOVB $0, ret+0(FP)
	XORL AX, AX
	XORL CX, CX
	CPUID
	CMPL AX, $7
	JLT  no
	MOVL $1, AX
	XORL CX, CX
	CPUID
	ANDL $0x18001000, CX
	CMPL CX, $0x18001000
	JNE  no
	XORL CX, CX
	XGETBV
	ANDL $6, AX
	CMPL AX, $6
	JNE  no
	MOVL $7, AX
	XORL CX, CX
	CPUID
	TESTL $0x20, BX
	JZ   no
	MOVB $1, ret+0(FP)

no:
	RET
