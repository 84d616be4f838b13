package smartface_test

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"

	"github.com/facekeep/facekeep/handlers"
	"github.com/facekeep/facekeep/handlers/smartface"
)

// sharedSpec is where the contract lies beside a checkout, if it does.
var sharedSpec = filepath.Join("..", "..", "..", "shared", "spec")

// server is the whole handler over a gallery; every answer it gives is held to
// the generated document and, where it is there, to the contract.
type server struct {
	handler http.Handler
	docs    map[string]*openapi3.T
}

func newServer(t *testing.T, g handlers.Gallery, change ...func(*handlers.Options)) *server {
	t.Helper()
	o := handlers.Options{Gallery: g, Version: sampleVersion()}
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
var documents = sync.OnceValues(func() (map[string]*openapi3.T, error) {
	v3, err := generated()
	if err != nil {
		return nil, err
	}
	docs := map[string]*openapi3.T{"generated document": v3}
	path := filepath.Join(sharedSpec, "smartface.openapi.json")
	if _, err := os.Stat(path); err != nil {
		return docs, nil // the generated document stands alone
	}
	docs["contract"], err = openapi3.NewLoader().LoadFromFile(path)
	return docs, err
})

func generated() (*openapi3.T, error) {
	text, err := smartface.Document()
	if err != nil {
		return nil, err
	}
	var v2 openapi2.T
	if err := json.Unmarshal(text, &v2); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3(&v2)
}

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
	s.check(t, req.Method, route, rec)
	return rec
}

func withBodyLimit(n int64) func(*handlers.Options) {
	return func(o *handlers.Options) { o.BodyLimit = n }
}

func (s *server) check(t *testing.T, method, route string, rec *httptest.ResponseRecorder) {
	t.Helper()
	for name, doc := range s.docs {
		schema := bodySchema(t, doc, method, route, rec.Code)
		checkBody(t, name, schema, rec)
	}
	if rec.Code >= http.StatusBadRequest {
		checkProblem(t, rec)
	}
}

// bodySchema returns the schema of an answer, nil for none. Statuses that an
// operation does not document are problems.
func bodySchema(t *testing.T, doc *openapi3.T, method, route string, status int) *openapi3.Schema {
	t.Helper()
	problem := doc.Components.Schemas["ProblemDetails"].Value
	item := doc.Paths.Find(route)
	if item == nil || item.GetOperation(method) == nil {
		return problem
	}
	res := item.GetOperation(method).Responses.Status(status)
	if res == nil {
		if status < http.StatusBadRequest {
			t.Errorf("%s %s: status %d is not documented", method, route, status)
		}
		return problem
	}
	for _, content := range res.Value.Content {
		return content.Schema.Value
	}
	if status >= http.StatusBadRequest {
		return problem
	}
	return nil
}

func checkBody(t *testing.T, name string, schema *openapi3.Schema, rec *httptest.ResponseRecorder) {
	t.Helper()
	media, _, err := mime.ParseMediaType(rec.Header().Get("Content-Type"))
	if schema == nil || rec.Code == http.StatusNoContent {
		if rec.Body.Len() > 0 || rec.Header().Get("Content-Type") != "" {
			t.Errorf("%s: status %d with a body: %s", name, rec.Code, rec.Body)
		}
		return
	}
	if schema.Format == "binary" {
		if media != "image/jpeg" {
			t.Errorf("%s: content type %q, want image/jpeg", name, media)
		}
		return
	}
	if !strings.HasSuffix(media, "json") || err != nil {
		t.Fatalf("%s: content type %q of %s, want JSON", name, media, rec.Body)
	}
	var value any
	if err := json.Unmarshal(rec.Body.Bytes(), &value); err != nil {
		t.Fatalf("%s: body %s: %v", name, rec.Body, err)
	}
	if err := schema.VisitJSON(value, openapi3.MultiErrors()); err != nil {
		t.Errorf("%s: status %d: %s\ndoes not keep the schema: %v", name, rec.Code, rec.Body, err)
	}
}

// checkProblem holds an error answer to what clients do with it: show detail.
func checkProblem(t *testing.T, rec *httptest.ResponseRecorder) {
	t.Helper()
	if got, want := rec.Header().Get("Content-Type"), "application/problem+json; charset=utf-8"; got != want {
		t.Errorf("content type: got %q, want %q", got, want)
	}
	var got map[string]any
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	for _, field := range []string{"type", "title", "detail", "traceId"} {
		if text, _ := got[field].(string); text == "" {
			t.Errorf("problem without %s: %s", field, rec.Body)
		}
	}
	if instance, ok := got["instance"]; !ok || instance != nil {
		t.Errorf("instance: got %v, want null", instance)
	}
	if got["status"] != float64(rec.Code) {
		t.Errorf("status: got %v in the body of a %d", got["status"], rec.Code)
	}
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
