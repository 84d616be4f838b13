package deploycheck_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"sigs.k8s.io/yaml"
)

const chartDir = root + "deployments/helm/facekeep"

// The chart is rendered by Go's own templates with sprig and the few functions
// that Helm adds and the chart uses: Helm's library would take longer to build
// than all else here.

// rendered are the documents of a chart by the names of their templates. Those
// that render to nothing are left out.
type rendered map[string]string

// render renders the chart with its values, changed by some YAML.
func render(t *testing.T, changes string) rendered {
	t.Helper()
	values := chartValues(t, changes)
	if err := checkValues(t, values); err != nil {
		t.Fatalf("values of %q: %v", changes, err)
	}
	context := map[string]any{
		"Values": values, "Chart": chartFile(t),
		"Release": map[string]any{"Name": "prod", "Namespace": "people", "Service": "Helm"},
	}
	out := rendered{}
	for name, tpl := range chartTemplates(t) {
		var text bytes.Buffer
		if err := tpl.Execute(&text, context); err != nil {
			t.Fatal(err)
		}
		if doc := strings.TrimSpace(text.String()); doc != "" {
			out[name] = doc
		}
	}
	return out
}

// chartTemplates returns the templates that make documents; those of helpers are
// known to each.
func chartTemplates(t *testing.T) map[string]*template.Template {
	t.Helper()
	set := template.New("chart").Option("missingkey=error")
	functions := sprig.TxtFuncMap()
	for _, impure := range []string{"env", "expandenv", "getHostByName"} {
		delete(functions, impure) // Helm has none of them
	}
	functions["toYaml"] = func(v any) (string, error) {
		text, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["include"] = func(name string, data any) (string, error) {
		var text strings.Builder
		err := set.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	set.Funcs(functions)
	documents := map[string]*template.Template{}
	files, err := filepath.Glob(chartDir + "/templates/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("got templates %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tpl, err := set.New(filepath.Base(file)).Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(file) != ".tpl" {
			documents[filepath.Base(file)] = tpl
		}
	}
	return documents
}

// chartFile returns Chart.yaml under the names that templates use.
func chartFile(t *testing.T) map[string]any {
	t.Helper()
	var chart struct {
		Name       string `json:"name"`
		Version    string `json:"version"`
		AppVersion string `json:"appVersion"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "deployments/helm/facekeep/Chart.yaml")), &chart); err != nil {
		t.Fatal(err)
	}
	return map[string]any{"Name": chart.Name, "Version": chart.Version, "AppVersion": chart.AppVersion}
}

// chartValues returns the chart's values with changes merged into them.
func chartValues(t *testing.T, changes string) map[string]any {
	t.Helper()
	values, over := map[string]any{}, map[string]any{}
	if err := yaml.UnmarshalStrict([]byte(read(t, "deployments/helm/facekeep/values.yaml")), &values); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict([]byte(changes), &over); err != nil {
		t.Fatal(err)
	}
	return merge(values, over)
}

// merge lays one map over another, map by map; a list replaces a list.
func merge(under, over map[string]any) map[string]any {
	out := maps.Clone(under)
	for key, value := range over {
		below, isMap := out[key].(map[string]any)
		if above, ok := value.(map[string]any); ok && isMap {
			value = merge(below, above)
		}
		out[key] = value
	}
	return out
}

// checkValues validates values against the chart's schema.
func checkValues(t *testing.T, values map[string]any) error {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(read(t, "deployments/helm/facekeep/values.schema.json")))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("values.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("values.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(values)
}
