package live

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/rest"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// fieldManager is who a server would name as the author of a change.
const fieldManager = "seaworthy"

// answerOnly has the server leave the object out of the answer to a dry run: what
// became of the attempt is all that is wanted, and an answer about a Secret must not
// bring its data along.
const answerOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"

// attempting is the key of contexts in which a dry run may be sent. Only [Source.Try]
// uses it: nothing else that speaks to the server can send one.
type attempting struct{}

// Try asks the server what it would say of a change, as a dry run, which stores
// nothing. Each attempt is judged by what the cluster is now: the server knows nothing
// of those tried before. A verdict of [kube.Untried] says why there is no answer. The
// error is that of a server that does not answer, or does not know who asks.
func (s *Source) Try(ctx context.Context, a kube.Attempt) (kube.Verdict, error) {
	if why := s.untriable(a); why != "" {
		return kube.Verdict{Why: why}, nil
	}
	ctx, cancel := s.within(ctx, answerTime)
	defer cancel()
	result := s.client.attempt(ctx, a)
	v := kube.Verdict{Outcome: kube.Accepted}
	for _, w := range result.Warnings() {
		if w.Code == 299 && w.Text != "" { // RFC 7234 §5.5: one for people
			v.Warnings = append(v.Warnings, oneLine(w.Text))
		}
	}
	err := result.Error()
	if err == nil {
		return v, nil
	}
	if errors.Is(err, ErrRefused) {
		return kube.Verdict{Why: oneLine(err.Error())}, nil
	}
	if refused, ok := verdictOf(err, a); ok {
		refused.Warnings = v.Warnings
		return refused, nil
	}
	return kube.Verdict{}, fmt.Errorf("trying to %s %s: %w", a.Verb, a.Resource.Ref(a.Namespace, a.Name), s.connection.diagnose(err))
}

// untriable says why a change cannot be tried on this server.
func (s *Source) untriable(a kube.Attempt) string {
	switch {
	case !s.dryRuns:
		return "the server is older than Kubernetes 1.18 or does not tell its version: it may not heed a dry run"
	case !heedsDryRun(a.Resource):
		return fmt.Sprintf("%s are not known to heed a dry run", a.Resource)
	case a.Verb != kube.TryCreate && (a.Name == "" || len(content.IsPathSegmentName(a.Name)) > 0):
		return fmt.Sprintf("%q is the name of no object", a.Name)
	}
	return ""
}

// knowsDryRuns reports whether a server is of a version in which dry runs are settled
// (KEP-576: stable since 1.18). One that does not know the parameter would ignore it.
func knowsDryRuns(v version.Info) bool {
	var major, minor int
	if _, err := fmt.Sscanf(v.Major, "%d", &major); err != nil {
		return false
	}
	if _, err := fmt.Sscanf(v.Minor, "%d", &minor); err != nil { // "27+" is one, too
		return false
	}
	return major > 1 || major == 1 && minor >= 18
}

// heedsDryRun reports whether a resource is known to heed a dry run: those of
// Kubernetes itself do. An aggregated API may not, and a custom resource may be of one.
// What only components write is nothing to try.
func heedsDryRun(r kube.Resource) bool {
	known, ok := kube.ResourceOf(r.Group, r.Kind)
	return ok && known == r && !r.Custom() && r != kube.PodMetrics && r != kube.NodeMetrics && !slices.Contains(kube.Records(), r)
}

// attempt sends a dry run.
func (k *client) attempt(ctx context.Context, a kube.Attempt) rest.Result {
	c := k.versions[schema.GroupVersion{Group: a.Resource.Group, Version: a.Resource.Version}]
	var r *rest.Request
	switch a.Verb {
	case kube.TryCreate:
		r = c.Post().SetHeader("Content-Type", "application/json")
	case kube.TryDelete:
		r = c.Delete()
	default:
		kind := types.StrategicMergePatchType
		if a.JSONPatch {
			kind = types.JSONPatchType
		}
		r = c.Patch(kind)
	}
	r = r.NamespaceIfScoped(a.Namespace, a.Namespace != "").Resource(a.Resource.Plural)
	if a.Verb != kube.TryCreate {
		r = r.Name(a.Name)
	}
	r = r.Param("dryRun", "All").SetHeader("Accept", answerOnly).WarningHandlerWithContext(rest.NoWarnings{})
	if a.Verb != kube.TryDelete {
		r = r.Param("fieldManager", fieldManager).Body(a.Body)
	}
	return r.Do(context.WithValue(ctx, attempting{}, true))
}

// Who refuses says so in the message alone (k8s.io/apiserver
// pkg/admission/plugin/webhook/errors, pkg/admission/plugin/policy/validating,
// k8s.io/pod-security-admission/admission, k8s.io/kubernetes
// plugin/pkg/admission/resourcequota).
var (
	deniedByWebhook = regexp.MustCompile(`^admission webhook "([^"]*)" denied the request`)
	noDryRunWebhook = regexp.MustCompile(`admission webhook "([^"]*)" does not support dry run`)
	failedWebhook   = regexp.MustCompile(`failed calling webhook "([^"]*)"`)
	deniedByPolicy  = regexp.MustCompile(`ValidatingAdmissionPolicy '([^']*)'`)
	lacksRight      = regexp.MustCompile(`User "[^"]*" cannot `)
)

// verdictOf reads the refusal of an attempt; false for an error that says nothing of
// the attempt.
func verdictOf(err error, a kube.Attempt) (kube.Verdict, bool) {
	var status apierrors.APIStatus
	if !errors.As(err, &status) || apierrors.IsUnauthorized(err) {
		return kube.Verdict{}, false
	}
	message, code := oneLine(status.Status().Message), status.Status().Code
	refused := func(by string) (kube.Verdict, bool) {
		return kube.Verdict{Outcome: kube.Refused, By: by, Why: message}, true
	}
	if m := noDryRunWebhook.FindStringSubmatch(message); m != nil {
		return kube.Verdict{Why: fmt.Sprintf("admission webhook %s has side effects, or does not say that it has none (sideEffects), and refuses dry runs", m[1])}, true
	}
	for _, of := range []*regexp.Regexp{deniedByWebhook, failedWebhook} {
		if m := of.FindStringSubmatch(message); m != nil {
			return refused("admission webhook " + m[1])
		}
	}
	if m := deniedByPolicy.FindStringSubmatch(message); m != nil {
		return refused("ValidatingAdmissionPolicy " + m[1])
	}
	switch {
	case code == http.StatusForbidden && lacksRight.MatchString(message):
		return kube.Verdict{Outcome: kube.NotPermitted, Why: missing(a)}, true
	case code == http.StatusForbidden:
		return refused(forbidding(message))
	case apierrors.IsNotFound(err) && a.Verb == kube.TryCreate:
		return kube.Verdict{Why: message}, true // what it is to be created in is not there yet
	case apierrors.IsInvalid(err):
		return refused("validation")
	case code == http.StatusTooManyRequests || code >= http.StatusInternalServerError:
		return kube.Verdict{}, false
	}
	return refused("the API server")
}

// forbidding names what forbids a change to somebody who has the right to it.
func forbidding(message string) string {
	switch {
	case strings.Contains(message, "violates PodSecurity"):
		return "Pod Security"
	case strings.Contains(message, "exceeded quota"):
		return "ResourceQuota"
	case strings.Contains(message, "attempting to grant RBAC permissions"):
		return "RBAC"
	}
	return "admission"
}

// missing names the right that an attempt needs, in the words of kubectl auth can-i.
func missing(a kube.Attempt) string {
	return "it needs " + rightTo(string(a.Verb), a.Resource.String(), a.Namespace)
}
