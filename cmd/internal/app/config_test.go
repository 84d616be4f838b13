package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"github.com/facekeep/facekeep/cmd/internal/app"
)

// parse reads a configuration as the command line does.
func parse(t *testing.T, args ...string) (*app.Config, error) {
	t.Helper()
	var c app.Config
	parser, err := kong.New(&c, kong.Exit(func(int) { t.Error("the parser exited") }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return &c, err
}

func TestConfigDefaults(t *testing.T) {
	t.Parallel()
	got, err := parse(t)
	if err != nil {
		t.Fatal(err)
	}
	want := &app.Config{
		Listen: "127.0.0.1:8098", Access: app.Access{APIKeys: "auto"}, Dialects: []string{"smartface", "regula", "facesearch"}, MaxBody: 64, RequestTimeout: 10 * time.Second, Shutdown: 15 * time.Second,
		DataDir: "./data", LogLevel: "info", LogFormat: "text",
		Production: app.Production{
			MilvusPrefix: "facekeep", MilvusBound: 15 * time.Second, IndexCheckEvery: 5 * time.Minute, MilvusTimeout: time.Second, ExactLimit: 200_000, ShadowRate: 0.001,
			Index: app.MilvusIndex{
				Kind: "HNSW", FlatBelow: 100_000, Partitions: 64, Shards: 1,
				HNSWM: 24, HNSWEfConstruction: 300, HNSWEf: 1024, IVFLists: 1024, IVFProbes: 1024,
			},
		},
		Engine: app.Engine{Provider: "cpu", MaxPixels: 64},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("defaults differ (-want +got):\n%s", diff)
	}
}

func TestConfigRefusesBadValuesByName(t *testing.T) {
	t.Parallel()
	for flag, key := range map[string]string{
		"--listen=8098":                   "FACEKEEP_LISTEN",
		"--api-keys=never":                "api-keys",
		"--max-body=0":                    "FACEKEEP_MAX_BODY",
		"--image-urls=http://example.com": "FACEKEEP_IMAGE_URLS",
		"--request-timeout=-1s":           "FACEKEEP_REQUEST_TIMEOUT",
		"--shutdown-timeout=0s":           "FACEKEEP_SHUTDOWN_TIMEOUT",
		"--data-dir=":                     "FACEKEEP_DATA_DIR",
		"--database-url=postgres://x/y":   "FACEKEEP_DATABASE_URL",
		"--milvus-address=localhost:1953": "FACEKEEP_MILVUS_ADDRESS",
		"--milvus-bound=1s":               "FACEKEEP_MILVUS_BOUND",
		"--index-check-every=0s":          "FACEKEEP_INDEX_CHECK_EVERY",
		"--milvus-timeout=0s":             "FACEKEEP_MILVUS_TIMEOUT",
		"--exact-limit=0":                 "FACEKEEP_EXACT_LIMIT",
		"--shadow-rate=1.5":               "FACEKEEP_SHADOW_RATE",
		"--shadow-rate=NaN":               "FACEKEEP_SHADOW_RATE",
		"--milvus-index=LSH":              "milvus-index",
		"--milvus-flat-below=0":           "FACEKEEP_MILVUS_FLAT_BELOW",
		"--milvus-partitions=5000":        "FACEKEEP_MILVUS_PARTITIONS",
		"--milvus-shards=0":               "FACEKEEP_MILVUS_SHARDS",
		"--milvus-hnsw-m=2":               "FACEKEEP_MILVUS_HNSW_M",
		"--milvus-hnsw-ef-construction=1": "FACEKEEP_MILVUS_HNSW_EF_CONSTRUCTION",
		"--milvus-hnsw-ef=0":              "FACEKEEP_MILVUS_HNSW_EF",
		"--milvus-ivf-lists=0":            "FACEKEEP_MILVUS_IVF_LISTS",
		"--milvus-ivf-probes=1025":        "FACEKEEP_MILVUS_IVF_PROBES",
		"--model-pack=huge":               "FACEKEEP_MODEL_PACK",
		"--workers=-1":                    "FACEKEEP_WORKERS",
		"--queue=-1":                      "FACEKEEP_QUEUE",
		"--max-pixels=0":                  "FACEKEEP_MAX_PIXELS",
		"--provider=tpu":                  "provider",
		"--dialects=soap":                 "dialects",
		"--log-level=loud":                "log-level",
	} {
		if _, err := parse(t, flag); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("%s: error = %v, want one that names %s", flag, err, key)
		}
	}
}

func TestConfigRefusesContradiction(t *testing.T) {
	t.Parallel()
	if _, err := parse(t, "--allow-anyone", "--api-keys=required"); err == nil || !strings.Contains(err.Error(), "FACEKEEP_ALLOW_ANYONE") {
		t.Errorf("got %v, want an error that names FACEKEEP_ALLOW_ANYONE", err)
	}
}

// The environment is shared by the whole process, so this test is not parallel.
func TestConfigFromEnvironment(t *testing.T) {
	for key, value := range map[string]string{
		"FACEKEEP_LISTEN": "127.0.0.1:9000", "FACEKEEP_DATA_DIR": "/srv/facekeep", "FACEKEEP_WORKERS": "3",
		"FACEKEEP_MODELS_DIR": "/srv/models", "FACEKEEP_MODEL_PACK": "registry", "FACEKEEP_PROVIDER": "cuda",
		"FACEKEEP_DIALECTS": "smartface", "FACEKEEP_ONNXRUNTIME": "/opt/libonnxruntime.so",
		"FACEKEEP_API_KEYS": "auto", "FACEKEEP_ALLOW_ANYONE": "true",
	} {
		t.Setenv(key, value)
	}
	c, err := parse(t, "--workers=4")
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Listen, c.DataDir, c.Workers, c.ModelsDir, c.ModelPack, c.Provider, c.ONNXRuntime, c.APIKeys, c.AllowAnyone}
	want := []any{"127.0.0.1:9000", "/srv/facekeep", 4, "/srv/models", "registry", "cuda", "/opt/libonnxruntime.so", "auto", true}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("environment (a flag wins over it) differs (-want +got):\n%s", diff)
	}
}
