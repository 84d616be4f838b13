package httpx_test

import (
	"encoding/base64"
	"math/rand/v2"
	"syscall"
	"testing"

	fast "github.com/emmansun/base64"
	"github.com/google/go-cmp/cmp"
)

// The decoder says of every text what the standard library says, and reads and writes
// nothing around what it is given: what lies there is no memory here.
func TestBase64Decoder(t *testing.T) {
	t.Parallel()
	from, to := walled(t), walled(t)
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 20_000 {
		text := texts(r, r.IntN(400))
		src := from[len(from)-len(text):]
		copy(src, text)
		dst := to[len(to)-base64.RawStdEncoding.DecodedLen(len(text)):]
		want := make([]byte, len(dst))
		wantN, wantErr := base64.RawStdEncoding.Decode(want, []byte(text))
		gotN, err := fast.RawStdEncoding.Decode(dst, src)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("case %d, %q: got error %v, want %v", n, text, err, wantErr)
		}
		if err == nil && (gotN != wantN || !cmp.Equal(dst[:gotN], want[:wantN])) {
			t.Fatalf("case %d, %q: got %x, want %x", n, text, dst[:gotN], want[:wantN])
		}
	}
}

// texts returns base64 of a length, every other time with something in it that is none,
// or a line break.
func texts(r *rand.Rand, length int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	text := make([]byte, length)
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	for length > 0 && r.IntN(2) == 0 {
		text[r.IntN(length)] = []byte{'\n', '\r', '=', '-', '_', ' ', 0, 0x80, 0xff, byte(r.UintN(256))}[r.IntN(10)]
	}
	return string(text)
}

// walled returns some memory before which and behind which there is none.
func walled(t *testing.T) []byte {
	t.Helper()
	page := syscall.Getpagesize()
	memory, err := syscall.Mmap(-1, 0, 3*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(memory) })
	for _, edge := range [][]byte{memory[:page], memory[2*page:]} {
		if err := syscall.Mprotect(edge, syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return memory[page : 2*page : 2*page]
}
