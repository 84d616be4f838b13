package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/facekeep/facekeep/handlers/contracttest"
)

// witness stands between a client and a server and holds each answer to the
// documents of a dialect.
type witness struct {
	url    string // where clients reach the server
	docs   contracttest.Documents
	errors contracttest.Envelope

	mu   sync.Mutex
	tb   testing.TB
	seen map[string]bool // "METHOD route" of the successes since watch
	all  map[string]bool // "METHOD route status" of all answers
}

// newWitness begins to listen, until the test ends.
func newWitness(t *testing.T, s *server, docs contracttest.Documents, errors contracttest.Envelope) *witness {
	t.Helper()
	target, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	w := &witness{docs: docs, errors: errors, all: map[string]bool{}}
	w.watch(t)
	front := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:        func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: w.check,
	})
	t.Cleanup(front.Close)
	w.url = front.URL
	return w
}

// watch forgets whose calls were seen; from now on answers are told to be wrong to tb.
func (w *witness) watch(tb testing.TB) {
	tb.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tb, w.seen = tb, map[string]bool{}
}

// check holds an answer to the documents. What no document knows is another
// dialect's business.
func (w *witness) check(answer *http.Response) error {
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	w.mu.Lock()
	defer w.mu.Unlock()
	method := answer.Request.Method
	route, ok := routeOf(w.docs[contracttest.Served], method, answer.Request.URL.Path)
	if !ok {
		return nil
	}
	w.all[fmt.Sprint(method, " ", route, " ", answer.StatusCode)] = true
	if answer.StatusCode < http.StatusBadRequest {
		w.seen[method+" "+route] = true
	}
	docs := maps.Clone(w.docs)
	maps.DeleteFunc(docs, func(_ string, doc *openapi3.T) bool { // the contract has no word on extensions
		item := doc.Paths.Find(route)
		return item == nil || item.GetOperation(method) == nil
	})
	docs.CheckAs(w.tb, contracttest.Answer{Method: method, Route: route, Status: answer.StatusCode, Header: answer.Header, Body: body}, w.errors)
	return nil
}

// routeOf returns the path of a document that a path of a request is.
func routeOf(doc *openapi3.T, method, path string) (string, bool) {
	got := strings.Split(path, "/")
	for route, item := range doc.Paths.Map() {
		parts := strings.Split(route, "/")
		if item.GetOperation(method) == nil || len(parts) != len(got) {
			continue
		}
		same := true
		for i, part := range parts {
			same = same && (part == got[i] || strings.HasPrefix(part, "{"))
		}
		if same {
			return route, true
		}
	}
	return "", false
}

// uncalled returns the operations of a document that were not answered with success
// since watch.
func (w *witness) uncalled(document string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for route, item := range w.docs[document].Paths.Map() {
		for method := range item.Operations() {
			if !w.seen[method+" "+route] {
				out = append(out, method+" "+route)
			}
		}
	}
	return out
}

// unanswered returns the answers of a document that were never given.
func (w *witness) unanswered(document string) []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for route, item := range w.docs[document].Paths.Map() {
		for method, op := range item.Operations() {
			for status := range op.Responses.Map() {
				if answer := method + " " + route + " " + status; !w.all[answer] {
					out = append(out, answer)
				}
			}
		}
	}
	return out
}

// watched returns a server every answer of which is held to the documents of its
// dialect.
func watched(t *testing.T, s *server) *server {
	t.Helper()
	for dialect, errors := range map[string]contracttest.Envelope{
		"smartface": contracttest.Problems, "regula": contracttest.OperationLogs, "facesearch": contracttest.FaceSearchErrors,
	} {
		s = s.of(t)
		s.url = newWitness(t, s, documents(t, s, dialect), errors).url
	}
	return s
}

// documents returns the documents of a dialect: the server's own, and the contract
// where it is beside this checkout.
func documents(t *testing.T, s *server, dialect string) contracttest.Documents {
	t.Helper()
	contract := map[string]string{"facesearch": "face-search"}[dialect]
	if contract == "" {
		contract = dialect
	}
	docs, err := contracttest.Load(want[json.RawMessage](s, http.StatusOK, "GET", "/swagger/"+dialect+"/doc.json", nil),
		filepath.Join(root, "..", "shared", "spec", contract+".openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}
