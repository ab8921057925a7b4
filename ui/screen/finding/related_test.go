package finding_test

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

const privileged = "privileged-container/payments/Deployment/gateway/gateway/spec.template.spec.containers[0].securityContext.privileged"

// TestRelated shows beside a finding what else there is of its object and of its rule,
// and who wrote the object, where that is known.
func TestRelated(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	robot, _ := screentest.Show(t, open(privileged), screentest.Assess(b), 140, 40, style.Options{})
	robot.Expect("Related", "Also found of deploy/gateway", "and 5 more", "The same rule elsewhere", "W opens its workload").ExpectNot("Last written by")
	robot.ExpectLine("C ✖ kube-system ds/network-ag", "-25.99").ExpectLine("M ■", "pod may run as root", "-2.11")
	robot.Resize(100, 40).ExpectNot("Related").Resize(300, 80).Expect("Related", "Fix: run unprivileged").Resize(200, 50).Expect("Related")
	robot.Press("n").Expect("host-path-sensitive", "Also found of sts/ledger", "in no other object")
	robot.Press("n").Expect("secrets-access-namespace").ExpectNot("W opens its workload")
}

func TestWhoWroteTheObjectLast(t *testing.T) {
	t.Parallel()
	b := screentest.Cluster(t)
	object, _ := b.Build(screentest.Noon).Find(kube.StatefulSets.Ref("payments", "ledger"))
	set, ok := object.(interface {
		metav1.Object
		kube.Object
	})
	if !ok {
		t.Fatalf("a StatefulSet is a %T", object)
	}
	set.SetManagedFields([]metav1.ManagedFieldsEntry{{Manager: "kubectl-edit", APIVersion: "apps/v1", Operation: metav1.ManagedFieldsOperationUpdate, Time: &metav1.Time{Time: screentest.Noon}}})
	if err := b.Set(kube.StatefulSets, set); err != nil {
		t.Fatal(err)
	}
	key := "host-path-sensitive/payments/StatefulSet/ledger/ledger/spec.template.spec.containers[0].volumeMounts[0]"
	robot, _ := screentest.Show(t, open(key), screentest.Assess(b), 140, 40, style.Options{})
	robot.Expect("Last written by", "kubectl-edit as apps/v1")
}
