package rbac

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var defaultServiceAccountUsed = &audit.Rule{
	ID:       "default-service-account-used",
	Title:    "A workload runs as the default ServiceAccount",
	Severity: audit.Low,
	Rationale: "Pods that name no ServiceAccount share one, so that none of them can be given, or denied, anything " +
		"by itself: what one needs some day, all of them get.",
	Remediation: "Make a ServiceAccount for the workload and name it in serviceAccountName.",
	Controls:    []string{"CIS-5.1.5", "OWASP22-K03", "OWASP25-K02"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Consults:    weighed(),
	Wide:        true, // bindings of any namespace may give a ServiceAccount something
	Check:       audit.EachWorkload(judgeDefaultUse),
}

func judgeDefaultUse(p *audit.Pass, w *kube.Workload) {
	mounts := automounts(p.Cluster, w)
	if mounts == noAccount {
		p.NotApplicable()
		return
	}
	if w.ServiceAccount() != defaultAccount {
		return
	}
	f := audit.Finding{
		Path:    w.Field("serviceAccountName"),
		Message: "its pods run as ServiceAccount default",
		Detail:  "The template names no ServiceAccount of its own. Its pods do not carry the token.",
	}
	if mounts == automatic {
		f.Detail = "The template names no ServiceAccount of its own, and its pods carry the token."
		f.Implied = defaultServiceAccountTokenMounted.ID
	}
	f.Fixes = ownAccount(p.Cluster, w)
	p.Report(f)
}

// ownAccount returns the fix that makes a ServiceAccount for a workload, like
// default but for its name. It is nil where default has something that the pods may
// need and that does not move by itself, and where that is not known: a role, an
// identity of a cloud.
func ownAccount(c *kube.Cluster, w *kube.Workload) []audit.Fix {
	namespace, name := w.Ref.Namespace, w.Ref.Name
	account, held := c.ServiceAccounts.Get(namespace, defaultAccount)
	switch {
	case !w.Held || !w.Controller.IsZero() || !knownPowerless(c, namespace, defaultAccount):
		return nil
	case !held && !c.Info.Offline || held && len(account.Annotations) > 0:
		return nil
	case name == defaultAccount || c.Has(kube.ServiceAccounts.Ref(namespace, name)):
		return nil // whose it is nobody knows
	}
	created := audit.Object{
		"apiVersion": "v1", "kind": kube.ServiceAccounts.Kind, "metadata": map[string]any{"name": name, "namespace": namespace},
	}
	if held && len(account.ImagePullSecrets) > 0 {
		created["imagePullSecrets"] = account.ImagePullSecrets
	}
	if held && account.AutomountServiceAccountToken != nil {
		created["automountServiceAccountToken"] = *account.AutomountServiceAccountToken
	}
	fix := audit.SetField("make a ServiceAccount for the workload", w.Field("serviceAccountName"), name)
	if w.Pod.Spec.DeprecatedServiceAccount != "" {
		fix.Edits = append(fix.Edits, audit.Edit{Op: audit.Remove, Path: w.Field("serviceAccount")})
	}
	fix.New = []audit.Object{created}
	fix.Risk = "What somebody adds to ServiceAccount default later on, such as a pull secret, does not reach these pods. " +
		"New pods are refused until the ServiceAccount is there."
	return []audit.Fix{fix}
}
