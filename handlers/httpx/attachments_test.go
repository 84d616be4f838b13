package httpx_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers/httpx"
)

// album has pictures wherever requests have them.
type album struct {
	item // a struct without a name

	Cover  httpx.Base64            `json:"cover"`
	Back   *httpx.Base64           `json:"back"`
	Pages  []item                  `json:"pages"`
	Loose  []*httpx.Base64         `json:"loose"`
	Title  string                  `json:"title"`
	Notes  json.RawMessage         `json:"notes"`
	Byname map[string]httpx.Base64 `json:"byname"`
}

// largePicture is a file whose base64 has n bytes, without padding.
func largePicture(n int) []byte {
	picture := make([]byte, n/4*3)
	for i := range picture {
		picture[i] = byte(i * i >> 3)
	}
	return picture
}

// A picture that is taken out of its JSON first is read as encoding/json would have it
// read, and so is everything that only looks like one.
func TestBindJSONLargePictures(t *testing.T) {
	t.Parallel()
	text := base64.StdEncoding.EncodeToString(largePicture(8000))
	other := base64.StdEncoding.EncodeToString(largePicture(9001)[1:]) // padded
	long := strings.Repeat("AAAA", 2000)
	tests := []struct{ name, body string }{
		{"one", `{"cover":"` + text + `","title":"x"}`},
		{"everywhere", `{"cover":"` + text + `","back":"` + other + `","pages":[{"data":"` + other + `","label":"l"},{"data":"` + text + `"}],"loose":["` + text + `",null,"QUJD"],"data":"` + other + `"}`},
		{"a data URL", `{"cover":"data:image/jpeg;base64,` + text + `"}`},
		{"two data URLs in one", `{"cover":"data:image/jpeg;base64,data:image/jpeg;base64,` + text + `"}`},
		{"a data URL of another kind", `{"cover":"data:image/jpeg,` + text + `"}`},
		{"a line break as JSON has it", `{"cover":"` + text[:100] + `\n` + text[100:] + `"}`},
		{"blanks", `{"cover":" ` + text[:100] + ` ` + text[100:] + ` "}`},
		{"escaped slashes", `{"cover":"` + strings.ReplaceAll(text, "/", `\/`) + `"}`},
		{"no base64", `{"cover":"` + strings.Repeat("?", 8000) + `"}`},
		{"too much padding", `{"cover":"` + text + `==="}`},
		{"the last of two", `{"cover":"` + text + `","cover":"` + other + `"}`},
		{"null after it", `{"cover":"` + text + `","cover":null}`},
		{"a text that could be one", `{"title":"` + long + `"}`},
		{"raw JSON", `{"notes":{"x":"` + long + `"},"cover":"` + text + `"}`},
		{"in a map", `{"byname":{"x":"` + text + `"}}`},
		{"an unknown field", `{"unknown":"` + text + `","cover":"` + other + `"}`},
		{"a name", `{"` + long + `":1,"cover":"` + text + `"}`},
		{"a name in another case", `{"COVER":"` + text + `"}`},
		{"a client that writes what stands for a picture", `{"cover":"` + text + `","back":"\u0000attachment 0"}`},
		{"nothing but that", `{"back":"\u0000attachment 0"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var want, got album
			if err := json.Unmarshal([]byte(tt.body), &want); err != nil {
				t.Fatal(err)
			}
			if err := bind(t, []byte(tt.body), &got); err != nil {
				t.Fatalf("BindJSON: got error %v, want none", err)
			}
			if diff := cmp.Diff(told(&want), told(&got)); diff != "" {
				t.Errorf("BindJSON: -want +got\n%s", diff)
			}
		})
	}
}

// told writes out what an album holds.
func told(a *album) map[string]string {
	out := map[string]string{"title": a.Title, "notes": string(a.Notes), "pages": fmt.Sprint(len(a.Pages))}
	say := func(name string, b *httpx.Base64) {
		if b == nil {
			return
		}
		data, err := b.Bytes(name)
		out[name] = fmt.Sprintf("%x %v", data, err)
	}
	say("cover", &a.Cover)
	say("back", a.Back)
	say("data", &a.Data)
	for i := range a.Pages {
		say(fmt.Sprint("page", i), &a.Pages[i].Data)
	}
	for i, b := range a.Loose {
		say(fmt.Sprint("loose", i), b)
	}
	for name, b := range a.Byname {
		say(name, &b)
	}
	return out
}

// What encoding/json refuses is refused with a picture in it, too.
func TestBindJSONRefusesLargePictures(t *testing.T) {
	t.Parallel()
	text := base64.StdEncoding.EncodeToString(largePicture(8000))
	for name, body := range map[string]string{
		"a line break":               `{"cover":"` + text[:100] + "\n" + text[100:] + `"}`,
		"a tab":                      `{"cover":"` + text[:100] + "\t" + text[100:] + `"}`,
		"a control code at its end":  `{"cover":"` + text + "\v\"}",
		"a control code in its head": "{\"cover\":\"data:\x01;base64," + text + `"}`,
		"no end":                     `{"cover":"` + text,
		"no comma behind it":         `{"cover":"` + text + `" "title":"x"}`,
		"for a number":               `{"pages":"` + text + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want, got album
			if err := json.Unmarshal([]byte(body), &want); err == nil {
				t.Fatal("encoding/json takes it")
			}
			if err := bind(t, []byte(body), &got); err == nil {
				t.Error("BindJSON: got no error, want one")
			}
		})
	}
}

// The memory of a body is used again; what was decoded from it is not.
func TestBindJSONKeepsNothingOfABody(t *testing.T) {
	t.Parallel()
	var first, second album
	picture := largePicture(8000)
	body := `{"title":"first","notes":{"a":1},"cover":"` + base64.StdEncoding.EncodeToString(picture) + `"}`
	for _, a := range []*album{&first, &second} {
		if err := bind(t, []byte(body), a); err != nil {
			t.Fatal(err)
		}
		body = strings.NewReplacer("first", "other", "1", "2", "A", "B").Replace(body)
	}
	data, err := first.Cover.Bytes("cover")
	if err != nil || !slices.Equal(data, picture) || first.Title != "first" || string(first.Notes) != `{"a":1}` {
		t.Errorf("got %q, %s and %d bytes (%v), want what was sent first", first.Title, first.Notes, len(data), err)
	}
}
