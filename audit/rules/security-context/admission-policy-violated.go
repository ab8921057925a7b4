package securitycontext

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/cel"
	"github.com/seaworthy-dev/seaworthy/audit/cel/admission"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var admissionPolicyViolated = &audit.Rule{
	ID:       "admission-policy-violated",
	Title:    "A policy of the cluster forbids what runs",
	Severity: audit.High,
	Rationale: "A ValidatingAdmissionPolicy judges what is written, not what is there. " +
		"What came before the policy runs on without its protection, and the next rollout, restart or restore is denied, at a time that nobody chose.",
	Remediation: "Change the object so that the policy admits it, or say in the policy or its binding that it is an exception.",
	Since:       "2",
	Subjects:    judgedByPolicies(),
	Reads:       []kube.Resource{kube.ValidatingAdmissionPolicies, kube.ValidatingAdmissionPolicyBindings},
	Consults:    []kube.Resource{kube.Namespaces},
	Check: audit.EachOf(judgedByPolicies(), func(p *audit.Pass, o kube.Object) {
		policies := admission.Of(p.Cluster)
		if policies.None() {
			p.NotApplicable()
			return
		}
		j := &policyJudgement{pass: p, policies: policies}
		if w, ok := o.(*kube.Workload); ok {
			j.workload(w)
		} else {
			j.object(o)
		}
		j.settle()
	}),
}

// judgedByPolicies are the resources that policies are mostly about. Secrets and
// ConfigMaps are not: a policy on them is about data, which is never read.
func judgedByPolicies() []kube.Resource {
	return append(kube.WorkloadResources(),
		kube.Namespaces, kube.Services, kube.Ingresses, kube.NetworkPolicies, kube.HorizontalPodAutoscalers,
		kube.PodDisruptionBudgets, kube.ServiceAccounts, kube.Roles, kube.RoleBindings, kube.ClusterRoles,
		kube.ClusterRoleBindings, kube.LimitRanges, kube.ResourceQuotas, kube.PersistentVolumeClaims,
		kube.StorageClasses, kube.PriorityClasses, kube.IngressClasses, kube.Gateways, kube.HTTPRoutes,
	)
}

// policyJudgement is what the policies say of a subject.
type policyJudgement struct {
	pass     *audit.Pass
	policies *admission.Policies
	judged   int
	unknown  []string
}

// workload judges a workload and the pods that it makes: a policy may be about
// either. What stands between them, a ReplicaSet or the Job of a CronJob, is not
// judged.
func (j *policyJudgement) workload(w *kube.Workload) {
	pod := &admission.Request{
		Resource: kube.Pods, Namespace: w.Ref.Namespace, Labels: w.Pod.Labels, Object: cel.PodOf(j.pass.Cluster, w),
	}
	if w.Ref.Kind == kube.Pods.Kind {
		pod.Name = w.Ref.Name
		j.judge(pod, "")
		return
	}
	j.judge(pod, strings.TrimSuffix(w.Pod.Path, ".spec"))
	if resource, ok := kube.ResourceOf(w.Ref.Group, w.Ref.Kind); ok && w.Held {
		j.judge(&admission.Request{
			Resource: resource, Namespace: w.Ref.Namespace, Name: w.Ref.Name, Labels: w.Labels,
			Object: cel.ObjectOf(j.pass.Cluster, resource, w.Object),
		}, "")
	}
}

func (j *policyJudgement) object(o kube.Object) {
	ref := j.pass.Subject().Ref
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	labelled, _ := o.(interface{ GetLabels() map[string]string })
	r := &admission.Request{
		Resource: resource, Namespace: ref.Namespace, Name: ref.Name, Object: cel.ObjectOf(j.pass.Cluster, resource, o),
	}
	if labelled != nil {
		r.Labels = labelled.GetLabels()
	}
	j.judge(r, "")
}

// judge has the policies judge a request, and reports what they say of it at a
// path of the subject.
func (j *policyJudgement) judge(r *admission.Request, path string) {
	outcome := j.policies.Judge(j.pass.Cluster, r)
	j.judged += outcome.Judged
	for _, why := range outcome.Unknown {
		if !slices.Contains(j.unknown, why) {
			j.unknown = append(j.unknown, why)
		}
	}
	if len(outcome.Violations) > 0 {
		j.report(outcome.Violations, path)
	}
}

// report says all that policies say of one place in one finding, which is as
// severe as the worst of it.
func (j *policyJudgement) report(violations []admission.Violation, path string) {
	denies := slices.ContainsFunc(violations, func(v admission.Violation) bool { return v.Denies() })
	f := audit.Finding{Path: path, Severity: audit.Info}
	if denies {
		f.Severity = audit.High
	}
	var names, details []string
	first := ""
	for _, v := range violations {
		details = append(details, describeViolation(&v))
		if v.Denies() != denies {
			continue
		}
		if first == "" {
			first = v.Message
		}
		if !slices.Contains(names, v.Policy) {
			names = append(names, v.Policy)
		}
	}
	does := "complains of it"
	if denies {
		does = "would deny it"
	}
	f.Message = fmt.Sprintf("policy %s %s: %s", names[0], does, first)
	if more := len(names) - 1; more > 0 {
		f.Message += fmt.Sprintf(" (and %d more)", more)
	}
	f.Detail = strings.Join(details, " ")
	j.pass.Report(f)
}

func describeViolation(v *admission.Violation) string {
	actions := make([]string, len(v.Actions))
	for i, action := range v.Actions {
		actions[i] = string(action)
	}
	said := fmt.Sprintf("ValidatingAdmissionPolicy %s, bound by %s with %s, says: %s.",
		v.Policy, strings.Join(v.Bindings, " and "), strings.Join(actions, " and "), strings.TrimSuffix(v.Message, "."))
	if v.Fails {
		return said + " That is an error of the policy, whose failurePolicy is Fail."
	}
	return said + " This is false: " + strings.Join(strings.Fields(v.Expression), " ")
}

// settle says what is left to say when all is judged.
func (j *policyJudgement) settle() {
	switch {
	case len(j.unknown) > 0:
		j.pass.Unknown(strings.Join(j.unknown, "; "))
	case j.judged == 0:
		j.pass.NotApplicable()
	}
}
