package remote

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		text string
		want time.Duration
	}{
		{"", 0}, {"7", 7 * time.Second}, {" 0 ", 0}, {"-3", 0}, {"soon", 0}, {"99999999999", 0},
		{now.Add(90 * time.Second).Format(http.TimeFormat), 90 * time.Second},
		{now.Add(-time.Hour).Format(http.TimeFormat), 0},
	}
	for _, tt := range tests {
		if got := retryAfter(tt.text, now); got != tt.want {
			t.Errorf("retryAfter(%q) = %v, want %v", tt.text, got, tt.want)
		}
	}
}
