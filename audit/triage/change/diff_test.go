package change_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
)

// template reads a pod template from the fields of its spec.
func template(t *testing.T, spec string) *corev1.PodTemplateSpec {
	t.Helper()
	read := &corev1.PodTemplateSpec{}
	if err := yaml.UnmarshalStrict([]byte(spec), read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestDiff(t *testing.T) {
	t.Parallel()
	web := func(container string) string { return "spec: {containers: [{name: web, " + container + "}]}" }
	for name, of := range map[string]struct {
		before, after string
		want          []string
	}{
		"image":       {web("image: r:5000/web:1"), web("image: r:5000/web:2"), []string{"image: image r:5000/web:1 → 2 (web)"}},
		"registry":    {web("image: a/web:1"), web("image: b/web:1"), []string{"image: image a/web:1 → b/web:1 (web)"}},
		"digest":      {web("image: web@sha256:aa"), web("image: web@sha256:bb"), []string{"image: image web@sha256:aa → bb (web)"}},
		"pull policy": {web("image: web:1, imagePullPolicy: IfNotPresent"), web("image: web, imagePullPolicy: Always"), []string{"image: image web:1 → web (web)"}},
		"forced pull": {web("image: web:1"), web("image: web:1, imagePullPolicy: Always"), []string{"image: imagePullPolicy added: Always (web)"}},
		"args": {
			web("args: [serve, --threads, '4', --db-password=hunter2]"), web("args: [serve, --threads, '8', --db-password=hunter3]"),
			[]string{"command: args --threads 4 --db-password=••• → --threads 8 --db-password=••• (web)"},
		},
		"only a secret":    {web("args: [--token, hunter2]"), web("args: [--token, hunter3]"), []string{"command: args changed (web)"}},
		"names of secrets": {web("args: ['--secret-name=a', '--from', secret, b]"), web("args: ['--secret-name=a', '--from', secret, c]"), []string{"command: args b → c (web)"}},
		"header as text":   {web("args: ['-H', 'Authorization: Bearer hunter2hunter2hunter2']"), web("args: ['-H', 'Authorization: Bearer hunter3hunter3hunter3']"), []string{"command: args changed (web)"}},
		"url":              {web("args: ['http://a:hunter2@h/x']"), web("args: ['http://a:hunter2@h/y']"), []string{"command: args http://•••@h/x → http://•••@h/y (web)"}},
		"variables": {
			web("env: [{name: A, value: hunter2}, {name: B, value: x}, {name: D, valueFrom: {secretKeyRef: {name: s, key: k}}}]"),
			web("env: [{name: C, value: y}, {name: A, value: hunter3}, {name: D, valueFrom: {secretKeyRef: {name: s, key: l}}}]"),
			[]string{"environment: env A changed (web)", "environment: env B removed (web)", "environment: env C added (web)", "environment: env D changed (web)"},
		},
		"variable twice": {web("env: [{name: A, value: x}, {name: A, value: y}]"), web("env: [{name: A, value: y}]"), nil},
		"env from": {
			web("envFrom: [{configMapRef: {name: a}}]"), web("envFrom: [{secretRef: {name: a}}, {configMapRef: {name: a}}]"),
			[]string{"environment: env from secretRef name a added (web)"},
		},
		"resources": {
			web("resources: {limits: {memory: 512Mi, cpu: 1000m}, requests: {cpu: 100m}}"), web("resources: {limits: {memory: 256Mi, cpu: '1'}}"),
			[]string{"resources: memory limit 512Mi → 256Mi (web)", "resources: cpu request 100m → none (web)"},
		},
		"same memory": {web("resources: {limits: {memory: 1Gi}}"), web("resources: {limits: {memory: '1073741824'}}"), nil},
		"probe": {
			web("livenessProbe: {httpGet: {path: /live, port: 80}}"), web("livenessProbe: {httpGet: {path: /live, port: 80}, timeoutSeconds: 3}, readinessProbe: {exec: {command: [cat, /ok]}}"),
			[]string{"probe: liveness probe timeoutSeconds 1 → 3 (web)", "probe: readiness probe added: exec cat /ok (web)"},
		},
		"probe defaults": {web("livenessProbe: {httpGet: {port: 80}}"), web("livenessProbe: {httpGet: {path: /, port: 80, scheme: HTTP}, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3}"), nil},
		"another probe": {
			web("livenessProbe: {httpGet: {port: 80}}"), web("livenessProbe: {tcpSocket: {port: 80}}"),
			[]string{"probe: liveness probe httpGet removed: port 80 (web)", "probe: liveness probe tcpSocket added: port 80 (web)"},
		},
		"header": {
			web("livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: X-Key, value: hunter2}]}}"), web("livenessProbe: {httpGet: {port: 80, httpHeaders: [{name: X-Key, value: hunter3}]}}"),
			[]string{"probe: liveness probe httpGet.httpHeaders[X-Key].value changed (web)"},
		},
		"volumes": {
			"spec: {volumes: [{name: a, secret: {secretName: x}}, {name: b, emptyDir: {}}], containers: [{name: web, volumeMounts: [{name: b, mountPath: /b}]}]}",
			"spec: {volumes: [{name: b, configMap: {name: cm}}, {name: a, secret: {secretName: z, defaultMode: 420}}], containers: [{name: web, volumeMounts: [{name: b, mountPath: /c}]}]}",
			[]string{
				"volume: volumes[a].secret.secretName x → z", "volume: volumes[b].configMap.name added: cm", "volume: volumes[b].emptyDir removed: set",
				"volume: volumeMounts[b].mountPath /b → /c (web)",
			},
		},
		"security": {
			"spec: {securityContext: {}, containers: [{name: web, securityContext: {capabilities: {add: [A, B]}}}]}",
			"spec: {securityContext: {runAsUser: 0}, containers: [{name: web, securityContext: {privileged: false, capabilities: {add: [B, A, C]}}}]}",
			[]string{"security context: securityContext.runAsUser added: 0", "security context: securityContext.capabilities.add A, B → A, B, C (web)"},
		},
		"account": {"spec: {serviceAccountName: a, serviceAccount: a, containers: []}", "spec: {serviceAccountName: b, serviceAccount: b, containers: []}", []string{"service account: serviceAccountName a → b"}},
		"scheduling": {
			"spec: {nodeSelector: {disk: ssd}, tolerations: [{key: a, operator: Exists}, {key: b, operator: Exists}], containers: []}",
			"spec: {nodeSelector: {disk: hdd}, tolerations: [{key: b, operator: Exists}], containers: []}",
			[]string{"scheduling: nodeSelector.disk ssd → hdd", "scheduling: tolerations[a] removed: operator Exists"},
		},
		"sidecar": {web("image: web:1"), "spec: {containers: [{name: proxy, image: 'proxy:3', env: [{name: A, value: hunter2}]}, {name: web, image: 'web:1'}]}", []string{"image: containers[proxy] added: proxy:3"}},
		"metadata": {
			"{metadata: {labels: {app: a, pod-template-hash: x}, annotations: {note: b}}, spec: {containers: []}}",
			"{metadata: {labels: {app: b, pod-template-hash: y}, annotations: {note: c}, creationTimestamp: null}, spec: {containers: []}}",
			[]string{"label: label app a → b", "annotation: annotation note b → c"},
		},
		"server defaults": {
			"spec: {containers: [{name: web, image: 'web:1', ports: [{containerPort: 80}]}]}",
			"spec: {restartPolicy: Always, dnsPolicy: ClusterFirst, schedulerName: default-scheduler, securityContext: {}, terminationGracePeriodSeconds: 30, containers: [{name: web, image: 'web:1', imagePullPolicy: IfNotPresent, resources: {}, terminationMessagePath: /dev/termination-log, terminationMessagePolicy: File, ports: [{containerPort: 80, protocol: TCP}]}]}",
			nil,
		},
		"sidecar restart policy": {"spec: {containers: [], initContainers: [{name: s}]}", "spec: {containers: [], initContainers: [{name: s, restartPolicy: Always}]}", []string{"other: restartPolicy added: Always (s)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range change.Diff(template(t, of.before), template(t, of.after)) {
				got = append(got, d.Field.String()+": "+d.String())
				if text := fmt.Sprintf("%+v", d); strings.Contains(text, "hunter") {
					t.Errorf("a difference has a secret: %s", text)
				}
			}
			if diff := cmp.Diff(of.want, got); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

// randomTemplate makes a template with names that repeat, so that lists meet.
func randomTemplate(r *rand.Rand) *corev1.PodTemplateSpec {
	pick := func(of string) string { return fmt.Sprintf("%s-%d", of, r.IntN(3)) }
	quantity := func() resource.Quantity { return *resource.NewQuantity(int64(1+r.IntN(3))<<28, resource.BinarySI) }
	t := &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{pick("l"): pick("v")}, Annotations: map[string]string{pick("a"): pick("v")}}}
	for i := range 1 + r.IntN(3) {
		c := corev1.Container{Name: fmt.Sprintf("c-%d", i), Image: "image:" + pick("v"), Args: []string{pick("arg"), pick("arg")}}
		for j := range r.IntN(4) {
			c.Env = append(c.Env, corev1.EnvVar{Name: fmt.Sprintf("E%d", j), Value: pick("v")})
			c.VolumeMounts = append(c.VolumeMounts, corev1.VolumeMount{Name: pick("v"), MountPath: fmt.Sprintf("/m%d", j)})
			c.Ports = append(c.Ports, corev1.ContainerPort{ContainerPort: int32(80 + j), Protocol: corev1.ProtocolTCP}) //nolint:gosec // small
		}
		c.Resources.Limits = corev1.ResourceList{corev1.ResourceMemory: quantity()}
		if r.IntN(2) == 0 {
			c.LivenessProbe = &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.FromInt32(80)}}, PeriodSeconds: int32(r.IntN(3))} //nolint:gosec // small
		}
		t.Spec.Containers = append(t.Spec.Containers, c)
	}
	for i := range r.IntN(3) {
		t.Spec.Volumes = append(t.Spec.Volumes, corev1.Volume{Name: fmt.Sprintf("v-%d", i), VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: pick("s")}}})
		t.Spec.Tolerations = append(t.Spec.Tolerations, corev1.Toleration{Key: pick("t"), Operator: corev1.TolerationOpExists, Effect: corev1.TaintEffectNoSchedule})
	}
	return t
}

// shuffled returns a template that means the same: lists in another order, quantities
// written in another way.
func shuffled(r *rand.Rand, t *corev1.PodTemplateSpec) *corev1.PodTemplateSpec {
	t = t.DeepCopy()
	shuffle := func(n int, swap func(i, j int)) { r.Shuffle(n, swap) }
	s := &t.Spec
	shuffle(len(s.Containers), func(i, j int) { s.Containers[i], s.Containers[j] = s.Containers[j], s.Containers[i] })
	shuffle(len(s.Volumes), func(i, j int) { s.Volumes[i], s.Volumes[j] = s.Volumes[j], s.Volumes[i] })
	shuffle(len(s.Tolerations), func(i, j int) { s.Tolerations[i], s.Tolerations[j] = s.Tolerations[j], s.Tolerations[i] })
	for i := range s.Containers {
		c := &s.Containers[i]
		shuffle(len(c.Env), func(i, j int) { c.Env[i], c.Env[j] = c.Env[j], c.Env[i] })
		shuffle(len(c.Ports), func(i, j int) { c.Ports[i], c.Ports[j] = c.Ports[j], c.Ports[i] })
		shuffle(len(c.VolumeMounts), func(i, j int) { c.VolumeMounts[i], c.VolumeMounts[j] = c.VolumeMounts[j], c.VolumeMounts[i] })
		for name, q := range c.Resources.Limits {
			c.Resources.Limits[name] = *resource.NewQuantity(q.Value(), resource.DecimalSI)
		}
		if c.LivenessProbe != nil && c.LivenessProbe.PeriodSeconds == 0 {
			c.LivenessProbe.PeriodSeconds = 10
		}
		c.TerminationMessagePath = "/dev/termination-log"
	}
	return t
}

func TestDiffOfWhatMeansTheSame(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a fixed sequence
	for range 500 {
		x := randomTemplate(r)
		if found := change.Diff(x, x); len(found) > 0 {
			t.Fatalf("a template differs from itself: %v", found)
		}
		if found := change.Diff(x, shuffled(r, x)); len(found) > 0 {
			t.Fatalf("a template differs from what means the same: %v", found)
		}
	}
}

// TestDiffIsSymmetric holds that the way back names the same places, with the values
// the other way round, and that templates that differ have differences.
func TestDiffIsSymmetric(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // a fixed sequence
	differed := 0
	for range 500 {
		a, b := randomTemplate(r), randomTemplate(r)
		there, back := change.Diff(a, b), change.Diff(b, a)
		for i := range back {
			back[i].Before, back[i].After = back[i].After, back[i].Before
		}
		if diff := cmp.Diff(there, back); diff != "" {
			t.Fatalf("there and back (-there +back):\n%s", diff)
		}
		if len(there) > 0 {
			differed++
		}
		if !slices.IsSortedFunc(there, func(a, b change.Difference) int { return int(a.Field) - int(b.Field) }) {
			t.Fatalf("not in the order of fields: %v", there)
		}
	}
	if differed < 400 {
		t.Errorf("%d of 500 pairs differ: the test compares too much that is the same", differed)
	}
}

// FuzzDiff holds that no template, whatever is in it, makes a difference to itself or
// shows the value of a variable.
func FuzzDiff(f *testing.F) {
	text, err := os.ReadFile("testdata/rollout.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for document := range strings.SplitSeq(string(text), "---\n") {
		f.Add([]byte(document))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var object struct {
			Spec struct {
				Template corev1.PodTemplateSpec `json:"template"`
			} `json:"spec"`
		}
		if yaml.Unmarshal(text, &object) != nil {
			return
		}
		x := &object.Spec.Template
		if found := change.Diff(x, x); len(found) > 0 {
			t.Fatalf("a template differs from itself: %v", found)
		}
		y := x.DeepCopy()
		for i := range y.Spec.Containers {
			y.Spec.Containers[i].Env = append(y.Spec.Containers[i].Env, corev1.EnvVar{Name: "ADDED", Value: "never shown 7f3a"})
		}
		for _, d := range change.Diff(x, y) {
			if strings.Contains(fmt.Sprint(d.Before, d.After, d.String()), "7f3a") {
				t.Fatalf("a difference has the value of a variable: %v", d)
			}
		}
	})
}
