package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProductionSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	url := file("url", "postgres://facekeep:secret@127.0.0.1:1/facekeep\n")
	tests := []struct {
		name string
		args []string
		err  string // "" is none
	}{
		{"both by files", []string{"--database-url-file=" + url, "--milvus-address=a:1", "--milvus-password-file=" + url}, ""},
		{"value and file", []string{"--database-url=x", "--database-url-file=" + url, "--milvus-address=a:1"}, "FACEKEEP_DATABASE_URL_FILE"},
		{"two passwords", []string{"--database-url-file=" + url, "--milvus-address=a:1", "--milvus-password=x", "--milvus-password-file=" + url}, "FACEKEEP_MILVUS_PASSWORD_FILE"},
		{"Postgres alone", []string{"--database-url-file=" + url}, "both or neither"},
		{"Milvus alone", []string{"--milvus-address=a:1"}, "both or neither"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := parse(t, tt.args...)
			if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
				t.Errorf("error = %v, want one with %q", err, tt.err)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
