package regula_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/contracttest"
	"github.com/facekeep/facekeep/handlers/regula"
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
	o := handlers.Options{Gallery: g, Dialects: []string{handlers.Regula}}
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
	text, err := regula.Document()
	if err != nil {
		return nil, err
	}
	return contracttest.Load(text, filepath.Join(sharedSpec, "regula.openapi.json"))
})

// log is an error as clients read it.
type log struct {
	StatusCode int
	Type, Msg  string
	Metadata   map[string]string
}

// do sends a request and holds the answer to the documents. The route is the
// path as they have it.
func (s *server) do(t *testing.T, method, target, body, route string) *httptest.ResponseRecorder {
	t.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Header.Set("Content-Type", "application/json") // on every request, as the published clients do
	return s.send(t, req, route)
}

func (s *server) send(t *testing.T, req *http.Request, route string) *httptest.ResponseRecorder {
	t.Helper()
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, req)
	s.docs.CheckAs(t, contracttest.Answer{Method: req.Method, Route: route, Status: rec.Code, Header: rec.Header(), Body: rec.Body.Bytes()}, contracttest.OperationLogs)
	return rec
}

// logOf returns the error that an answer is.
func logOf(t *testing.T, rec *httptest.ResponseRecorder) log {
	t.Helper()
	var l log
	if err := json.Unmarshal(rec.Body.Bytes(), &l); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	return l
}

// sameJSON compares texts as JSON; null and absent differ.
func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var a, b any
	if err := json.Unmarshal([]byte(want), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &b); err != nil {
		t.Fatalf("%s: %v", got, err)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

const (
	personsRoute     = "/api/persons"
	personRoute      = "/api/persons/{personId}"
	imagesRoute      = "/api/persons/{personId}/images"
	imageRoute       = "/api/persons/{personId}/images/{imageId}"
	personGroups     = "/api/persons/{personId}/groups"
	groupsRoute      = "/api/groups"
	groupRoute       = "/api/groups/{groupId}"
	groupPersons     = "/api/groups/{groupId}/persons"
	searchRoute      = "/api/search"
	transactionRoute = "/api/v2/liveness"
)

// at puts ids into a route: that of Ann or her image, or of the sample group.
func at(route string) string {
	return strings.NewReplacer("{personId}", annID, "{imageId}", faceID, "{groupId}", groupID).Replace(route)
}
