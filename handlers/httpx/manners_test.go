package httpx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/facekeep/facekeep/face"
	"github.com/facekeep/facekeep/handlers/httpx"
)

func TestRequestID(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, sent string
		kept       bool
	}{
		{"a sane one is kept", "order-17/b", true},
		{"none", "", false},
		{"one that would break a log line", "a\tb", false},
		{"one without end", strings.Repeat("a", 129), false},
		{"markup", "<b>", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			engine, seen := httpx.NewEngine(), ""
			engine.Use(httpx.RequestID())
			engine.GET("/", func(c *gin.Context) { seen = httpx.RequestIDOf(c) })
			req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
			req.Header.Set(httpx.RequestIDHeader, tt.sent)
			got := serve(t, engine, req).Header().Get(httpx.RequestIDHeader)
			if got != seen || (got == tt.sent) != tt.kept {
				t.Errorf("sent %q: answered %q, handler saw %q", tt.sent, got, seen)
			}
			if _, err := uuid.Parse(got); err != nil && !tt.kept {
				t.Errorf("got %q, want a new UUID", got)
			}
		})
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	engine := httpx.NewEngine()
	engine.Use(httpx.AccessLog(slog.New(slog.NewJSONHandler(&log, nil))), httpx.Recover(httpx.DefaultProblem))
	engine.GET("/", func(*gin.Context) { panic("password=hunter2") })
	rec := serve(t, engine, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if body := rec.Body.String(); rec.Code != http.StatusInternalServerError ||
		!strings.Contains(body, `"detail":"internal error"`) || strings.Contains(body, "hunter2") {
		t.Errorf("got %d %s, want 500 and no word of the cause", rec.Code, body)
	}
	if got := log.String(); !strings.Contains(got, `"stack":"goroutine`) || !strings.Contains(got, "hunter2") || !strings.Contains(got, `"level":"ERROR"`) {
		t.Errorf("log: got %s, want the panic and its stack", got)
	}
}

// Half an answer must not look like a whole one.
func TestRecoverAfterTheAnswerBegan(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	engine.Use(httpx.Recover(httpx.DefaultProblem))
	engine.GET("/", func(c *gin.Context) {
		c.Header("Content-Length", "100")
		_, _ = c.Writer.WriteString("half")
		panic("gone")
	})
	server := httptest.NewUnstartedServer(httpx.NewRouter(engine))
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	defer server.Close()
	res, err := server.Client().Get(server.URL)
	if err != nil {
		return // the connection went before a header came: as good
	}
	defer res.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(res.Body); err == nil {
		t.Errorf("got the whole answer %q, want a broken connection", body.String())
	}
}

func TestAccessLog(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, target string
		handler      gin.HandlerFunc
		want         map[string]any
	}{
		{"an answer", "/members/ann?name=bob", func(c *gin.Context) { c.String(http.StatusOK, "hello") },
			map[string]any{"level": "INFO", "route": "/members/:id", "status": 200., "bytes_out": 5.}},
		{"an error of the client: its words may name a person", "/members/ann", func(c *gin.Context) {
			httpx.DefaultProblem(c, face.Errorf(face.NotFound, "Member with id 'ann' was not found."))
		}, map[string]any{"level": "INFO", "route": "/members/:id", "status": 404., "error_kind": "not_found"}},
		{"the cause behind an error", "/members/ann", func(c *gin.Context) {
			httpx.DefaultProblem(c, face.Wrap(face.Unavailable, errors.New("disk is full"), "ann cannot be saved"))
		}, map[string]any{"level": "ERROR", "route": "/members/:id", "status": 503., "error_kind": "unavailable", "error_cause": "disk is full"}},
		{"an error nobody classified", "/members/ann", func(c *gin.Context) { httpx.DefaultProblem(c, errors.New("no such column")) },
			map[string]any{"level": "ERROR", "route": "/members/:id", "status": 500., "error_kind": "internal", "error_cause": "no such column"}},
		{"no route", "/ann", nil, map[string]any{"level": "INFO", "route": "unmatched", "status": 404.}},
		{"a quiet route", "/members/ann", httpx.Quiet, map[string]any{"level": "DEBUG", "route": "/members/:id", "status": 200.}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			engine := httpx.NewEngine()
			engine.Use(httpx.RequestID(), httpx.AccessLog(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
			if tt.handler != nil {
				engine.GET("/members/:id", tt.handler)
			}
			serve(t, engine, httptest.NewRequest(http.MethodGet, tt.target, http.NoBody))
			if got := log.String(); strings.Contains(got, "ann") || strings.Contains(got, "bob") || strings.Count(got, "\n") != 1 {
				t.Errorf("got %s, want one line that names nobody", got)
			}
			got := map[string]any{}
			if err := json.Unmarshal(log.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			for k := range got {
				if _, ok := tt.want[k]; !ok && k != "error_kind" && k != "error_cause" {
					delete(got, k)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	m, err := httpx.NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := httpx.NewMetrics(registry); err == nil {
		t.Error("a second NewMetrics: got no error, want one")
	}
	engine := httpx.NewEngine()
	engine.Use(m.Observe)
	engine.GET("/members/:id", func(c *gin.Context) { c.Status(http.StatusTeapot) })
	serve(t, engine, httptest.NewRequest(http.MethodGet, "/members/ann", http.NoBody))
	serve(t, engine, httptest.NewRequest("BREW", "/ann", http.NoBody))
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]uint64{}
	for _, f := range families {
		for _, sample := range f.GetMetric() {
			key := f.GetName()
			for _, l := range sample.GetLabel() {
				key += " " + l.GetValue()
			}
			got[key] = sample.GetHistogram().GetSampleCount()
		}
	}
	want := map[string]uint64{
		"facekeep_http_request_duration_seconds GET /members/:id 418": 1,
		"facekeep_http_request_duration_seconds other unmatched 404":  1,
		"facekeep_http_requests_in_flight":                            0,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	well := httpx.Check{Name: "engine", Info: "cpu"}
	tests := []struct {
		name   string
		checks []httpx.Check
		status int
		want   string
	}{
		{"nothing to ask", nil, http.StatusOK, `{"status":"ok"}`},
		{"all there", []httpx.Check{well, {Name: "database", Check: func(context.Context) error { return nil }}}, http.StatusOK,
			`{"status":"ok","parts":{"database":{"status":"ok"},"engine":{"status":"ok","info":"cpu"}}}`},
		{"there in part", []httpx.Check{well, {Name: "index", Info: "milvus", State: func(context.Context) (string, error) { return "away: searching in memory", nil }}},
			http.StatusOK,
			`{"status":"ok","parts":{"engine":{"status":"ok","info":"cpu"},"index":{"status":"ok","info":"milvus","detail":"away: searching in memory"}}}`},
		{"one gone", []httpx.Check{well, {Name: "database", Check: func(context.Context) error { return errors.New("password=hunter2") }}},
			http.StatusServiceUnavailable,
			`{"status":"unavailable","parts":{"database":{"status":"unavailable","error":"internal error"},"engine":{"status":"ok","info":"cpu"}}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			engine := httpx.NewEngine()
			engine.GET("/readyz", httpx.Ready(tt.checks))
			rec := serve(t, engine, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
			if got := rec.Body.String(); rec.Code != tt.status || got != tt.want {
				t.Errorf("got %d %s\nwant %d %s", rec.Code, got, tt.status, tt.want)
			}
		})
	}
}

// A part that hangs is a part that is not there.
func TestReadyHanging(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		engine := httpx.NewEngine()
		engine.GET("/readyz", httpx.Ready([]httpx.Check{{Name: "index", Check: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}}))
		start := time.Now()
		rec := serve(t, engine, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
		if took := time.Since(start); rec.Code != http.StatusServiceUnavailable || took > 5*time.Second {
			t.Errorf("got %d after %v, want 503 within seconds", rec.Code, took)
		}
	})
}

func TestWriteJSONRefusesHalfAnswers(t *testing.T) {
	t.Parallel()
	engine := httpx.NewEngine()
	engine.GET("/", func(c *gin.Context) {
		if err := httpx.WriteJSON(c, http.StatusOK, []any{1, func() {}}); err != nil {
			httpx.DefaultProblem(c, err)
		}
	})
	rec := serve(t, engine, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if body := rec.Body.String(); rec.Code != http.StatusInternalServerError || strings.HasPrefix(body, "[1") {
		t.Errorf("got %d %s, want 500 and a problem alone", rec.Code, body)
	}
}

func TestProblemNamesTheField(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		err    error
		detail string
		errors map[string][]string
	}{
		{"no field", face.Errorf(face.Invalid, "no good"), "no good", nil},
		{"message without the field", face.FieldErrorf("threshold", "out of range"), "threshold: out of range",
			map[string][]string{"threshold": {"out of range"}}},
		{"message with it", face.FieldErrorf("threshold", "threshold is out of range"), "threshold is out of range",
			map[string][]string{"threshold": {"threshold is out of range"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			engine := httpx.NewEngine()
			engine.GET("/", func(c *gin.Context) { httpx.DefaultProblem(c, tt.err) })
			rec := serve(t, engine, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
			want := httpx.Problem{
				Type: "https://tools.ietf.org/html/rfc7231#section-6.5.1", Title: "Bad Request", Status: 400,
				Detail: tt.detail, Errors: tt.errors,
			}
			var got httpx.Problem
			if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestQuery(t *testing.T) {
	t.Parallel()
	ask := func(t *testing.T, raw string, with func(httpx.Query)) error {
		t.Helper()
		engine, err := httpx.NewEngine(), error(nil)
		engine.GET("/", func(c *gin.Context) {
			var q httpx.Query
			if q, err = httpx.ParseQuery(c); err == nil {
				with(q)
			}
		})
		req := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		req.URL.RawQuery = raw
		serve(t, engine, req)
		return err
	}
	ints := []struct {
		query string
		want  int
		ok    bool
	}{
		{"", 7, true}, {"Size=3", 3, true}, {"size=3", 3, true}, {"SIZE=3&Size=4", 4, true}, {"SIZE=3&size=4", 3, true},
		{"Size=1", 1, true}, {"Size=9", 9, true}, {"Size=0", 0, false}, {"Size=10", 0, false}, {"Size=-1", 0, false},
		{"Size=", 0, false}, {"Size=x", 0, false}, {"Size=3.0", 0, false}, {"Size=99999999999999999999", 0, false},
	}
	for _, tt := range ints {
		t.Run("Int "+tt.query, func(t *testing.T) {
			t.Parallel()
			if err := ask(t, tt.query, func(q httpx.Query) {
				got, err := q.Int("Size", 7, 1, 9)
				if got != tt.want || (err == nil) != tt.ok || (err != nil && face.KindOf(err) != face.Invalid) {
					t.Errorf("got %d, %v, want %d, ok %t", got, err, tt.want, tt.ok)
				}
			}); err != nil {
				t.Errorf("ParseQuery: %v", err)
			}
		})
	}
	bools := []struct {
		query    string
		want, ok bool
	}{
		{"", false, true}, {"All=true", true, true}, {"all=True", true, true}, {"All=false", false, true}, {"All=", false, false}, {"All=1", false, false},
	}
	for _, tt := range bools {
		t.Run("Bool "+tt.query, func(t *testing.T) {
			t.Parallel()
			if err := ask(t, tt.query, func(q httpx.Query) {
				if got, err := q.Bool("All"); got != tt.want || (err == nil) != tt.ok {
					t.Errorf("got %t, %v, want %t, ok %t", got, err, tt.want, tt.ok)
				}
			}); err != nil {
				t.Errorf("ParseQuery: %v", err)
			}
		})
	}
	t.Run("With keeps the rest", func(t *testing.T) {
		t.Parallel()
		if err := ask(t, "pagenumber=2&x=a%26b&x=c", func(q httpx.Query) {
			if got, want := q.With("PageNumber", "3"), "pagenumber=3&x=a%26b&x=c"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got, want := q.With("PageSize", "3"), "PageSize=3&pagenumber=2&x=a%26b&x=c"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}); err != nil {
			t.Errorf("ParseQuery: %v", err)
		}
	})
	t.Run("not URL-encoded", func(t *testing.T) {
		t.Parallel()
		if err := ask(t, "Size=%zz", func(httpx.Query) {}); face.KindOf(err) != face.Invalid {
			t.Errorf("got %v, want an invalid query", err)
		}
	})
}
