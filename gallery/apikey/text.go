package apikey

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/facekeep/facekeep/face"
)

// A key reads fk_ID_SECRET, both in hexadecimal: who finds one somewhere sees
// what it is, and which to revoke.
const (
	prefix     = "fk_"
	secretSize = 32 // bytes: 256 bits
)

type secret [secretSize]byte

func newSecret() (secret, face.KeyHash, error) {
	var s secret
	var h face.KeyHash
	for _, b := range [][]byte{s[:], h.Salt[:]} {
		if _, err := rand.Read(b); err != nil {
			return s, h, fmt.Errorf("make a key: %w", err)
		}
	}
	h.Sum = s.sum(h.Salt)
	return s, h, nil
}

// sum is one round of HMAC-SHA-256, and not a slow hash for passwords: those are
// for what people choose, which can be guessed. Nobody guesses 256 random bits,
// and a slow hash would cost every request. The salt keeps equal secrets, which
// chance does not make, from being seen to be equal.
func (s secret) sum(salt [16]byte) (out [32]byte) {
	mac := hmac.New(sha256.New, salt[:])
	mac.Write(s[:])
	copy(out[:], mac.Sum(nil))
	return out
}

// matches compares in a time that does not depend on where the hashes differ.
func (s secret) matches(h face.KeyHash) bool {
	sum := s.sum(h.Salt)
	return hmac.Equal(sum[:], h.Sum[:])
}

// write returns a key as clients send it.
func write(id uuid.UUID, s secret) string {
	return prefix + hex.EncodeToString(id[:]) + "_" + hex.EncodeToString(s[:])
}

// read is the inverse of write.
func read(key string) (id uuid.UUID, s secret, ok bool) {
	const size = len(prefix) + 2*len(id) + 1 + 2*secretSize
	if len(key) != size {
		return id, s, false
	}
	text, ok := strings.CutPrefix(key, prefix)
	if !ok {
		return id, s, false
	}
	first, second, _ := strings.Cut(text, "_")
	if len(first) != 2*len(id) || len(second) != 2*secretSize {
		return id, s, false
	}
	if _, err := hex.Decode(id[:], []byte(first)); err != nil {
		return id, s, false
	}
	_, err := hex.Decode(s[:], []byte(second))
	return id, s, err == nil
}
