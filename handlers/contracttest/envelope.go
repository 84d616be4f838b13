package contracttest

import (
	"encoding/json"
	"net/http"
	"testing"
)

// Envelope is what errors of a dialect look like.
type Envelope struct {
	Schema string                        // in the documents, of errors that an operation does not document
	Check  func(tb testing.TB, a Answer) // beyond the schema
}

// The errors of the dialects: SmartFace, Regula, face-search.
var (
	Problems         = Envelope{Schema: "ProblemDetails", Check: checkProblem}
	OperationLogs    = Envelope{Schema: "OperationLog", Check: checkOperationLog}
	FaceSearchErrors = Envelope{Schema: "Error", Check: checkFaceSearchError}
)

// checkProblem holds an error answer to what clients do with it: show detail.
func checkProblem(tb testing.TB, a Answer) {
	tb.Helper()
	if got, want := a.Header.Get("Content-Type"), "application/problem+json; charset=utf-8"; got != want {
		tb.Errorf("%s %s: content type: got %q, want %q", a.Method, a.Route, got, want)
	}
	var got map[string]any
	if err := json.Unmarshal(a.Body, &got); err != nil {
		tb.Fatal(err)
	}
	for _, field := range []string{"type", "title", "detail", "traceId"} {
		if text, _ := got[field].(string); text == "" {
			tb.Errorf("%s %s: problem without %s: %s", a.Method, a.Route, field, a.Body)
		}
	}
	if instance, ok := got["instance"]; !ok || instance != nil {
		tb.Errorf("%s %s: instance: got %v, want null", a.Method, a.Route, instance)
	}
	if got["status"] != float64(a.Status) {
		tb.Errorf("%s %s: status: got %v in the body of a %d", a.Method, a.Route, got["status"], a.Status)
	}
	checkRetryAfter(tb, a)
}

// checkOperationLog holds an error answer of Regula to what clients do with it.
func checkOperationLog(tb testing.TB, a Answer) {
	tb.Helper()
	if got, want := a.Header.Get("Content-Type"), "application/json; charset=utf-8"; got != want {
		tb.Errorf("%s %s: content type: got %q, want %q", a.Method, a.Route, got, want)
	}
	var got struct {
		StatusCode int
		Type, Msg  string
		Metadata   map[string]string
	}
	if err := json.Unmarshal(a.Body, &got); err != nil {
		tb.Fatal(err)
	}
	if got.StatusCode != a.Status || got.Type == "" || got.Msg == "" || got.Metadata["requestId"] != a.Header.Get("X-RequestID") {
		tb.Errorf("%s %s: got %s with %d, want all of an operation log", a.Method, a.Route, a.Body, a.Status)
	}
	checkRetryAfter(tb, a)
}

// checkFaceSearchError holds an error answer of face-search to what is beyond its
// schema.
func checkFaceSearchError(tb testing.TB, a Answer) {
	tb.Helper()
	var got struct {
		Code, Message string
		Metadata      struct{ Code string }
	}
	if err := json.Unmarshal(a.Body, &got); err != nil {
		tb.Fatal(err)
	}
	if got.Message == "" || (got.Code == "ERR_LIVENESS_ERROR") != (got.Metadata.Code != "") {
		tb.Errorf("%s %s: got %s, want a message, and a code in metadata if it is about liveness", a.Method, a.Route, a.Body)
	}
	checkRetryAfter(tb, a)
}

// checkRetryAfter wants the header with the statuses after which to try again, and
// with no other.
func checkRetryAfter(tb testing.TB, a Answer) {
	tb.Helper()
	retry := a.Status == http.StatusTooManyRequests || a.Status == http.StatusServiceUnavailable
	if (a.Header.Get("Retry-After") != "") != retry {
		tb.Errorf("%s %s: Retry-After %q with %d", a.Method, a.Route, a.Header.Get("Retry-After"), a.Status)
	}
}
