package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badPictures is what may stand where a picture is expected.
func badPictures(t *testing.T) map[string]string {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join(root, "docs", "portraits", "obama.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"nothing":                   "",
		"truncated base64":          encode(whole)[:1001],
		"not base64":                "!!! not base64 !!!",
		"not a picture":             encode([]byte("just a few words, and no picture at all")),
		"a path":                    encode([]byte("/etc/passwd")),
		"a URL":                     "http://127.0.0.1:1/picture.jpg",
		"a truncated JPEG":          encode(whole[:len(whole)/2]),
		"a JPEG header alone":       encode(whole[:200]),
		"a huge PNG header":         encode(pngHeader(50_000, 50_000)),
		"a PNG of no size":          encode(pngHeader(0, 0)),
		"a picture without a face":  encode(grey(t, 640, 480)),
		"a picture of a pixel":      encode(grey(t, 1, 1)),
		"a picture one pixel broad": encode(grey(t, 1, 3000)),
	}
}

// TestBadInput sends what clients should not send. Each request is refused with
// a 4xx whose body says why, leaves nothing behind, and the server goes on.
func TestBadInput(t *testing.T) {
	t.Parallel()
	onBoth(t, testBadInput)
}

func testBadInput(t *testing.T, where storage) {
	t.Helper()
	s := start(t, where)
	watchlist(s, "presidents")
	good := portrait(t, "obama.jpg")
	want[object](s, http.StatusCreated, "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", good, "presidents"))
	before := rows(t, where)

	type request struct {
		name, method, path string
		body               any // a string is sent as it is
		status             int
	}
	var requests []request
	for name, bad := range badPictures(t) {
		requests = append(requests,
			request{"Register: " + name, "POST", "/api/v1/WatchlistMembers/Register", register("x", bad, "presidents"), 400},
			request{"Search: " + name, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": bad}}, 400},
			request{"Verify: " + name, "POST", "/api/v1/Faces/Verify", object{
				"probeImage": object{"image": object{"data": good}}, "referenceImage": object{"image": object{"data": bad}}}, 400})
	}
	for _, path := range []string{"/api/v1/WatchlistMembers/Register", "/api/v1/Watchlists/Search", "/api/v1/Faces/Verify", "/api/v1/Watchlists"} {
		requests = append(requests,
			request{"empty body to " + path, "POST", path, "", 400},
			request{"malformed JSON to " + path, "POST", path, `{"image": {`, 400},
			request{"an array to " + path, "POST", path, `[1,2,3]`, 400},
			request{"null to " + path, "POST", path, `null`, 400},
			request{"deep JSON to " + path, "POST", path, strings.Repeat(`{"a":`, 100_000), 400})
	}
	two := register("x", encode(sideBySide(t, "obama.jpg", "biden.jpg")), "presidents")
	delete(two, "faceDetectorConfig")
	both := register("x", good, "presidents")
	both["images"] = []object{{"data": good}, {"data": encode(grey(t, 640, 480))}}
	threshold := func(v any) object { return object{"displayName": "w", "fullName": "w", "threshold": v} }
	requests = append(requests, []request{
		{"two faces", "POST", "/api/v1/WatchlistMembers/Register", two, 400},
		{"the second picture is bad", "POST", "/api/v1/WatchlistMembers/Register", both, 400},
		{"unknown watchlist", "POST", "/api/v1/WatchlistMembers/Register", register("x", good, "nobody"), 400},
		{"one of two watchlists unknown", "POST", "/api/v1/WatchlistMembers/Register", register("x", good, "presidents", "nobody"), 400},
		{"no watchlist", "POST", "/api/v1/WatchlistMembers/Register", register("x", good), 400},
		{"duplicate id", "POST", "/api/v1/WatchlistMembers/Register", register("Barack_Obama", good, "presidents"), 409},
		{"search an unknown watchlist", "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": good}, "watchlistIds": []string{"nobody"}}, 404},
		{"search threshold -1", "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": good}, "threshold": -1}, 400},
		{"search threshold 101", "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": good}, "threshold": 101}, 400},
		{"maxResultCount 0", "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": good}, "maxResultCount": 0}, 400},
		{"watchlist threshold -1", "POST", "/api/v1/Watchlists", threshold(-1), 400},
		{"watchlist threshold 101", "POST", "/api/v1/Watchlists", threshold(101), 400},
		{"watchlist threshold of words", "POST", "/api/v1/Watchlists", threshold("forty"), 400},
		{"link to an unknown watchlist", "POST", "/api/v1/WatchlistMembers/LinkToWatchlist", object{"watchlistId": "nobody", "watchlistMembersIds": []string{"Barack_Obama"}}, 404},
		{"link an unknown member", "POST", "/api/v1/WatchlistMembers/LinkToWatchlist", object{"watchlistId": "presidents", "watchlistMembersIds": []string{"Barack_Obama", "nobody"}}, 404},
		{"page 0", "GET", "/api/v1/WatchlistMembers?PageNumber=0", nil, 400},
		{"page of words", "GET", "/api/v1/WatchlistMembers?pagesize=many", nil, 400},
		{"image without a UUID", "GET", "/api/v1/Images/..%2F..%2Fetc%2Fpasswd", nil, 400},
		{"unknown image", "GET", "/api/v1/Images/497f6eca-6276-4993-bfeb-53cbbbba6f08", nil, 404},
		{"unknown path", "GET", "/api/v1/Nothing", nil, 404},
		{"wrong method", "DELETE", "/api/v1/Version", nil, 405},
		{"delete an unknown member", "DELETE", "/api/v1/WatchlistMembers/nobody", nil, 404},
	}...)
	for _, r := range requests {
		status, body, err := s.send(r.method, r.path, r.body)
		if err != nil {
			t.Fatalf("%s: %v\n%s", r.name, err, s.log)
		}
		checkProblem(t, r.name, r.status, status, body)
	}
	if diff := cmp.Diff(before, rows(t, where)); diff != "" {
		t.Errorf("rows were left behind (-before +after):\n%s", diff)
	}
	found := want[[]searchAnswer](s, http.StatusOK, "POST", "/api/v1/Watchlists/Search", object{"image": object{"data": good}})
	if len(found) != 1 || len(found[0].MatchResults) != 1 {
		t.Errorf("after all that, a good search finds %+v", found)
	}
}

// TestAHugeBody sends 100 MB, at once and in pieces of unknown number. The
// server refuses it and goes on.
func TestAHugeBody(t *testing.T) {
	t.Parallel()
	s := start(t, embedded(t))
	for name, length := range map[string]int64{"announced": 100_000_000, "chunked": -1} {
		body := io.MultiReader(strings.NewReader(`{"image":{"data":"`), io.LimitReader(repeat('A'), 100_000_000-18))
		req, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/Watchlists/Search", io.NopCloser(body))
		if err != nil {
			t.Fatal(err)
		}
		req.ContentLength = length
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			// A client that goes on writing into a connection that was refused
			// may meet its end before it reads the answer.
			t.Logf("%s: %v", name, err)
		} else {
			data, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			checkProblem(t, name, http.StatusRequestEntityTooLarge, resp.StatusCode, data)
		}
		if !s.running() {
			t.Fatalf("%s: the server does not answer any more\n%s", name, s.log)
		}
	}
	if peak := s.peakMemory(); peak > 600e6 {
		t.Errorf("refusing took %d MB of memory", peak/1e6)
	}
}

// checkProblem holds an error answer to RFC 7807 and to its promise: a detail
// that says what was wrong.
func checkProblem(t *testing.T, name string, want, status int, body []byte) {
	t.Helper()
	var p struct {
		Status int    `json:"status"`
		Title  string `json:"title"`
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal(body, &p); err != nil {
		t.Errorf("%s: status %d with a body that is no problem: %s", name, status, body)
		return
	}
	if status != want || p.Status != want || p.Title == "" || len(p.Detail) < 10 {
		t.Errorf("%s: status %d, want %d, with a detail: %s", name, status, want, body)
	}
	for _, leak := range []string{"goroutine", "runtime error", ".go:", "sql", "gorm", "smartface."} {
		if strings.Contains(p.Detail, leak) {
			t.Errorf("%s: the detail tells of our inside: %s", name, p.Detail)
		}
	}
}

// send is call, but a string is the body as it stands.
func (s *server) send(method, path string, body any) (int, []byte, error) {
	text, ok := body.(string)
	if !ok {
		return s.call(method, path, body)
	}
	req, err := http.NewRequest(method, s.url+path, strings.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, data, err
}

// rows counts the rows of every table but the outbox, which empties itself.
func rows(t *testing.T, where storage) map[string]int {
	t.Helper()
	db := where.open(t)
	counts := map[string]int{}
	for _, table := range []string{"watchlists", "members", "member_labels", "memberships", "faces", "templates", "images"} {
		var n int
		if err := db.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		counts[table] = n
	}
	return counts
}

// pngHeader returns the first bytes of a PNG that claims a size: the signature
// and a correct IHDR, and nothing of the picture.
func pngHeader(width, height uint32) []byte {
	ihdr := []byte("IHDR")
	ihdr = binary.BigEndian.AppendUint32(ihdr, width)
	ihdr = binary.BigEndian.AppendUint32(ihdr, height)
	ihdr = append(ihdr, 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, ihdr...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(ihdr))
}

// grey returns a JPEG without a face.
func grey(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(m, m.Bounds(), image.NewUniform(color.Gray{Y: 128}), image.Point{}, draw.Src)
	return encodeJPEG(t, m)
}

// sideBySide returns a JPEG of two portraits next to each other.
func sideBySide(t *testing.T, left, right string) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 1000, 720))
	at := 0
	for _, name := range []string{left, right} {
		data, err := base64.StdEncoding.DecodeString(portrait(t, name))
		if err != nil {
			t.Fatal(err)
		}
		p, err := jpeg.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		draw.Draw(m, p.Bounds().Add(image.Pt(at, 0)), p, image.Point{}, draw.Src)
		at += p.Bounds().Dx()
	}
	return encodeJPEG(t, m)
}

func encodeJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// repeat is an endless run of one byte.
type repeat byte

// Read fills p.
func (r repeat) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(r)
	}
	return len(p), nil
}
