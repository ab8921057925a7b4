package custom_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seaworthy-dev/seaworthy/audit/custom"
)

const registry = `id: image-from-our-registry
title: An image is from elsewhere
severity: high
rationale: What is not built here is not scanned here.
remediation: Push the image to the registry of the company and name it there.
controls: [OPS-7]
params: {registry: registry.example/}
match:
  kinds: [workloads]
  namespaces: ["*", "!kube-*"]
variables:
- name: foreign
  expression: podSpec.containers.filter(c, !c.image.startsWith(params.registry))
validations:
- expression: variables.foreign.size() == 0
  messageExpression: "'from elsewhere: ' + variables.foreign.map(c, c.image).join(', ')"
  path: spec.containers
fix:
  title: take the image from the registry
  risk: The tag may be another image.
  patch:
  - {op: replace, path: /spec/containers/0/image, value: registry.example/web}
examples:
  pass:
  - apiVersion: v1
    kind: Pod
    metadata: {name: web}
    spec: {containers: [{name: web, image: registry.example/web}]}
  fail:
  - manifest:
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        template:
          spec: {containers: [{name: web, image: docker.io/web}]}
    want: ["from elsewhere: docker.io/web$"]
`

func read(t *testing.T, text string) *custom.Rule {
	t.Helper()
	rules, err := custom.Read("rules.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(rules) != 1 {
		t.Fatalf("%d rules, want 1", len(rules))
	}
	return rules[0]
}

func TestExamplesHold(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]custom.Difference(nil), read(t, registry).Test(t.Context())); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}

func TestExamplesTell(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		old, new string
		want     custom.Difference
	}{
		"another message": {`docker.io/web$"`, `quay.io/web"`, custom.Difference{
			Line: 31, Message: "findings (-want +got):\n- from elsewhere: quay.io/web\n+ from elsewhere: docker.io/web",
		}},
		"the fix does not help": {"value: registry.example/web", "value: quay.io/web", custom.Difference{
			Line: 31, Message: "the fix does not clear it: from elsewhere: quay.io/web",
		}},
		"unknown": {"containers.filter(c,", "containers.filter(c, has(object.status) &&", custom.Difference{
			Line: 25, Message: "unknown: object.status is not known here",
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := read(t, strings.Replace(registry, test.old, test.new, 1)).Test(t.Context())
			if len(got) == 0 {
				t.Fatal("nothing is told")
			}
			if diff := cmp.Diff(test.want, got[0]); diff != "" {
				t.Errorf("difference (-want +got):\n%s", diff)
			}
		})
	}
}
