package manifest_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/manifest"
)

var noon = time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)

// read loads one text as standard input.
func read(t *testing.T, text string) (*kube.Cluster, *manifest.Source) {
	t.Helper()
	source := manifest.New([]string{manifest.Stdin}, manifest.Options{
		Stdin: strings.NewReader(text), Now: func() time.Time { return noon },
	})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatalf("loading: %v", err)
	}
	return c, source
}

// refs lists every object of a view as strings.
func refs(c *kube.Cluster) []string {
	names := []string{}
	for _, r := range kube.Resources() {
		for _, o := range c.Objects(r) {
			names = append(names, r.Ref(o.GetNamespace(), o.GetName()).String())
		}
	}
	return names
}

func problems(s *manifest.Source) []string {
	all := []string{}
	for _, p := range s.Problems() {
		all = append(all, p.Error())
	}
	return all
}

func TestReadsTexts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text     string
		want     []string
		problems []string
		skipped  []manifest.Skipped
	}{
		"documents, empty ones and comments": {
			text: "---\n# nothing\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b, namespace: a}\n...\n",
			want: []string{"Namespace a", "Service a/b"},
		},
		"CRLF and a byte order mark": {
			text: "\ufeff---\r\napiVersion: v1\r\nkind: Service\r\nmetadata:\r\n  name: b\r\n---\r\napiVersion: v1\r\nkind: Service\r\nmetadata:\r\n  name: c\r\n",
			want: []string{"Service default/b", "Service default/c"},
		},
		"lines that end with CR alone": {
			text: "apiVersion: v1\rkind: Service\rmetadata: {name: b}\r---\rapiVersion: v1\rkind: Service\rmetadata: {name: c}\rspec: []\r",
			want: []string{"Service default/b"}, problems: []string{
				"reading -:5: decoding Service c: json: cannot unmarshal array into Go struct field Service.spec of type v1.ServiceSpec",
			},
		},
		"directive": {
			text: "%YAML 1.1\n---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\n",
			want: []string{"Service default/b"},
		},
		"JSON with tabs, a typed list without types": {
			text: "{\n\t\"apiVersion\": \"apps/v1\",\n\t\"kind\": \"DeploymentList\",\n\t\"items\": [{\"metadata\": {\"name\": \"a\"}}, {\"metadata\": {\"name\": \"b\"}}]\n}",
			want: []string{"Deployment default/a", "Deployment default/b"},
		},
		"a List in a List": {
			text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Pod, metadata: {name: p}}\n- 7\n",
			want: []string{"Pod default/p"}, problems: []string{"reading -:8: item 1 of the List is no object"},
		},
		"cluster-scoped objects have no namespace": {
			text: "apiVersion: v1\nkind: Node\nmetadata: {name: node, namespace: x}\n",
			want: []string{"Node node"},
		},
		"a bad document between good ones": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\nkind: Service\n\tname: b\n---\napiVersion: v1\nkind: Service\nmetadata: {name: c}\n",
			want: []string{"Service default/a", "Service default/c"}, problems: []string{"reading -:5: found a tab character that violates indentation"},
		},
		"a wrong type": {
			text: "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n---\n\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b}\nspec: {replicas: many}\n",
			want: []string{"Service default/a"}, problems: []string{
				"reading -:6: decoding Deployment b: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
			},
		},
		"duplicate key": {
			text: "apiVersion: v1\nkind: Service\nkind: Pod\nmetadata: {name: a}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p}}",
			want: []string{"Pod default/p"}, problems: []string{`reading -:3: mapping key "kind" already defined at line 2`},
		},
		"the last of two wins": {
			text: "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\n",
			want: []string{"Pod default/a"}, problems: []string{
				"reading -:5: Pod default/a is there twice; the last one counts (the other is in the document at -:1)",
			},
		},
		"half an object": {
			text: "kind: Pod\n---\napiVersion: v1\n---\napiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\nmetadata: {generateName: p-}\n",
			want: []string{"Pod default/p-"}, problems: []string{
				"reading -:1: the object has no apiVersion", "reading -:3: the object has no kind",
				"reading -:5: decoding Pod: the object has no name",
			},
		},
		"kinds that are not audited": {
			text: "{apiVersion: x.io/v1, kind: Widget, metadata: {name: a}}\n---\n{apiVersion: x.io/v1, kind: Widget, metadata: {name: b}}\n---\nreplicas: 3\n---\n- 1\n",
			want: []string{},
			skipped: []manifest.Skipped{
				{Count: 2}, {APIVersion: "x.io/v1", Kind: "Widget", Count: 2},
			},
		},
		"a version that is not known": {
			text: "{apiVersion: apps/v9, kind: Deployment, metadata: {name: a}}\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p}}",
			want: []string{"Pod default/p"}, problems: []string{"reading -:1: Deployment of apps/v9 is a version that is not known; apps/v1 is"},
		},
		"an anchor that holds itself": {
			text: "a: &a [*a]\n---\n{apiVersion: v1, kind: Pod, metadata: {name: p}}",
			want: []string{"Pod default/p"}, problems: []string{"reading -:1: anchor 'a' value contains itself"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, s := read(t, test.text)
			if diff := cmp.Diff(test.want, refs(c)); diff != "" {
				t.Errorf("objects (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]string{}, test.problems...), problems(s)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(append([]manifest.Skipped{}, test.skipped...), s.Skipped()); diff != "" {
				t.Errorf("skipped (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHugeLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 1<<20)
	c, _ := read(t, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\n  annotations: {a: "+long+"}\n")
	p, _ := c.Pods.Get("default", "p")
	if len(p.Annotations["a"]) != len(long) {
		t.Errorf("annotation has %d bytes, want %d", len(p.Annotations["a"]), len(long))
	}
}

func TestScalarsAsKubectlReadsThem(t *testing.T) {
	t.Parallel()
	c, _ := read(t, `
apiVersion: v1
kind: Pod
metadata:
  name: p
  labels: {on: "yes", 1: "2"}
  annotations: {day: 2026-01-02}
spec:
  hostPID: yes
  hostIPC: off
  volumes:
  - name: v
    configMap: {name: c, defaultMode: 0644}
`)
	p, _ := c.Pods.Get("default", "p")
	if diff := cmp.Diff(map[string]string{"on": "yes", "1": "2"}, p.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if p.Annotations["day"] != "2026-01-02" {
		t.Errorf("annotation is %q", p.Annotations["day"])
	}
	if !p.Spec.HostPID || p.Spec.HostIPC {
		t.Errorf("hostPID %t, hostIPC %t, want true and false", p.Spec.HostPID, p.Spec.HostIPC)
	}
	if mode := *p.Spec.Volumes[0].ConfigMap.DefaultMode; mode != 0o644 {
		t.Errorf("defaultMode is %o", mode)
	}
}

func TestKeepsStatusAndMetrics(t *testing.T) {
	t.Parallel()
	c, _ := read(t, `
apiVersion: v1
kind: Pod
metadata: {name: p}
status:
  phase: Running
  containerStatuses: [{name: c, restartCount: 7}]
---
apiVersion: metrics.k8s.io/v1beta1
kind: PodMetrics
metadata: {name: p}
timestamp: 2026-01-02T11:59:30Z
window: 15s
containers: [{name: c, usage: {cpu: 250m}}]
`)
	p, _ := c.Pods.Get("default", "p")
	if got := p.Status.Containers[0].Restarts; got != 7 {
		t.Errorf("restarts are %d, want 7", got)
	}
	usage, _ := c.PodUsage.Get("default", "p")
	cpu := usage.Containers["c"]["cpu"]
	if cpu.MilliValue() != 250 || usage.Window != 15*time.Second {
		t.Errorf("usage is %v in %v", cpu.MilliValue(), usage.Window)
	}
}

func TestSaysWhatIsShown(t *testing.T) {
	t.Parallel()
	c, _ := read(t, "{apiVersion: v1, kind: Pod, metadata: {name: p}}")
	if diff := cmp.Diff(kube.Info{Offline: true, Name: "-"}, c.Info); diff != "" {
		t.Errorf("info (-want +got):\n%s", diff)
	}
	if !c.Time.Equal(noon) || len(c.States()) != 0 || !c.Settled() {
		t.Errorf("time %v, states %v, settled %t", c.Time, c.States(), c.Settled())
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	c, s := read(t, `# a comment
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    a.b/c: d
spec:
  template:
    spec: &spec
      containers:
      - name: web
        securityContext:
          privileged: true
---
kind: List
apiVersion: v1
items:
- apiVersion: apps/v1
  kind: DaemonSet
  metadata: {name: agent}
  spec:
    template:
      spec:
        hostPID: true
`)
	deployment, daemon := kube.Deployments.Ref("default", "web"), kube.DaemonSets.Ref("default", "agent")
	tests := []struct {
		ref  kube.Ref
		path string
		want int
	}{
		{deployment, "", 3},
		{deployment, "spec.template.spec.containers[0].securityContext.privileged", 15},
		{deployment, "spec.template.spec.containers[0].image", 13},
		{deployment, "spec.template.spec.containers[4]", 12},
		{deployment, `metadata.labels["a.b/c"]`, 8},
		{deployment, "spec.replicas", 9},
		{deployment, "status", 3},
		{deployment, "not..a[path", 3},
		{daemon, "", 20},
		{daemon, "spec.template.spec.hostPID", 26},
		{daemon, "spec.template.spec.hostIPC", 25},
		{daemon, "metadata.name", 22},
	}
	for _, test := range tests {
		origin, ok := c.Origin(test.ref)
		if !ok {
			t.Fatalf("no origin of %s", test.ref)
		}
		if got := origin.LineOf(test.path); got != test.want {
			t.Errorf("line of %s %q is %d, want %d", test.ref, test.path, got, test.want)
		}
	}
	d, ok := s.Document(daemon)
	if !ok || d.File != "-" || d.Line != 16 || d.Path != "items[0]" || d.Number != 2 || !strings.HasPrefix(string(d.Text), "---\nkind: List\n") {
		t.Errorf("document is %+v", d)
	}
}

func TestLinesThroughAnchors(t *testing.T) {
	t.Parallel()
	c, s := read(t, `apiVersion: v1
kind: List
x: &labels
  app: a
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: p
    labels:
      <<: *labels
      tier: web
- apiVersion: v1
  kind: Pod
  metadata:
    name: q
    labels: *labels
`)
	if got := problems(s); len(got) > 0 {
		t.Fatalf("problems: %v", got)
	}
	p, _ := c.Pods.Get("default", "p")
	if diff := cmp.Diff(map[string]string{"app": "a", "tier": "web"}, p.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	for name, want := range map[string]int{"p": 4, "q": 4} {
		origin, _ := c.Origin(kube.Pods.Ref("default", name))
		if got := origin.LineOf("metadata.labels.app"); got != want {
			t.Errorf("line in %s is %d, want %d", name, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	files := map[string]string{
		"b.yaml":           "{apiVersion: v1, kind: Pod, metadata: {name: b}}",
		"a/deep.yml":       "{apiVersion: v1, kind: Pod, metadata: {name: a}}",
		"a/list.JSON":      `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "j"}}`,
		"notes.txt":        "apiVersion: [",
		".git/config.yaml": "apiVersion: [",
		"empty.yaml":       "",
		"utf16.yaml":       "\xff\xfea\x00",
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	source := manifest.New([]string{root, filepath.Join(root, "absent.yaml")}, manifest.Options{DefaultNamespace: "shop"})
	c, err := kube.Load(context.Background(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Pod shop/a", "Pod shop/b", "Pod shop/j"}, refs(c)); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	want := []string{
		"reading " + root + "/utf16.yaml: the file is UTF-16; save it as UTF-8",
		"reading " + root + "/absent.yaml: no such file or directory",
	}
	if diff := cmp.Diff(want, problems(source)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if c.Info.Name != "4 files" {
		t.Errorf("the view is named %q", c.Info.Name)
	}
}

func TestNothingRead(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	blank := filepath.Join(empty, "blank.txt")
	if err := os.WriteFile(blank, []byte("# nothing\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		paths []string
		want  string
		is    error
	}{
		"directory":   {[]string{empty}, "reading " + empty + ": no *.yaml, *.yml or *.json file in it", nil},
		"absent":      {[]string{filepath.Join(empty, "x")}, "reading " + filepath.Join(empty, "x") + ": no such file or directory", fs.ErrNotExist},
		"blank":       {[]string{blank}, "reading " + blank + ": no Kubernetes objects in it", manifest.ErrNoObjects},
		"empty stdin": {[]string{"-"}, "reading -: there is no standard input", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := kube.Load(context.Background(), manifest.New(test.paths, manifest.Options{}), nil)
			if err == nil || err.Error() != test.want {
				t.Errorf("error is %v, want %s", err, test.want)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("error %v is not %v", err, test.is)
			}
		})
	}
}

func TestStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	source := manifest.New([]string{"-"}, manifest.Options{Stdin: strings.NewReader("")})
	if err := source.Watch(ctx, func(*kube.Cluster) { t.Error("a view was published") }); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func FuzzSource(f *testing.F) {
	f.Add([]byte("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n---\n%YAML 1.1\n---\n"))
	f.Add([]byte("apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: p}\nspec: {backend: {serviceName: a, servicePort: 1}}\n"))
	f.Add([]byte("apiVersion: autoscaling/v2beta1\nkind: HorizontalPodAutoscaler\nmetadata: {name: p}\nspec: {metrics: [{type: Resource, resource: {name: cpu}}]}\n"))
	f.Add([]byte("kind: List\napiVersion: v1\nitems: [&a {<<: [*a]}, {<<: *a}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		source := manifest.New([]string{manifest.Stdin}, manifest.Options{Stdin: strings.NewReader(string(text))})
		c, err := kube.Load(context.Background(), source, nil)
		if err != nil {
			return
		}
		lines := strings.Count(string(text), "\n") + 1
		for ref, origin := range c.Origins() {
			d, ok := source.Document(ref)
			if !ok || !c.Has(ref) {
				t.Errorf("%s has an origin but no document or object", ref)
			}
			if line := origin.LineOf("spec.template.spec.containers[0].image"); line < d.Line {
				t.Errorf("line %d of %d is before its document's", line, lines)
			}
		}
	})
}

// A view of files as they would be: the files are found where they are, and read as
// one is told.
func TestReadFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "a.yaml")
	if err := os.WriteFile(file, []byte("kind: ConfigMap\napiVersion: v1\nmetadata: {name: is}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	source := manifest.New([]string{dir}, manifest.Options{ReadFile: func(name string) ([]byte, error) {
		if name != file {
			t.Errorf("%s is read", name)
		}
		return []byte("kind: ConfigMap\napiVersion: v1\nmetadata: {name: would-be}\n"), nil
	}})
	c, err := kube.Load(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.ConfigMaps.Len() != 1 || !c.Has(kube.ConfigMaps.Ref("default", "would-be")) {
		t.Errorf("the view has %v", c.Objects(kube.ConfigMaps))
	}
}
