package contracttest

import (
	"bufio"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
)

// Operation is an operation of a dialect: its id, and the statuses it documents.
type Operation struct {
	ID       string
	Statuses []string
}

// Operations reads the lines of a dialect from a list of operations, by method and path.
func Operations(tb testing.TB, path, dialect string) map[string]Operation {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	out := map[string]Operation{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		col := strings.Split(lines.Text(), "\t")
		if len(col) != 8 || col[0] != dialect {
			continue
		}
		statuses := strings.Split(col[5], ",")
		if col[6] != "-" {
			statuses = append(statuses, strings.Split(col[6], ",")...)
		}
		out[col[1]+" "+col[2]] = Operation{ID: col[3], Statuses: statuses}
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

var parameters = regexp.MustCompile(`:(\w+)`)

// Routes returns the routes of an engine as lists of operations name them, in order.
func Routes(engine *gin.Engine) []string {
	routes := engine.Routes()
	out := make([]string, 0, len(routes))
	for _, r := range routes {
		out = append(out, r.Method+" "+parameters.ReplaceAllString(r.Path, "{$1}"))
	}
	slices.Sort(out)
	return out
}

// Documented returns the operations of a document, without the statuses that leave
// names. Each has to have a summary and one tag.
func Documented(tb testing.TB, doc *openapi3.T, leave func(operation, status string) bool) map[string]Operation {
	tb.Helper()
	out := map[string]Operation{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			name := method + " " + path
			statuses := slices.DeleteFunc(slices.Sorted(maps.Keys(op.Responses.Map())), func(status string) bool { return leave(name, status) })
			out[name] = Operation{ID: op.OperationID, Statuses: statuses}
			if op.Summary == "" || len(op.Tags) != 1 {
				tb.Errorf("%s has summary %q and tags %v, want one of each", name, op.Summary, op.Tags)
			}
		}
	}
	return out
}
