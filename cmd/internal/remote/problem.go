package remote

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"
)

// longestReason bounds what is quoted of an answer that is no problem body, in bytes.
const longestReason = 300

// Reason returns what the server said against the request: the detail of a problem
// body, or the beginning of what it is instead.
func (a Answer) Reason() string {
	var problem struct{ Title, Detail string }
	if json.Unmarshal(a.Body, &problem) == nil {
		for _, text := range []string{problem.Detail, problem.Title} {
			if text != "" {
				return text
			}
		}
	}
	text := strings.TrimSpace(string(a.Body))
	if text == "" || !utf8.ValidString(text) {
		return fmt.Sprintf("%d %s", a.Status, http.StatusText(a.Status))
	}
	if len(text) > longestReason {
		text = strings.ToValidUTF8(text[:longestReason], "") + "…"
	}
	return fmt.Sprintf("%d %s: %s", a.Status, http.StatusText(a.Status), text)
}
