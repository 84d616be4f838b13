package deploycheck_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// everything turns on all that the chart can do.
const everything = `
image: {repository: faces, tag: "7.1", pullSecrets: [pull-a, pull-b]}
database: {existingSecret: {name: pg, key: dsn}}
milvus: {address: "vectors.search:19999", tls: true, auth: {user: facekeep, existingSecret: {name: mv, key: pw}}}
provider: cuda
config: {FACEKEEP_WORKERS: "4", FACEKEEP_LOG_LEVEL: debug}
resources: {limits: {nvidia.com/gpu: 1}}
service: {annotations: {a: b}}
ingress: {enabled: true, className: nginx, tlsSecret: cert, host: faces.example.org, annotations: {c: d}}
autoscaling: {enabled: true, maxReplicas: 20}
networkPolicy: {from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress}}}]}
serviceMonitor: {enabled: true, labels: {release: prometheus}}
podAnnotations: {e: f}
nodeSelector: {pool: gpu}
tolerations: [{key: gpu, operator: Exists}]
`

// serviceMonitor is what the chart uses of the Prometheus operator's kind.
type serviceMonitor struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              struct {
		Selector  metav1.LabelSelector `json:"selector"`
		Endpoints []struct {
			Port     string `json:"port"`
			Path     string `json:"path"`
			Interval string `json:"interval"`
		} `json:"endpoints"`
	} `json:"spec"`
}

// decode reads a document into the type of its kind: fields that Kubernetes does
// not have are errors, and those in another case too.
func decode[T any](t *testing.T, docs rendered, name string) *T {
	t.Helper()
	text, err := yaml.YAMLToJSONStrict([]byte(docs[name]))
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, docs[name])
	}
	out := new(T)
	if strict, err := json.UnmarshalStrict(text, out); err != nil || len(strict) > 0 {
		t.Fatalf("%s: %v, %v\n%s", name, err, strict, docs[name])
	}
	return out
}

// bothWays are changes to the chart's own values: none, and everything.
func bothWays() map[string]string {
	return map[string]string{"default": "", "everything": everything}
}

func TestChartDocuments(t *testing.T) {
	t.Parallel()
	for changes, want := range map[string]string{
		"":         "NOTES.txt deployment.yaml networkpolicy.yaml poddisruptionbudget.yaml service.yaml",
		everything: "NOTES.txt deployment.yaml horizontalpodautoscaler.yaml ingress.yaml networkpolicy.yaml poddisruptionbudget.yaml service.yaml servicemonitor.yaml",
		"{podDisruptionBudget: {enabled: false}, networkPolicy: {enabled: false}}": "NOTES.txt deployment.yaml service.yaml",
	} {
		got := strings.Join(slices.Sorted(maps.Keys(render(t, changes))), " ")
		if got != want {
			t.Errorf("values %q: got %s, want %s", changes, got, want)
		}
	}
}

// The notes say how to make the first key, or that nobody is asked for one.
func TestChartNotes(t *testing.T) {
	t.Parallel()
	for changes, want := range map[string]string{
		"":         "exec deployment/prod-facekeep -- facekeep apikey create",
		everything: "exec deployment/prod-facekeep -- facekeep apikey create",
		`config: {FACEKEEP_ALLOW_ANYONE: "true"}`: "FACEKEEP_ALLOW_ANYONE is set",
		"ingress: {enabled: true}":                "has no TLS",
	} {
		if got := render(t, changes)["NOTES.txt"]; !strings.Contains(got, want) {
			t.Errorf("values %q: got the notes %s, want %q in them", changes, got, want)
		}
	}
}

func TestChartNames(t *testing.T) {
	t.Parallel()
	for name, changes := range bothWays() {
		docs := render(t, changes)
		for file, doc := range docs {
			if file == "NOTES.txt" {
				continue
			}
			var head metav1.PartialObjectMetadata
			if err := yaml.Unmarshal([]byte(doc), &head); err != nil {
				t.Fatalf("%s: %s: %v", name, file, err)
			}
			if !strings.EqualFold(head.Kind+".yaml", file) || head.APIVersion == "" || head.Name != "prod-facekeep" {
				t.Errorf("%s: %s: got %s %s %s", name, file, head.APIVersion, head.Kind, head.Name)
			}
			if head.Labels["app.kubernetes.io/instance"] != "prod" || head.Labels["app.kubernetes.io/version"] == "" {
				t.Errorf("%s: %s: got labels %v", name, file, head.Labels)
			}
		}
	}
}

// Everything that chooses pods chooses those of the Deployment.
func TestChartSelectors(t *testing.T) {
	t.Parallel()
	docs := render(t, everything)
	d := decode[appsv1.Deployment](t, docs, "deployment.yaml")
	labels := d.Spec.Template.Labels
	selectors := map[string]map[string]string{
		"deployment":     d.Spec.Selector.MatchLabels,
		"service":        decode[corev1.Service](t, docs, "service.yaml").Spec.Selector,
		"budget":         decode[policyv1.PodDisruptionBudget](t, docs, "poddisruptionbudget.yaml").Spec.Selector.MatchLabels,
		"network policy": decode[networkingv1.NetworkPolicy](t, docs, "networkpolicy.yaml").Spec.PodSelector.MatchLabels,
		"monitor":        decode[serviceMonitor](t, docs, "servicemonitor.yaml").Spec.Selector.MatchLabels,
	}
	for _, spread := range d.Spec.Template.Spec.TopologySpreadConstraints {
		selectors["spread over "+spread.TopologyKey] = spread.LabelSelector.MatchLabels
	}
	if len(selectors) != 7 {
		t.Errorf("got %d selectors, want 7", len(selectors))
	}
	for name, selector := range selectors {
		if len(selector) == 0 {
			t.Errorf("%s: chooses every pod", name)
		}
		for key, value := range selector {
			if labels[key] != value || key == "app.kubernetes.io/version" {
				t.Errorf("%s: got %s=%s, want what pods have in every version: %v", name, key, value, labels)
			}
		}
	}
}

func TestChartPod(t *testing.T) {
	t.Parallel()
	for name, changes := range bothWays() {
		docs := render(t, changes)
		pod := decode[appsv1.Deployment](t, docs, "deployment.yaml").Spec.Template.Spec
		if len(pod.Containers) != 1 {
			t.Fatalf("got %d containers, want 1", len(pod.Containers))
		}
		c := pod.Containers[0]
		checkImage(t, name, c.Image)
		if s := pod.SecurityContext; !*s.RunAsNonRoot || *s.RunAsUser != 10001 || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
			t.Errorf("got pod security %+v", s)
		}
		if s := c.SecurityContext; !*s.ReadOnlyRootFilesystem || *s.AllowPrivilegeEscalation || !slices.Contains(s.Capabilities.Drop, "ALL") {
			t.Errorf("got container security %+v", s)
		}
		if *pod.AutomountServiceAccountToken || *pod.EnableServiceLinks {
			t.Error("got a token or the service's variables in the pod, want neither")
		}
		if c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() || c.Resources.Requests.Cpu().IsZero() {
			t.Errorf("got resources %+v, want them bounded", c.Resources)
		}
		// The server needs its time-out for requests, after the pause.
		if *pod.TerminationGracePeriodSeconds < c.Lifecycle.PreStop.Sleep.Seconds+15+5 {
			t.Errorf("got %d s to stop in, want more than the pause and the server's own limit", *pod.TerminationGracePeriodSeconds)
		}
	}
}

func TestChartProbes(t *testing.T) {
	t.Parallel()
	c := decode[appsv1.Deployment](t, render(t, ""), "deployment.yaml").Spec.Template.Spec.Containers[0]
	for name, tt := range map[string]struct {
		probe *corev1.Probe
		path  string
	}{
		"start": {c.StartupProbe, "/readyz"}, "live": {c.LivenessProbe, "/healthz"}, "ready": {c.ReadinessProbe, "/readyz"},
	} {
		if got := tt.probe.HTTPGet; got.Path != tt.path || got.Port != intstr.FromString("http") {
			t.Errorf("%s: got %+v, want %s at http", name, got, tt.path)
		}
		if !strings.Contains(read(t, "handlers/new.go"), `engine.GET("`+tt.path+`"`) {
			t.Errorf("%s: the server has no %s", name, tt.path)
		}
		// The server gives each of its three parts 2 s to answer in.
		if tt.path == "/readyz" && tt.probe.TimeoutSeconds < 7 {
			t.Errorf("%s: got %d s, want more than the server's own limits", name, tt.probe.TimeoutSeconds)
		}
	}
}

func TestChartPorts(t *testing.T) {
	t.Parallel()
	docs := render(t, everything)
	c := decode[appsv1.Deployment](t, docs, "deployment.yaml").Spec.Template.Spec.Containers[0]
	if len(c.Ports) != 1 || c.Ports[0].Name != "http" || c.Ports[0].ContainerPort != 8098 || port(t) != "8098" {
		t.Errorf("got ports %+v, want the server's, %s", c.Ports, port(t))
	}
	service := decode[corev1.Service](t, docs, "service.yaml")
	if p := service.Spec.Ports; len(p) != 1 || p[0].Name != "http" || p[0].TargetPort != intstr.FromString("http") {
		t.Errorf("service: got ports %+v", p)
	}
	ingress := decode[networkingv1.Ingress](t, docs, "ingress.yaml")
	if b := ingress.Spec.Rules[0].HTTP.Paths[0].Backend.Service; b.Name != service.Name || b.Port.Name != "http" {
		t.Errorf("ingress: got backend %+v, want the service's", b)
	}
	if got := ingress.Spec.TLS; len(got) != 1 || got[0].SecretName != "cert" || got[0].Hosts[0] != ingress.Spec.Rules[0].Host {
		t.Errorf("ingress: got TLS %+v", got)
	}
	monitor := decode[serviceMonitor](t, docs, "servicemonitor.yaml")
	if e := monitor.Spec.Endpoints; len(e) != 1 || e[0].Port != "http" || !strings.Contains(read(t, "handlers/new.go"), `engine.GET("`+e[0].Path+`"`) {
		t.Errorf("monitor: got endpoints %+v", e)
	}
	policy := decode[networkingv1.NetworkPolicy](t, docs, "networkpolicy.yaml")
	got := map[string]bool{}
	for _, p := range policy.Spec.Egress[0].Ports {
		got[p.Port.String()] = true
	}
	if diff := cmp.Diff(map[string]bool{"53": true, "5432": true, "19999": true}, got); diff != "" {
		t.Errorf("ports that pods may call differ (-want +got):\n%s", diff)
	}
	if from := policy.Spec.Ingress[0].From; len(from) != 1 || from[0].NamespaceSelector == nil {
		t.Errorf("network policy: got callers %+v, want those of the values", from)
	}
}

func TestChartSettings(t *testing.T) {
	t.Parallel()
	for name, changes := range bothWays() {
		docs := render(t, changes)
		pod := decode[appsv1.Deployment](t, docs, "deployment.yaml").Spec.Template.Spec
		env := map[string]string{}
		for _, e := range pod.Containers[0].Env {
			if _, twice := env[e.Name]; twice || e.ValueFrom != nil {
				t.Errorf("got %s twice, or not by a file", e.Name)
			}
			env[e.Name] = e.Value
		}
		checkSettings(t, name, env)
		mounted := map[string]bool{}
		for _, source := range pod.Volumes[0].Projected.Sources {
			for _, item := range source.Secret.Items {
				mounted[pod.Containers[0].VolumeMounts[0].MountPath+"/"+item.Path] = true
			}
		}
		for key, value := range env {
			if strings.HasSuffix(key, "_FILE") && !mounted[value] {
				t.Errorf("%s: got %s, which is no file of %v", key, value, mounted)
			}
		}
	}
}

func TestChartFollowsItsValues(t *testing.T) {
	t.Parallel()
	docs := render(t, everything)
	d := decode[appsv1.Deployment](t, docs, "deployment.yaml")
	c := d.Spec.Template.Spec.Containers[0]
	env := map[string]string{}
	for _, e := range c.Env {
		env[e.Name] = e.Value
	}
	want := map[string]string{
		"FACEKEEP_LISTEN": ":8098", "FACEKEEP_PROVIDER": "cuda", "FACEKEEP_WORKERS": "4", "FACEKEEP_LOG_LEVEL": "debug",
		"FACEKEEP_DATABASE_URL_FILE": "/run/secrets/facekeep/database-url", "FACEKEEP_MILVUS_ADDRESS": "vectors.search:19999",
		"FACEKEEP_MILVUS_TLS": "true", "FACEKEEP_MILVUS_USER": "facekeep", "FACEKEEP_MILVUS_PASSWORD_FILE": "/run/secrets/facekeep/milvus-password",
	}
	if diff := cmp.Diff(want, env); diff != "" {
		t.Errorf("settings differ (-want +got):\n%s", diff)
	}
	if c.Image != "faces:7.1" || d.Spec.Replicas != nil || len(d.Spec.Template.Spec.ImagePullSecrets) != 2 {
		t.Errorf("got image %s, replicas %v, pull secrets %v", c.Image, d.Spec.Replicas, d.Spec.Template.Spec.ImagePullSecrets)
	}
	scaler := decode[autoscalingv2.HorizontalPodAutoscaler](t, docs, "horizontalpodautoscaler.yaml")
	if scaler.Spec.ScaleTargetRef.Name != d.Name || *scaler.Spec.MinReplicas != 3 || scaler.Spec.MaxReplicas != 20 {
		t.Errorf("got autoscaler %+v", scaler.Spec)
	}
	open := decode[appsv1.Deployment](t, render(t, "milvus: {auth: {enabled: false}}"), "deployment.yaml").Spec.Template.Spec
	if n := len(open.Volumes[0].Projected.Sources); n != 1 {
		t.Errorf("without a password of Milvus: got %d secrets, want 1", n)
	}
	if got := decode[appsv1.Deployment](t, render(t, "replicaCount: 5"), "deployment.yaml").Spec.Replicas; got == nil || *got != 5 {
		t.Errorf("got replicas %v, want 5", got)
	}
}

func TestChartRefusesValues(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]string{
		"a password in the open":                  "config: {FACEKEEP_MILVUS_PASSWORD: hunter2}",
		"a URL in the open":                       "config: {FACEKEEP_DATABASE_URL: postgres://a}",
		"another inline password":                 "milvus: {auth: {password: hunter2}}",
		"a setting of something else":             "config: {PGPASSWORD: hunter2}",
		"a number, which Helm may write as 2e+06": "config: {FACEKEEP_EXACT_LIMIT: 2000000}",
		"a typing error":                          "replicas: 3",
		"no replicas":                             "replicaCount: 0",
		"the moving tag":                          "image: {tag: latest}",
		"an address with a scheme":                "milvus: {address: 'http://milvus:19530'}",
		"an address without a port":               "milvus: {address: milvus}",
		"no name of a secret":                     "database: {existingSecret: {name: ''}}",
		"a provider not in an image":              "provider: tpu",
		"no budget at all":                        "podDisruptionBudget: {maxUnavailable: 0}",
		"too little time to stop":                 "terminationGracePeriodSeconds: 5",
	} {
		if err := checkValues(t, chartValues(t, changes)); err == nil {
			t.Errorf("%s: got no error for %s", name, changes)
		}
	}
	if err := checkValues(t, chartValues(t, everything)); err != nil {
		t.Errorf("everything: got %v", err)
	}
}
