package app

import (
	"os"
	"strings"
	"time"

	"github.com/facekeep/facekeep/face"
)

// Production is the configuration of the storage that several servers share:
// Postgres and Milvus, both or neither.
type Production struct {
	DatabaseURL     string `help:"Postgres to keep the gallery in. Without it, SQLite in the data folder." env:"FACEKEEP_DATABASE_URL" placeholder:"URL" group:"Storage"`
	DatabaseURLFile string `help:"File that holds the URL of Postgres, for the secret in it." env:"FACEKEEP_DATABASE_URL_FILE" placeholder:"FILE" group:"Storage"`

	MilvusAddress      string        `help:"Milvus to search templates in. Without it, the exact index in this process." env:"FACEKEEP_MILVUS_ADDRESS" placeholder:"HOST:PORT" group:"Storage"`
	MilvusUser         string        `help:"User of Milvus." env:"FACEKEEP_MILVUS_USER" placeholder:"NAME" group:"Storage"`
	MilvusPassword     string        `help:"Password of the user of Milvus." env:"FACEKEEP_MILVUS_PASSWORD" placeholder:"SECRET" group:"Storage"`
	MilvusPasswordFile string        `help:"File that holds the password of the user of Milvus." env:"FACEKEEP_MILVUS_PASSWORD_FILE" placeholder:"FILE" group:"Storage"`
	MilvusTLS          bool          `name:"milvus-tls" help:"Speak TLS with Milvus." env:"FACEKEEP_MILVUS_TLS" group:"Storage"`
	MilvusPrefix       string        `help:"What the names of collections begin with." default:"facekeep" env:"FACEKEEP_MILVUS_PREFIX" group:"Storage"`
	MilvusBound        time.Duration `help:"After what time Milvus surely shows what was written to it; what is fresher is searched beside it." default:"15s" env:"FACEKEEP_MILVUS_BOUND" group:"Storage"`
	IndexCheckEvery    time.Duration `help:"How often all of Milvus is compared with the database, and mended." default:"5m" env:"FACEKEEP_INDEX_CHECK_EVERY" group:"Storage"`
	MilvusTimeout      time.Duration `help:"Time that Milvus gets to answer a search; then it counts as away, and searches go through memory." default:"1s" env:"FACEKEEP_MILVUS_TIMEOUT" group:"Storage"`
	ExactLimit         int           `help:"Templates that are searched in memory while Milvus is away; with more, searches are refused meanwhile." default:"200000" env:"FACEKEEP_EXACT_LIMIT" group:"Storage"`
	ShadowRate         float64       `help:"Part of the searches, 0 to 1, that is repeated exactly in the background to measure the recall of Milvus; at most a twentieth of the time goes into that." default:"0.001" env:"FACEKEEP_SHADOW_RATE" placeholder:"P" group:"Storage"`

	Index MilvusIndex `embed:""`
}

// Validate refuses values that cannot work, by name.
func (p *Production) Validate() error {
	for _, check := range []struct {
		ok   bool
		key  string
		want string
	}{
		{p.DatabaseURL == "" || p.DatabaseURLFile == "", "--database-url-file (FACEKEEP_DATABASE_URL_FILE)", "nothing beside --database-url"},
		{p.MilvusPassword == "" || p.MilvusPasswordFile == "", "--milvus-password-file (FACEKEEP_MILVUS_PASSWORD_FILE)", "nothing beside --milvus-password"},
		{p.usesPostgres() == (p.MilvusAddress != ""), "--database-url and --milvus-address (FACEKEEP_DATABASE_URL, FACEKEEP_MILVUS_ADDRESS)", "both or neither: an index in one process cannot follow a database that others write"},
		{p.MilvusBound >= 6*time.Second && p.MilvusBound <= 10*time.Minute, "--milvus-bound (FACEKEEP_MILVUS_BOUND)", "6s to 10m: Milvus itself promises 5 s"},
		{p.IndexCheckEvery >= time.Second, "--index-check-every (FACEKEEP_INDEX_CHECK_EVERY)", "at least 1s"},
		{p.MilvusTimeout >= 10*time.Millisecond && p.MilvusTimeout <= time.Minute, "--milvus-timeout (FACEKEEP_MILVUS_TIMEOUT)", "10ms to 1m"},
		{p.ShadowRate >= 0 && p.ShadowRate <= 1, "--shadow-rate (FACEKEEP_SHADOW_RATE)", "0 to 1"},
		{p.ExactLimit >= 1, "--exact-limit (FACEKEEP_EXACT_LIMIT)", "at least 1"},
	} {
		if !check.ok {
			return face.Errorf(face.Invalid, "%s: want %s", check.key, check.want)
		}
	}
	return p.Index.Validate()
}

func (p *Production) usesPostgres() bool { return p.DatabaseURL != "" || p.DatabaseURLFile != "" }

// databaseURL returns the URL of Postgres; "" stands for SQLite.
func (p *Production) databaseURL() (string, error) {
	return secret(p.DatabaseURL, p.DatabaseURLFile, "--database-url-file (FACEKEEP_DATABASE_URL_FILE)")
}

func (p *Production) milvusPassword() (string, error) {
	return secret(p.MilvusPassword, p.MilvusPasswordFile, "--milvus-password-file (FACEKEEP_MILVUS_PASSWORD_FILE)")
}

// secret returns a value that is given itself or by a file that holds it.
func secret(value, file, key string) (string, error) {
	if file == "" {
		return value, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", face.Wrap(face.Invalid, err, key+": the file cannot be read")
	}
	if value = strings.TrimSpace(string(data)); value == "" {
		return "", face.Errorf(face.Invalid, "%s: the file is empty", key)
	}
	return value, nil
}
