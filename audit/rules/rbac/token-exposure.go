package rbac

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access/scope"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var tokenExposure = &audit.Rule{
	ID:       "token-exposure",
	Title:    "API tokens lie about in a namespace",
	Severity: audit.Low,
	Rationale: "A token that nobody asked for is found by who breaks into a pod, and a token in a Secret is good for as long as " +
		"the Secret is there, wherever a copy of it is.",
	Remediation: "Give programs that talk to the API server a ServiceAccount of their own, set automountServiceAccountToken: " +
		"false on the default one, and delete Secrets with tokens: tokens that are requested expire.",
	Controls: []string{"CIS-5.1.5", "CIS-5.1.6", "OWASP22-K03", "OWASP25-K02", "MITRE-T1528"},
	Since:    "3",
	Subjects: []kube.Resource{kube.Namespaces},
	Reads:    append(readRBAC(), kube.ServiceAccounts, kube.Secrets),
	Consults: measuredBy(),
	Wide:     true, // bindings of any namespace may give a ServiceAccount something
	Weight:   0.11,
	Check:    eachScoped(judgeTokens),
}

const (
	unasked   = 0.3 // of a workload that carries a token because nobody said otherwise
	perSecret = 0.2 // of a Secret with a token that does not expire
)

// judgeTokens measures the share of workloads that carry a token they should not.
// It is of workloads and not of pods, so that replicas play no part; and it does
// not ask whether the token is good for anything, for else a namespace would be
// better for every right that is granted in it: somebody who named a ServiceAccount
// asked for a token, and the default one comes by itself.
func judgeTokens(p *audit.Pass, namespace string, s *scope.Space) {
	c := p.Cluster
	run, came, master := carriers(c, namespace, s.Master != nil)
	secrets := tokenSecrets(c, namespace)
	m := measure{extent: perSecret * float64(secrets.many), unread: notInView(s.Unread), consulted: kube.WorkloadResources()}
	if run > 0 {
		m.extent += (float64(master.many) + unasked*float64(came.many)) / float64(run)
	}
	m.extent = min(m.extent, 1)
	told := []struct {
		who  exposed
		what string
	}{
		{master, fmt.Sprintf("%d of %d workloads run as the default ServiceAccount, which has rights", master.many, run)},
		{secrets, fmt.Sprintf("%d Secrets hold a token that does not expire", secrets.many)},
		{came, fmt.Sprintf("%d of %d workloads carry the token of the default ServiceAccount unasked", came.many, run)},
	}
	for _, one := range told {
		switch {
		case one.who.many == 0:
		case m.message == "":
			m.message, m.detail = one.what, one.who.String()+"."
		default:
			m.detail += " Next: " + one.what + ": " + one.who.String() + "."
		}
	}
	if master.many > 0 {
		m.detail = fmt.Sprintf("%s gives it the %s. %s", s.Master.Ref, s.Master.Role, m.detail)
	}
	m.report(p)
}

// carriers counts the workloads that run in a namespace, and those of which the pods
// carry the token of the default ServiceAccount: unasked, or where it is a master
// whatever they asked for.
func carriers(c *kube.Cluster, namespace string, mighty bool) (run int, came, master exposed) {
	for _, w := range c.WorkloadsIn(namespace) {
		if w.Ended() || w.Replicas != nil && *w.Replicas == 0 {
			continue
		}
		run++
		if w.ServiceAccount() != defaultAccount {
			continue
		}
		switch token := carriesToken(c, w); {
		case token == without || token == noAccount:
		case mighty:
			master.add(w.Ref)
		case token == automatic && !askedFor(c, w):
			came.add(w.Ref)
		}
	}
	return run, came, master
}

// exposed are objects by which tokens are exposed, of which the first is told.
type exposed struct {
	first kube.Ref
	many  int
}

func (e *exposed) add(ref kube.Ref) {
	if e.many == 0 {
		e.first = ref
	}
	e.many++
}

// String returns "Secret ci/token and 2 more".
func (e exposed) String() string {
	if e.many == 1 {
		return e.first.String()
	}
	return fmt.Sprintf("%s and %d more", e.first, e.many-1)
}

// askedFor reports whether the pod template or the ServiceAccount wants the token.
func askedFor(c *kube.Cluster, w *kube.Workload) bool {
	return w.Pod.Spec.AutomountServiceAccountToken != nil || accountDecides(c, w)
}

// tokenSecrets returns the Secrets with a token that the server honours.
func tokenSecrets(c *kube.Cluster, namespace string) exposed {
	var found exposed
	for _, s := range c.Secrets.In(namespace) {
		_, invalid := s.Labels["kubernetes.io/legacy-token-invalid-since"] // KEP-2799
		if s.Annotations[corev1.ServiceAccountNameKey] != "" && !invalid {
			found.add(kube.Secrets.Ref(namespace, s.Name))
		}
	}
	return found
}
