package kube_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestContainersOf(t *testing.T) {
	t.Parallel()
	spec := &corev1.PodSpec{
		InitContainers: []corev1.Container{
			{Name: "migrate"},
			{Name: "proxy", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)},
		},
		Containers: []corev1.Container{{Name: "web"}, {Name: "cache"}},
		EphemeralContainers: []corev1.EphemeralContainer{
			{EphemeralContainerCommon: corev1.EphemeralContainerCommon{Name: "debug", Image: "busybox"}},
		},
	}
	type seen struct{ Name, Kind, Path, Image string }
	var got []seen
	for c := range kube.ContainersOf(spec, "spec.template.spec") {
		if c.Field("image") != c.Path()+".image" {
			t.Errorf("the field %s is not below %s", c.Field("image"), c.Path())
		}
		got = append(got, seen{c.Name, c.Kind.String(), c.Path(), c.Image})
	}
	want := []seen{
		{"migrate", "init container", "spec.template.spec.initContainers[0]", ""},
		{"proxy", "sidecar", "spec.template.spec.initContainers[1]", ""},
		{"web", "container", "spec.template.spec.containers[0]", ""},
		{"cache", "container", "spec.template.spec.containers[1]", ""},
		{"debug", "ephemeral container", "spec.template.spec.ephemeralContainers[0]", "busybox"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("containers (-want +got):\n%s", diff)
	}
}

func TestRepositoryOf(t *testing.T) {
	t.Parallel()
	for image, want := range map[string]string{
		"":                                "",
		"nginx":                           "nginx",
		"nginx:1.27":                      "nginx",
		"registry.example:5000/team/web":  "registry.example:5000/team/web",
		"registry.example:5000/a/web:1.2": "registry.example:5000/a/web",
		"a/web:1.2@sha256:0f":             "a/web",
		"a/web@sha256:0f":                 "a/web",
	} {
		if got := kube.RepositoryOf(image); got != want {
			t.Errorf("the repository of %q is %q, want %q", image, got, want)
		}
	}
}
