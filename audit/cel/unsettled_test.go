package cel_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// TestUnsettled: what is filled in when an object is created is not passed over
// for being absent.
func TestUnsettled(t *testing.T) {
	t.Parallel()
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "web"},
		Spec: corev1.PodSpec{
			DNSPolicy: corev1.DNSDefault,
			Containers: []corev1.Container{
				{Name: "a", ImagePullPolicy: corev1.PullAlways}, {Name: "b"},
			},
		},
	}
	const known = "it is known"
	tests := []struct{ expression, live, written string }{
		{"object.spec.serviceAccountName == 'default'", known, known},
		{"!has(object.spec.hostNetwork)", known, known},
		{"object.spec.dnsPolicy == 'Default'", known, known},
		{"!has(object.status.phase)", "object.status is not known here", "object.status is not known here"},
		{"!has(object.spec.priority)", "object.spec.priority is not known here", "object.spec.priority is not known here"},
		{"!has(object.spec.restartPolicy)", known, "object.spec.restartPolicy is not known here"},
		{"!has(object.spec.containers[1].imagePullPolicy)", known, "object.spec.containers[1].imagePullPolicy is not known here"},
		{"object.spec.containers.all(c, !has(c.ports))", known, known},
		{"!has(object.spec.containers[0].resources.requests)", known, "object.spec.containers[0].resources.requests is not known here"},
	}
	for _, test := range tests {
		for written, want := range map[bool]string{false: test.live, true: test.written} {
			value := cel.Value{Of: pod}.Unsettled(kube.Pods, written)
			got := known
			if holds, err := evaluate(t, test.expression, &cel.Input{Object: value}); err != nil {
				got = err.Error()
			} else if !holds {
				got = "false"
			}
			if got != want {
				t.Errorf("%s, written %t: %s, want %s", test.expression, written, got, want)
			}
		}
	}
	if pod.Spec.ServiceAccountName != "" {
		t.Error("the pod has changed")
	}
}
