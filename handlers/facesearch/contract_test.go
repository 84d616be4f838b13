package facesearch_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/facesearch"
	"github.com/facekeep/facekeep/handlers/httpx"
)

// sharedSpec is where the contract lies beside a checkout, if it does.
var sharedSpec = filepath.Join("..", "..", "..", "shared", "spec")

// fakeKeys are keys and what each allows.
type fakeKeys map[string]face.Grant

func (k fakeKeys) Authenticate(_ context.Context, key string) (face.Grant, error) {
	g, ok := k[key]
	if !ok {
		return g, face.Errorf(face.Unauthenticated, "the API key is not valid")
	}
	return g, nil
}

// keys are those of the tests.
func keys() fakeKeys {
	return fakeKeys{
		"admin": {Role: face.RoleAdmin}, "enrol": {Role: face.RoleEnrol}, "search": {Role: face.RoleSearch},
		"limited": {Role: face.RoleAdmin, Watchlists: []string{"guests"}},
	}
}

// server is the whole handler over a gallery; every answer it gives is held to the
// generated document and, where it is there, to the contract.
type server struct {
	handler http.Handler
	docs    contracttest.Documents
	key     string
}

func newServer(tb testing.TB, g handlers.Gallery, change ...func(*handlers.Options)) *server {
	tb.Helper()
	o := handlers.Options{Gallery: g, Dialects: []string{handlers.FaceSearch}, Liveness: true, StrictAccess: httpx.NewAccess(keys(), true)}
	for _, c := range change {
		c(&o)
	}
	h, err := handlers.New(o)
	if err != nil {
		tb.Fatalf("handlers.New: %v", err)
	}
	docs, err := documents()
	if err != nil {
		tb.Fatal(err)
	}
	return &server{handler: h, docs: docs, key: "admin"}
}

// documents loads the documents once for all tests, which only read them.
var documents = sync.OnceValues(func() (contracttest.Documents, error) {
	text, err := facesearch.Document()
	if err != nil {
		return nil, err
	}
	return contracttest.Load(text, filepath.Join(sharedSpec, "face-search.openapi.json"))
})

// do sends a request with the server's key and holds the answer to the documents. The
// route is the path as they have it.
func (s *server) do(tb testing.TB, method, target, body, route string) *httptest.ResponseRecorder {
	tb.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if s.key != "" {
		req.Header.Set("x-api-key", s.key)
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	s.held(method, route, rec.Code).CheckAs(tb, contracttest.Answer{
		Method: method, Route: route, Status: rec.Code, Header: rec.Header(), Body: rec.Body.Bytes(),
	}, contracttest.FaceSearchErrors)
	return rec
}

// held returns the documents that an answer is held to: the contract knows neither our
// own operations nor the faults that it has no word for.
func (s *server) held(method, route string, status int) contracttest.Documents {
	out := contracttest.Documents{contracttest.Served: s.docs[contracttest.Served]}
	if contract := s.docs[contracttest.Contract]; contract != nil {
		item := contract.Paths.Find(route)
		if item != nil && item.GetOperation(method) != nil && item.GetOperation(method).Responses.Status(status) != nil {
			out[contracttest.Contract] = contract
		}
	}
	return out
}

// failure is the body of an error.
type failure struct {
	Code, Message string
	Metadata      struct{ Code string }
}

func failureOf(tb testing.TB, body []byte) failure {
	tb.Helper()
	var f failure
	if err := json.Unmarshal(body, &f); err != nil {
		tb.Fatalf("%s: %v", body, err)
	}
	return f
}
