package finding_test

import (
	"testing"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/rules/rbac"
	"github.com/seaworthy-dev/seaworthy/audit/score"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/style"
	"github.com/seaworthy-dev/seaworthy/ui/uitest/screentest"
)

// builders are two programs: one is cluster-admin, and one has its tokens.
const builders = `
apiVersion: v1
kind: Namespace
metadata: {name: ci, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: deployer, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: deployer, namespace: ci}
spec:
  selector: {matchLabels: {app: deployer}}
  template:
    metadata: {labels: {app: deployer}}
    spec: {serviceAccountName: deployer, containers: [{name: app, image: a}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: deployer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: deployer, namespace: ci}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: runner, namespace: ci}
rules: [{apiGroups: [""], resources: [serviceaccounts/token], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: runner, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: runner}
subjects: [{kind: ServiceAccount, name: runner, namespace: ci}]
`

// A fix of access is proved in the background; that of a cluster that has changed
// since is proved again.
func TestProof(t *testing.T) {
	t.Parallel()
	categories := []audit.Category{rbac.Category()}
	b := screentest.Empty()
	screentest.Add(t, b, builders)
	robot, _ := screentest.Show(t, open("cluster-admin-bound/ci/ClusterRoleBinding/deployer//roleRef.name"),
		score.Assess(b.Build(screentest.Noon), categories), 100, 60, style.Options{})
	robot.WaitFor("cuts 2 of 2 off from cluster-admin", 10*time.Second).
		Expect("Fix: bind the role in namespace ci alone", "PROOF", "ServiceAccount ci/deployer and 1 more", "ServiceAccount ci/deployer still reaches node:").
		Expect("rights lost: 1, of ServiceAccount ci/deployer", "score of ci")

	screentest.Add(t, b, `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: again}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: Group, apiGroup: rbac.authorization.k8s.io, name: "system:serviceaccounts:ci"}]
`)
	robot.Send(score.Assess(b.Build(screentest.Noon), categories))
	robot.WaitFor("takes no right", 10*time.Second).ExpectNot("ci/deployer and 1 more")

	b.Delete(kube.ClusterRoleBindings, "", "deployer")
	robot.Send(score.Assess(b.Build(screentest.Noon), categories)).Expect("Nothing to fix").ExpectNot("PROOF")
}
