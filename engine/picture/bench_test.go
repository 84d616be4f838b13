package picture_test

import (
	"fmt"
	"testing"

	"github.com/facekeep/facekeep/engine/picture"
)

func BenchmarkDecode(b *testing.B) {
	data := readFile(b, "../../docs/portraits/obama.jpg") // 576 × 720
	for name, c := range codecs(b, picture.Limits{}) {
		for _, longSide := range []int{720, 384, 320, 180} {
			b.Run(fmt.Sprintf("%s/%d", name, longSide), func(b *testing.B) {
				for b.Loop() {
					decode(b, c, data, longSide).Release()
				}
			})
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	data := readFile(b, "../../docs/portraits/obama.jpg")
	c := newCodec(b, picture.Config{})
	for b.Loop() {
		src, err := c.Open(data)
		if err != nil {
			b.Fatal(err)
		}
		src.Close()
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, c := range codecs(b, picture.Limits{}) {
		b.Run(name, func(b *testing.B) {
			m := decode(b, c, readFile(b, "../../docs/portraits/obama.jpg"), 360)
			for b.Loop() {
				if _, err := c.Encode(m.Image, 92); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
