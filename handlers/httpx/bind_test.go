package httpx_test

import (
	"encoding/base64"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

type order struct {
	ID     *string      `json:"id"`
	Count  *httpx.Int   `json:"count"`
	Fresh  *httpx.Bool  `json:"fresh"`
	Weight *float64     `json:"weight"`
	Tags   []string     `json:"tags"`
	Items  []item       `json:"items"`
	Config *orderConfig `json:"config"`
}

type item struct {
	Data  httpx.Base64 `json:"data"`
	Label *string      `json:"label"`
}

type orderConfig struct {
	Fast *httpx.Bool `json:"fast"`
	Size *httpx.Int  `json:"size"`
}

func TestBindJSON(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("[", 63) + strings.Repeat("]", 63)
	tests := []struct {
		name, body string
		want       order
	}{
		{"all of it", `{"id":"a","count":4,"fresh":true,"weight":1.5,"tags":["x"],"config":{"fast":false,"size":-3}}`,
			order{ID: new("a"), Count: new(httpx.Int(4)), Fresh: new(httpx.Bool(true)), Weight: new(1.5), Tags: []string{"x"},
				Config: &orderConfig{Fast: new(httpx.Bool(false)), Size: new(httpx.Int(-3))}}},
		{"nothing", `{}`, order{}},
		{"null is absent", `{"id":null,"count":null,"fresh":null,"tags":null,"items":null,"config":null}`, order{}},
		{"empty is not absent", `{"id":"","tags":[]}`, order{ID: new(""), Tags: []string{}}},
		{"names in any case", `{"ID":"a","Count":1}`, order{ID: new("a"), Count: new(httpx.Int(1))}},
		{"unknown fields", `{"id":"a","modality":{"deep":[1,{"x":null}]}}`, order{ID: new("a")}},
		{"the last of two", `{"id":"a","id":"b"}`, order{ID: new("b")}},
		{"strings for booleans", `{"fresh":"false","config":{"fast":"True"}}`,
			order{Fresh: new(httpx.Bool(false)), Config: &orderConfig{Fast: new(httpx.Bool(true))}}},
		{"a fraction of zero", `{"count":40.0,"config":{"size":4e1}}`,
			order{Count: new(httpx.Int(40)), Config: &orderConfig{Size: new(httpx.Int(40))}}},
		{"the ends of 32 bits", `{"count":2147483647,"config":{"size":-2147483648}}`,
			order{Count: new(httpx.Int(2147483647)), Config: &orderConfig{Size: new(httpx.Int(-2147483648))}}},
		{"a byte order mark", "\xef\xbb\xbf{\"id\":\"a\"}", order{ID: new("a")}},
		{"white space around", " \r\n\t{\"id\":\"a\"} \n", order{ID: new("a")}},
		{"brackets in strings do not nest", `{"id":"` + strings.Repeat("[{", 500) + `\"["}`,
			order{ID: new(strings.Repeat("[{", 500) + `"[`)}},
		{"as deep as allowed", `{"x":` + deep + `,"id":"a"}`, order{ID: new("a")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got order
			if err := bind(t, []byte(tt.body), &got); err != nil {
				t.Fatalf("BindJSON: got error %v, want none", err)
			}
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(httpx.Base64{})); diff != "" {
				t.Errorf("BindJSON: -want +got\n%s", diff)
			}
		})
	}
}

func TestBindJSONRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, field, message string }{
		{"no byte", "", "", "the request body is empty, and a JSON object was expected"},
		{"blanks", " \n", "", "the request body is empty, and a JSON object was expected"},
		{"null", "null", "", "the request body must be a JSON object"},
		{"an array", "[]", "", "the request body must be a JSON object"},
		{"no JSON at all", "id=a", "", "the request body must be a JSON object"},
		{"cut off", `{"id":"a`, "", "the request body is not valid JSON: unexpected end of JSON input at byte 8"},
		{"a slip", `{"id":a}`, "", "the request body is not valid JSON: invalid character 'a' looking for beginning of value at byte 7"},
		{"garbage behind", `{"id":"a"} x`, "", "the request body is not valid JSON: invalid character 'x' after top-level value at byte 12"},
		{"two objects", `{"id":"a"}{}`, "", "the request body is not valid JSON: invalid character '{' after top-level value at byte 11"},
		{"not UTF-8", "{\"id\":\"\xff\"}", "", "the request body is not UTF-8 text"},
		{"too deep", `{"x":` + strings.Repeat("[", 64) + strings.Repeat("]", 64) + `}`, "", "the request body nests deeper than 64 levels"},
		{"endless depth", `{"x":` + strings.Repeat("[", 1<<20), "", "the request body nests deeper than 64 levels"},
		{"number for a string", `{"id":5}`, "id", "id must be a string, not a number"},
		{"string for an integer", `{"count":"40"}`, "count", "count must be an integer of 32 bits, not a string"},
		{"fraction", `{"count":40.5}`, "count", "count must be an integer of 32 bits, not 40.5"},
		{"too long for 32 bits", `{"config":{"size":2147483648}}`, "config.size", "config.size must be an integer of 32 bits, not 2147483648"},
		{"beyond a float", `{"count":1e999}`, "count", "count must be an integer of 32 bits, not 1e999"},
		{"a number of many digits is not repeated", `{"count":` + strings.Repeat("9", 400) + `}`, "count", "count must be an integer of 32 bits, not a number"},
		{"another word for true", `{"fresh":"yes"}`, "fresh", "fresh must be true or false, not a string"},
		{"number for a boolean", `{"config":{"fast":1}}`, "config.fast", "config.fast must be true or false, not a number"},
		{"boolean for a number", `{"weight":true}`, "weight", "weight must be a number, not true or false"},
		{"object for an array", `{"tags":{}}`, "tags", "tags must be an array, not an object"},
		{"array for an object", `{"config":[]}`, "config", "config must be an object, not an array"},
		{"place in an array", `{"tags":["a","b",3]}`, "tags[2]", "tags[2] must be a string, not a number"},
		{"place in an array of objects", `{"items":[{"data":""},{"data":""},{"data":7}]}`, "items[2].data", "items[2].data must be a string, not a number"},
		{"in the client's own spelling", `{"Items":[{"LABEL":7}]}`, "Items[0].LABEL", "Items[0].LABEL must be a string, not a number"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := bind(t, []byte(tt.body), &order{})
			if face.KindOf(err) != face.Invalid {
				t.Fatalf("BindJSON: got %v of kind %v, want kind invalid", err, face.KindOf(err))
			}
			if got := face.MessageOf(err); got != tt.message {
				t.Errorf("message: got  %q\nwant %q", got, tt.message)
			}
			if got := face.FieldOf(err); got != tt.field {
				t.Errorf("field: got %q, want %q", got, tt.field)
			}
		})
	}
}

func FuzzBindJSON(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"id":"a","count":40.0,"fresh":"true","tags":["x",null],"items":[{"data":"QQ==","label":"é"}]}`,
		`{"items":[{"data":7}]}`, `{"id":"\ud800","config":{"fast":"FALSE"}}`, `{"x":[[[[`, `{"id":1e309}`, "\xef\xbb\xbf{}", `{"id":"a"} {`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got order
		err := bind(t, body, &got)
		if err == nil {
			if !json.Valid([]byte(strings.TrimPrefix(string(body), "\xef\xbb\xbf"))) {
				t.Errorf("accepted what is not JSON: %q", body)
			}
			return
		}
		msg := face.MessageOf(err)
		if face.KindOf(err) != face.Invalid || msg == "" || !utf8.ValidString(msg) {
			t.Errorf("got kind %v and message %q, want invalid and words", face.KindOf(err), msg)
		}
		if field := face.FieldOf(err); field == "" && (strings.Contains(msg, "httpx.") || strings.Contains(msg, "int32")) {
			t.Errorf("message names a Go type: %q", msg)
		}
		if !reflect.DeepEqual(bind(t, body, &order{}), err) {
			t.Errorf("a second reading of %q gives another error", body)
		}
	})
}

func TestBase64(t *testing.T) {
	t.Parallel()
	picture := []byte{0xff, 0xd8, 0xff, 0xe0, 0, 1, 2, 250, 251, 252, 253}
	text := base64.StdEncoding.EncodeToString(picture)
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"as it should be", text, true},
		{"without padding", strings.TrimRight(text, "="), true},
		{"in lines", text[:4] + "\r\n" + text[4:8] + "\n" + text[8:] + "\n", true},
		{"with blanks", " " + text[:5] + " \t" + text[5:], true},
		{"data URL", "data:image/jpeg;base64," + text, true},
		{"data URL with a parameter, shouting", "DATA:image/jpeg;name=x;BASE64," + text, true},
		{"data URL that is no base64", "data:image/svg+xml,%3Csvg%3E", false},
		{"data URL without a comma", "data:image/jpeg;base64", false},
		{"another alphabet", strings.NewReplacer("/", "_", "+", "-").Replace(text), false},
		{"one letter too few", text[:5], false},
		{"padding in the middle", text[:4] + "==" + text[4:], false},
		{"padding without end", strings.TrimRight(text, "=") + "===", false},
		{"no base64 at all", "not base64!", false},
		{"a link", "https://example.org/a.jpg", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			body, err := json.Marshal(map[string]string{"data": tt.text})
			if err != nil {
				t.Fatal(err)
			}
			var got item
			if err := bind(t, body, &got); err != nil {
				t.Fatalf("BindJSON: %v", err)
			}
			data, err := got.Data.Bytes("image.data")
			if tt.ok {
				if err != nil || !cmp.Equal(data, picture) {
					t.Errorf("Bytes() = %v, %v, want the picture", data, err)
				}
				return
			}
			if face.KindOf(err) != face.Invalid || face.FieldOf(err) != "image.data" || face.MessageOf(err) != "image.data is not valid base64" {
				t.Errorf("Bytes(): got %v (%v, %q), want it refused by field", err, face.KindOf(err), face.FieldOf(err))
			}
		})
	}
}

func TestBase64Empty(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"data":null}`, `{"data":""}`, `{"data":" \n"}`, `{"data":"data:image/png;base64,"}`} {
		var got item
		if err := bind(t, []byte(body), &got); err != nil {
			t.Fatalf("BindJSON(%s): %v", body, err)
		}
		_, err := got.Data.Bytes("image.data")
		if want := "image data is empty: image.data must hold a picture as base64"; face.MessageOf(err) != want {
			t.Errorf("%s: got %q, want %q", body, face.MessageOf(err), want)
		}
	}
}

// A PHP or Java client escapes each slash, which base64 is full of.
func TestBase64EscapedSlashes(t *testing.T) {
	t.Parallel()
	var got item
	if err := bind(t, []byte(`{"data":"\/\/\/\/"}`), &got); err != nil {
		t.Fatalf("BindJSON: %v", err)
	}
	if data, err := got.Data.Bytes("data"); err != nil || !cmp.Equal(data, []byte{255, 255, 255}) {
		t.Errorf("Bytes() = %v, %v, want three bytes 255", data, err)
	}
}

func FuzzBase64(f *testing.F) {
	for _, seed := range []string{"", "QUJD", "QQ==", "QQ", "Q", "data:image/png;base64,QUJD", "data:,", "Q U\nJD", "===="} {
		f.Add(seed, []byte(seed))
	}
	f.Fuzz(func(t *testing.T, text string, picture []byte) {
		var foreign, own httpx.Base64
		quoted, _ := json.Marshal(text)
		if err := foreign.UnmarshalJSON(quoted); err != nil {
			t.Fatalf("UnmarshalJSON(%q) = %v; what is wrong with the text is for Bytes to say", text, err)
		}
		if data, err := foreign.Bytes("x"); (err == nil) == (len(data) == 0) {
			t.Errorf("Bytes() of %q gives %d bytes and error %v", text, len(data), err)
		}
		quoted, _ = json.Marshal(base64.StdEncoding.EncodeToString(picture))
		if err := own.UnmarshalJSON(quoted); err != nil {
			t.Fatal(err)
		}
		if data, err := own.Bytes("x"); len(picture) > 0 && (err != nil || string(data) != string(picture)) {
			t.Errorf("round trip of %v gives %v, %v", picture, data, err)
		}
	})
}
