package smartface_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/smartface"
)

// sharedSpec is where the contract lies beside a checkout, if it does.
var sharedSpec = filepath.Join("..", "..", "..", "shared", "spec")

// server is the whole handler over a gallery; every answer it gives is held to
// the generated document and, where it is there, to the contract.
type server struct {
	handler http.Handler
	docs    contracttest.Documents
}

func newServer(t *testing.T, g handlers.Gallery, change ...func(*handlers.Options)) *server {
	t.Helper()
	o := handlers.Options{Gallery: g, Version: sampleVersion(), Dialects: []string{handlers.SmartFace}}
	for _, c := range change {
		c(&o)
	}
	h, err := handlers.New(o)
	if err != nil {
		t.Fatalf("handlers.New: %v", err)
	}
	docs, err := documents()
	if err != nil {
		t.Fatal(err)
	}
	return &server{handler: h, docs: docs}
}

// documents loads the documents once for all tests, which only read them.
var documents = sync.OnceValues(func() (contracttest.Documents, error) {
	text, err := smartface.Document()
	if err != nil {
		return nil, err
	}
	return contracttest.Load(text, filepath.Join(sharedSpec, "smartface.openapi.json"))
})

// newRequest is a request as the generated C# client and the scripts send it.
func newRequest(method, target, body string) *http.Request {
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json-patch+json")
	}
	req.Header.Set("Accept", "image/jpeg")
	req.Header.Set("Authorization", "Bearer anything")
	return req
}

// do sends a request and holds the answer to the documents. The route is the
// path as they have it.
func (s *server) do(t *testing.T, method, target, body, route string) *httptest.ResponseRecorder {
	t.Helper()
	return s.send(t, newRequest(method, target, body), route)
}

func (s *server) send(t *testing.T, req *http.Request, route string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	s.docs.Check(t, contracttest.Answer{Method: req.Method, Route: route, Status: rec.Code, Header: rec.Header(), Body: rec.Body.Bytes()})
	return rec
}

func withBodyLimit(n int64) func(*handlers.Options) {
	return func(o *handlers.Options) { o.BodyLimit = n }
}

// detail returns the detail of a problem.
func detail(t *testing.T, rec *httptest.ResponseRecorder) string {
	t.Helper()
	var p struct {
		Detail string `json:"detail"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	return p.Detail
}
