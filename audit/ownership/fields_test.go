package ownership_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit/ownership"
)

func TestFields(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fields string
		want   []string
		fails  bool
	}{
		"none":     {`{}`, nil, false},
		"elements": {`{"f:spec":{"f:template":{"f:spec":{"f:containers":{"k:{\"name\":\"web\"}":{".":{},"f:image":{}}}}},"f:replicas":{}}}`, []string{"spec.replicas", `spec.template.spec.containers[name="web"].image`}, false},
		"no state": {`{"f:metadata":{"f:labels":{"f:a":{}}},"f:status":{"f:phase":{}},"f:spec":{"f:template":{"f:metadata":{"f:annotations":{"f:kubectl.kubernetes.io/restartedAt":{}}}}}}`, nil, false},
		"data":     {`{"f:data":{"f:a.conf":{}}}`, []string{"data.a.conf"}, false},
		"broken":   {`{"f:spec":`, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ownership.Fields(metav1.ManagedFieldsEntry{Manager: "kubectl-edit", FieldsV1: metav1.NewFieldsV1(test.fields)})
			if (err != nil) != test.fails {
				t.Fatalf("the error is %v", err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got, err := ownership.Fields(metav1.ManagedFieldsEntry{}); got != nil || err != nil {
		t.Errorf("an entry without fields: %v, %v", got, err)
	}
}
