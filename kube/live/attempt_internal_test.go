package live

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"

	"github.com/seaworthy-dev/seaworthy/kube"
)

func TestVerdictOf(t *testing.T) {
	t.Parallel()
	deployments := schema.GroupResource{Group: "apps", Resource: "deployments"}
	answer := func(code int32, reason metav1.StatusReason, message string) error {
		return &apierrors.StatusError{ErrStatus: metav1.Status{Status: "Failure", Code: code, Reason: reason, Message: message}}
	}
	change := kube.Attempt{Verb: kube.TryPatch, Resource: kube.Deployments, Namespace: "shop", Name: "web"}
	creation := kube.Attempt{Verb: kube.TryCreate, Resource: kube.PodDisruptionBudgets, Namespace: "shop"}
	tests := map[string]struct {
		err     error
		attempt kube.Attempt
		outcome kube.Outcome
		by, why string // why is "" for the server's message
	}{
		"a webhook denies": {
			err:     answer(http.StatusForbidden, metav1.StatusReasonForbidden, `admission webhook "policy.example" denied the request: no`),
			attempt: change, outcome: kube.Refused, by: "admission webhook policy.example",
		},
		"a webhook denies, quoting another right": {
			err:     answer(http.StatusForbidden, metav1.StatusReasonForbidden, `admission webhook "policy.example" denied the request: User "a" cannot b`),
			attempt: change, outcome: kube.Refused, by: "admission webhook policy.example",
		},
		"a webhook does not answer": {
			err:     answer(http.StatusInternalServerError, metav1.StatusReasonInternalError, `Internal error occurred: failed calling webhook "policy.example": timeout`),
			attempt: change, outcome: kube.Refused, by: "admission webhook policy.example",
		},
		"a webhook takes no dry runs": {
			err:     answer(http.StatusBadRequest, metav1.StatusReasonBadRequest, `admission webhook "old.example" does not support dry run`),
			attempt: change, outcome: kube.Untried,
			why: "admission webhook old.example has side effects, or does not say that it has none (sideEffects), and refuses dry runs",
		},
		"a policy denies": {
			err: answer(http.StatusUnprocessableEntity, metav1.StatusReasonInvalid,
				`deployments.apps "web" is forbidden: ValidatingAdmissionPolicy 'owners' with binding 'all' denied request: no owner`),
			attempt: change, outcome: kube.Refused, by: "ValidatingAdmissionPolicy owners",
		},
		"Pod Security denies": {
			err: answer(http.StatusForbidden, metav1.StatusReasonForbidden,
				`pods "web" is forbidden: violates PodSecurity "restricted:latest": privileged`),
			attempt: change, outcome: kube.Refused, by: "Pod Security",
		},
		"a quota is used up": {
			err:     answer(http.StatusForbidden, metav1.StatusReasonForbidden, `pods "web" is forbidden: exceeded quota: all`),
			attempt: change, outcome: kube.Refused, by: "ResourceQuota",
		},
		"rights would grow": {
			err: answer(http.StatusForbidden, metav1.StatusReasonForbidden,
				`roles "a" is forbidden: user "b" (groups=["c"]) is attempting to grant RBAC permissions not currently held:`),
			attempt: change, outcome: kube.Refused, by: "RBAC",
		},
		"a right is missing": {
			err: answer(http.StatusForbidden, metav1.StatusReasonForbidden,
				`deployments.apps "web" is forbidden: User "reader" cannot patch resource "deployments" in API group "apps" in the namespace "shop"`),
			attempt: change, outcome: kube.NotPermitted, why: "it needs the right to patch deployments.apps in namespace shop",
		},
		"some plugin denies": {
			err:     answer(http.StatusForbidden, metav1.StatusReasonForbidden, `deployments.apps "web" is forbidden: because`),
			attempt: change, outcome: kube.Refused, by: "admission",
		},
		"it is not valid": {
			err:     apierrors.NewInvalid(schema.GroupKind{Group: "apps", Kind: "Deployment"}, "web", nil),
			attempt: change, outcome: kube.Refused, by: "validation",
		},
		"it is gone": {err: apierrors.NewNotFound(deployments, "web"), attempt: change, outcome: kube.Refused, by: "the API server"},
		"its namespace is new": {
			err:     apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, "shop"),
			attempt: creation, outcome: kube.Untried,
		},
		"it is there": {err: apierrors.NewAlreadyExists(deployments, "web"), attempt: creation, outcome: kube.Refused, by: "the API server"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := verdictOf(test.err, test.attempt)
			want := kube.Verdict{Outcome: test.outcome, By: test.by, Why: test.why}
			if want.Why == "" {
				want.Why = test.err.Error()
			}
			if diff := cmp.Diff(want, got); !ok || diff != "" {
				t.Errorf("says %t (-want +got):\n%s", ok, diff)
			}
		})
	}
	for _, err := range []error{
		answer(http.StatusUnauthorized, metav1.StatusReasonUnauthorized, "Unauthorized"), apierrors.NewTooManyRequests("wait", 1),
		apierrors.NewServiceUnavailable("later"), http.ErrServerClosed,
	} {
		if v, ok := verdictOf(err, change); ok {
			t.Errorf("%v is taken for the verdict %+v", err, v)
		}
	}
}

func TestKnowsDryRuns(t *testing.T) {
	t.Parallel()
	for v, want := range map[version.Info]bool{
		{Major: "1", Minor: "18"}: true, {Major: "1", Minor: "37"}: true, {Major: "1", Minor: "27+"}: true, {Major: "2", Minor: "0"}: true,
		{Major: "1", Minor: "17+"}: false, {Major: "1", Minor: "9"}: false, {}: false, {Major: "1"}: false, {GitVersion: "v1.30.0"}: false,
	} {
		if got := knowsDryRuns(v); got != want {
			t.Errorf("%+v: %t, want %t", v, got, want)
		}
	}
}
