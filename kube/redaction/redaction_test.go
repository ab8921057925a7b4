package redaction_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube/credential"
	"github.com/seaworthy-dev/seaworthy/kube/redaction"
)

// object redacts an object, in a cluster with a Service cart in the namespace shop.
func object(t *testing.T, r *redaction.Redactor, text string) string {
	t.Helper()
	r.Know("cart")
	r.Know("shop")
	out, err := r.Object([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestObject(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{"what is no value stays", `{"image":"nginx:1.27","ports":[{"containerPort":8080,"name":"http"}],"n":1.50}`, `{"image":"nginx:1.27","n":1.50,"ports":[{"containerPort":8080,"name":"http"}]}`},
		{"a variable", `{"env":[{"name":"MODE","value":"fast and loose"}]}`, `{"env":[{"name":"MODE","value":"<redacted 1>"}]}`},
		{
			"equal values have one number", `{"env":[{"name":"A","value":"x1 y"},{"name":"B","value":"z"},{"name":"C","value":"x1 y"}]}`,
			`{"env":[{"name":"A","value":"<redacted 1>"},{"name":"B","value":"<redacted 2>"},{"name":"C","value":"<redacted 1>"}]}`,
		},
		{"a reference", `{"env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"db","key":"password"}}}]}`, `{"env":[{"name":"P","valueFrom":{"secretKeyRef":{"key":"password","name":"db"}}}]}`},
		{"another variable", `{"env":[{"name":"U","value":"http://$(CART_HOST):80/v1"}]}`, `{"env":[{"name":"U","value":"http://$(CART_HOST):80/<redacted 1>"}]}`},
		{"who is called", `{"env":[{"name":"U","value":"http://cart.shop:8080/items?user=bob"}]}`, `{"env":[{"name":"U","value":"http://cart.shop:8080/<redacted 1>"}]}`},
		{"a Service in DNS", `{"env":[{"name":"U","value":"db.data.svc.cluster.local"}]}`, `{"env":[{"name":"U","value":"db.data.svc.cluster.local"}]}`},
		{"switches and amounts", `{"args":["true","512Mi","30s","9090","1234567"]}`, `{"args":["true","512Mi","30s","9090","<redacted 1>"]}`},
		{"a password", `{"env":[{"name":"DB_PASSWORD","value":"cart"},{"name":"PASSWORD","value":"1111"}]}`, `{"env":[{"name":"DB_PASSWORD","value":"<redacted 1: a credential>"},{"name":"PASSWORD","value":"<redacted 2>"}]}`},
		{"a URL with a password", `{"env":[{"name":"U","value":"redis://u:cart@cart:6379"}]}`, `{"env":[{"name":"U","value":"redis://<redacted 1: a URL with a password>@cart:6379"}]}`},
		{"flags", `{"args":["--level=loud","--password","shop","-v","--dry"]}`, `{"args":["--level=<redacted 1>","--password","<redacted 2: a credential>","-v","--dry"]}`},
		{"a value that is glued on", `{"args":["-phunter2","-config=a.b"]}`, `{"args":["<redacted 1>","-config=<redacted 2>"]}`},
		{"a command", `{"command":["/bin/sh","-c","echo hi; sudo rm"]}`, `{"command":["/bin/sh","-c","<redacted 1>; sudo <redacted 1>"]}`},
		{"a header", `{"httpHeaders":[{"name":"Authorization","value":"Bearer abc"},{"name":"Host","value":"cart"}]}`, `{"httpHeaders":[{"name":"Authorization","value":"<redacted 1>"},{"name":"Host","value":"cart"}]}`},
		{
			"annotations", `{"annotations":{"prometheus.io/port":"9090","example.com/note":"call Bob","nginx.ingress.kubernetes.io/configuration-snippet":"more_set_headers X"}}`,
			`{"annotations":{"example.com/note":"<redacted 1>","nginx.ingress.kubernetes.io/configuration-snippet":"<redacted 2>","prometheus.io/port":"9090"}}`,
		},
		{"a message", `{"message":"login with password=hunter2 failed"}`, `{"message":"login with password=… failed"}`},
		{"a field of a custom object", `{"spec":{"adminPassword":"Tr0ub4dor","size":3}}`, `{"spec":{"adminPassword":"<redacted 1: a credential>","size":3}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, object(t, redaction.New(), test.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// secrets are what nobody may find, as machines make them and as people think them up.
// They are put together here, so that nobody takes them for real ones.
var secrets = []string{
	"hunter2", "Tr0ub4dor&3", "correct horse battery staple", "s3cr3t!", "p@ss/w0rd:x", "geheim-und-lang",
	"ghp_" + strings.Repeat("a1B2c3", 6), "AKIA" + "Q7ZK2M9XW4B8TD3V",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ." + strings.Repeat("c2ln", 10),
	"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----",
	"dXNlcjpodW50ZXIyZHVtbXk=", "8f14e45f-ceea-467a-9a36-dedd4bea2543",
}

// places are where people leave them; %s is a text in JSON, without its quotes.
var places = []string{
	`{"env":[{"name":"MODE","value":"%s"}]}`,
	`{"env":[{"name":"DB_PASSWORD","value":"%s"}]}`,
	`{"env":[{"name":"OPTS","value":"a=1 pass=%s b=2"}]}`,
	`{"env":[{"name":"URL","value":"postgres://cart:%s@cart.shop:5432/x"}]}`,
	`{"env":[{"name":"JSON","value":"{\"cart\":{\"key\":\"%s\"}}"}]}`,
	`{"args":["%s"]}`,
	`{"args":["--password=%s"]}`,
	`{"args":["--password","%s"]}`,
	`{"args":["-p%s"]}`,
	`{"args":["-p","%s"]}`,
	`{"args":["--from-literal=cart=%s"]}`,
	`{"command":["sh","-c","mysql -h cart -p%s -e x"]}`,
	`{"command":["sh","-c","TOKEN='%s' cart"]}`,
	`{"livenessProbe":{"exec":{"command":["redis-cli","-a","%s","ping"]}}}`,
	`{"httpGet":{"httpHeaders":[{"name":"X-Api-Key","value":"%s"}]}}`,
	`{"lifecycle":{"preStop":{"exec":{"command":["curl","-u","cart:%s"]}}}}`,
	`{"metadata":{"annotations":{"example.com/key":"%s"}}}`,
	`{"metadata":{"annotations":{"vault.cart/token":"shop: %s"}}}`,
	`{"metadata":{"annotations":{"nginx.ingress.kubernetes.io/server-snippet":"if ($http_key != \"%s\") { return 403; }"}}}`,
	`{"metadata":{"annotations":{"kubernetes.io/change-cause":"kubectl set env deploy/cart PASSWORD=%s"}}}`,
	`{"spec":{"template":{"spec":{"initContainers":[{"args":["x=%s"]}]}}}}`,
}

// TestNothingPlantedIsLeft looks for every secret in every place, and for each word of it.
func TestNothingPlantedIsLeft(t *testing.T) {
	t.Parallel()
	for _, secret := range secrets {
		quoted, err := json.Marshal(secret)
		if err != nil {
			t.Fatal(err)
		}
		for _, place := range places {
			in := fmt.Sprintf(place, strings.Trim(string(quoted), `"`))
			out := object(t, redaction.New(), in)
			for _, word := range append(strings.FieldsFunc(secret, func(c rune) bool { return strings.ContainsRune(" &!@/:\n", c) }), secret) {
				if len(word) > 2 && strings.Contains(out, word) {
					t.Errorf("%q is left of %s:\n%s", word, in, out)
				}
			}
		}
	}
}

// TestPodIsObject: the short way for pods comes to the same.
func TestPodIsObject(t *testing.T) {
	t.Parallel()
	said := "reading https://bob:hunter2@cart.shop/ with password=hunter2"
	state := corev1.ContainerState{
		Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: said}, Terminated: &corev1.ContainerStateTerminated{Message: said},
	}
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "cart-0", Annotations: map[string]string{
			"example.com/note": "call Bob", "prometheus.io/port": "9090", "example.com/password": "Tr0ub4dor",
		}},
		Status: corev1.PodStatus{
			Message: said, Conditions: []corev1.PodCondition{{Type: "Ready", Message: said}},
			ContainerStatuses:     []corev1.ContainerStatus{{Name: "cart", State: state}},
			InitContainerStatuses: []corev1.ContainerStatus{{Name: "init", LastTerminationState: state}},
		},
	}
	in, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	want := object(t, redaction.New(), string(in))
	redaction.New().Pod(pod)
	out, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(want, "<redacted 2") || strings.Contains(want, "hunter2") {
		t.Errorf("it is %s", want)
	}
	var first, second any
	if json.Unmarshal([]byte(want), &first) != nil || json.Unmarshal(out, &second) != nil {
		t.Fatal("one of them is no JSON")
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-Object +Pod):\n%s", diff)
	}
	if state.Waiting.Message != said {
		t.Error("what others may hold was changed")
	}
}

// FuzzObject holds that whatever the value of a variable is, none of it is left that is
// longer than a switch, that what was a credential is one, and that the same input has the
// same output.
func FuzzObject(f *testing.F) {
	for _, secret := range secrets {
		f.Add("MODE", secret)
		f.Add("DB_PASSWORD", secret)
	}
	f.Add("X", "<redacted 1: a GitHub token>")
	f.Add("X", "$(A)${B}://c.d.svc:80/\xff…")
	f.Fuzz(func(t *testing.T, name, value string) {
		in, err := json.Marshal(map[string]any{"env": []any{map[string]any{"name": name, "value": value}}})
		if err != nil {
			t.Fatal(err)
		}
		first, second := object(t, redaction.New(), string(in)), object(t, redaction.New(), string(in))
		if first != second {
			t.Fatalf("two outputs:\n%s\n%s", first, second)
		}
		var got, was struct {
			Env []struct{ Name, Value string }
		}
		if json.Unmarshal([]byte(first), &got) != nil || json.Unmarshal(in, &was) != nil || len(got.Env) != 1 {
			t.Fatalf("not an object of one variable: %s", first)
		}
		before, after := was.Env[0].Value, got.Env[0].Value
		if credential.Form(before) != credential.Form(after) {
			t.Errorf("%q is %q, and %q is %q", before, credential.Form(before), after, credential.Form(after))
		}
		said := credential.Said(was.Env[0].Name)
		if credential.Form(before) == "" && said.Literal(before) != said.Literal(after) {
			t.Errorf("as the value of %s %q is a literal: %v, and %q: %v", name, before, said.Literal(before), after, said.Literal(after))
		}
	})
}
