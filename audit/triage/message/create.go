package message

import (
	"strings"
)

// RefusalKind is why the API server did not create an object.
type RefusalKind string

// The kinds of refusals.
const (
	// QuotaExceeded: Name is the ResourceQuota; Requested, Used and Limited say by
	// how much, of the resources that are exceeded.
	QuotaExceeded RefusalKind = "quota"
	// QuotaUnspecified: the ResourceQuota called Name wants requests or limits that
	// the pod does not have; Missing says which, of which containers.
	QuotaUnspecified RefusalKind = "quota-unspecified"
	// QuotaUncovered: the server admits it only under a quota, and none covers it.
	QuotaUncovered RefusalKind = "quota-uncovered"
	// QuotaUnknown: the status of the ResourceQuota called Name is not there yet.
	QuotaUnknown RefusalKind = "quota-unknown"
	// LimitRangeExceeded: a LimitRange allows less, or wants more. Name is the resource.
	LimitRangeExceeded RefusalKind = "limit-range"
	// PodSecurity: the namespace enforces the level Name, "baseline" or "restricted";
	// Text says what violates it.
	PodSecurity RefusalKind = "pod-security"
	// ServiceAccountMissing, PriorityClassMissing and RuntimeClassMissing: no object
	// is called Name.
	ServiceAccountMissing RefusalKind = "service-account-missing"
	PriorityClassMissing  RefusalKind = "priority-class-missing"
	RuntimeClassMissing   RefusalKind = "runtime-class-missing"
	// NamespaceTerminating: the namespace Name is being deleted.
	NamespaceTerminating RefusalKind = "namespace-terminating"
	// WebhookDenied: the admission webhook Name answered, and said no.
	WebhookDenied RefusalKind = "webhook-denied"
	// WebhookFailed: the admission webhook Name did not answer; see Webhook.
	WebhookFailed RefusalKind = "webhook-failed"
	// PolicyDenied: the admission policy Name, bound by Binding, said no.
	PolicyDenied RefusalKind = "admission-policy-denied"
	// NotPermitted: RBAC does not let the controller create it.
	NotPermitted RefusalKind = "not-permitted"
	// Invalid: the object itself is wrong.
	Invalid RefusalKind = "invalid"
	// ServerTimeout, ServerStorage and ServerBusy: the API server did not manage, its
	// etcd did not, or it had too much to do.
	ServerTimeout RefusalKind = "server-timeout"
	ServerStorage RefusalKind = "server-storage"
	ServerBusy    RefusalKind = "server-busy"
	// UnparsedRefusal: in Text alone.
	UnparsedRefusal RefusalKind = Unparsed
)

// OfServer reports whether the API server is at fault, not what was asked of it.
func (k RefusalKind) OfServer() bool { return strings.HasPrefix(string(k), "server-") }

// Refusal is why an object was not created.
type Refusal struct {
	Kind RefusalKind
	// Name is what Kind says, "" if it is not said.
	Name    string
	Binding string // of PolicyDenied, "" if none is said
	// Requested, Used and Limited are quantities as the server writes them, by
	// resource: of QuotaExceeded, else nil.
	Requested, Used, Limited map[string]string
	// Missing has the containers, "a,b", by what they lack, "limits.cpu": of
	// QuotaUnspecified, else nil.
	Missing map[string]string
	// Webhook is how the call failed: of WebhookFailed, else zero.
	Webhook WebhookFailure
	// Text is what follows the words that were read: the reason that a policy or
	// webhook gives, or the whole message if it is not known.
	Text string
}

// refusals are the words by which a refusal is known, the kind, and who reads the
// rest, which begins with the words.
var refusals = [...]struct {
	words string
	kind  RefusalKind
	read  func(*Refusal, string)
}{
	// k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go
	{"exceeded quota: ", QuotaExceeded, readQuota},
	{"failed quota: ", QuotaUnspecified, readUnspecified},
	{"insufficient quota to consume: ", QuotaUncovered, nil},
	{"insufficient quota to match these scopes: ", QuotaUncovered, nil},
	{"status unknown for quota: ", QuotaUnknown, readWord("status unknown for quota: ")},
	// plugin/pkg/admission/limitranger/admission.go
	{" usage per ", LimitRangeExceeded, nil},
	{" max limit to request ratio per ", LimitRangeExceeded, nil},
	// k8s.io/pod-security-admission/admission/admission.go, EvaluatePod
	{"violates PodSecurity ", PodSecurity, readLevel},
	// plugin/pkg/admission/serviceaccount/admission.go
	{"error looking up service account ", ServiceAccountMissing, readServiceAccount},
	// plugin/pkg/admission/priority/admission.go
	{"no PriorityClass with name ", PriorityClassMissing, readWord("no PriorityClass with name ")},
	// plugin/pkg/admission/runtimeclass/admission.go
	{"pod rejected: RuntimeClass ", RuntimeClassMissing, readName("pod rejected: RuntimeClass ")},
	// k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go
	{"unable to create new content in namespace ", NamespaceTerminating, readWord("unable to create new content in namespace ")},
	// k8s.io/apiserver/pkg/admission/plugin/webhook/errors/statuserror.go, ToStatusErr
	{"admission webhook ", WebhookDenied, readName("admission webhook ")},
	// k8s.io/apiserver/pkg/util/webhook/error.go, ErrCallingWebhook
	{"failed calling webhook ", WebhookFailed, readCall},
	// k8s.io/apiserver/pkg/admission/plugin/policy/validating/dispatcher.go
	{"ValidatingAdmissionPolicy '", PolicyDenied, readPolicy("ValidatingAdmissionPolicy ")},
	// k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go, PolicyError
	{"policy '", PolicyDenied, readPolicy("policy ")},
	{`policy "`, PolicyDenied, readPolicy("policy ")},
	// k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go
	{" cannot create resource ", NotPermitted, nil},
	// k8s.io/apimachinery/pkg/api/errors: NewInvalid, NewTimeoutError, NewServerTimeout,
	// NewTooManyRequests, NewGenericServerResponse
	{" is invalid: ", Invalid, nil},
	{"Timeout: request did not complete within", ServerTimeout, nil},
	{"the server was unable to return a response in the time allotted", ServerTimeout, nil},
	{"the server is currently unable to handle the request", ServerBusy, nil},
	{"the server has received too many requests", ServerBusy, nil},
	{"Too many requests", ServerBusy, nil},
	// go.etcd.io/etcd/api/v3/v3rpc/rpctypes: every error begins so
	{"etcdserver: ", ServerStorage, nil},
	{"context deadline exceeded", ServerTimeout, nil},
}

// Create reads why an object was not created: the event FailedCreate ("Error
// creating: …", pkg/controller/controller_utils.go), the conditions ReplicaFailure and
// ReplicaSetCreateError, or the API server's own answer. An empty message is unparsed.
func Create(message string) Refusal {
	message = bounded(message)
	found, at := -1, len(message)
	for i := range refusals {
		words := refusals[i].words
		if here := strings.Index(message[:min(len(message), at+len(words))], words); here >= 0 && here < at {
			found, at = i, here
		}
	}
	if found < 0 {
		return Refusal{Kind: UnparsedRefusal, Text: Scrub(message)}
	}
	r := Refusal{Kind: refusals[found].kind}
	tail := message[at:]
	if read := refusals[found].read; read != nil {
		read(&r, tail)
	}
	switch r.Kind {
	case LimitRangeExceeded:
		readLimit(&r, message[:at], tail)
	case WebhookDenied:
		// "does not support dry run" is no answer to what was asked.
		_, denied, is := strings.Cut(tail, " denied the request")
		if !is {
			return Refusal{Kind: UnparsedRefusal, Text: Scrub(message)}
		}
		r.Text = Scrub(strings.TrimPrefix(denied, ": "))
	case PolicyDenied:
		if _, denied, is := strings.Cut(tail, "denied request: "); is {
			r.Text = Scrub(denied)
		} else {
			return Refusal{Kind: UnparsedRefusal, Text: Scrub(message)}
		}
	default: // read in full
	}
	if r.Text == "" {
		r.Text = Scrub(tail)
	}
	return r
}

// readWord and readName read the name behind words, without and in quotes.
func readWord(words string) func(*Refusal, string) {
	return func(r *Refusal, tail string) { r.Name = wordAfter(tail, words) }
}

func readName(words string) func(*Refusal, string) {
	return func(r *Refusal, tail string) { r.Name = quotedAfter(tail, words) }
}

// readQuota reads "exceeded quota: q, requested: cpu=1,pods=1, used: …, limited: …".
func readQuota(r *Refusal, tail string) {
	r.Name = wordAfter(tail, "exceeded quota: ")
	r.Requested = quantities(before(after(tail, ", requested: "), ", used: "))
	r.Used = quantities(before(after(tail, ", used: "), ", limited: "))
	r.Limited = quantities(before(after(tail, ", limited: "), " "))
}

// quantities reads "cpu=1,requests.memory=2Gi" (prettyPrint of the same file).
func quantities(list string) map[string]string {
	read := map[string]string{}
	for pair := range strings.SplitSeq(list, ",") {
		if resource, quantity, is := strings.Cut(pair, "="); is {
			read[strings.TrimSpace(resource)] = strings.TrimSpace(quantity)
		}
	}
	return read
}

// readUnspecified reads "failed quota: q: must specify limits.cpu for: a,b; limits.memory
// for: a" (pkg/quota/v1/evaluator/core/pods.go, Constraints); old servers name no
// containers: "must specify limits.cpu,limits.memory".
func readUnspecified(r *Refusal, tail string) {
	r.Name = wordAfter(tail, "failed quota: ")
	list, is := strings.CutPrefix(after(tail, ": must"), " specify ")
	if !is {
		return
	}
	r.Missing = map[string]string{}
	for part := range strings.SplitSeq(list, "; ") {
		lacking, containers, _ := strings.Cut(part, " for: ")
		for resource := range strings.SplitSeq(lacking, ",") {
			r.Missing[strings.TrimSpace(resource)] = containers
		}
	}
}

// readLimit takes the resource, which stands before the words: "maximum cpu usage per
// Container is …", "memory max limit to request ratio per Pod is …"; several come in
// brackets.
func readLimit(r *Refusal, head, tail string) {
	r.Name = head[strings.LastIndexAny(head, " [")+1:]
	start := strings.LastIndexAny(strings.TrimSuffix(head, r.Name), ":[") + 1
	r.Text = Scrub(strings.TrimSuffix(strings.TrimSpace(head[start:]+tail), "]"))
}

// readLevel reads `violates PodSecurity "restricted:latest": …`.
func readLevel(r *Refusal, tail string) {
	inside, rest, _ := quoted(after(tail, "violates PodSecurity "))
	r.Name = before(inside, ":")
	r.Text = Scrub(strings.TrimPrefix(rest, ": "))
}

// readServiceAccount reads "error looking up service account ns/name: serviceaccount
// "name" not found"; any other error is the server's, and not understood.
func readServiceAccount(r *Refusal, tail string) {
	name := wordAfter(tail, "error looking up service account ")
	_, r.Name, _ = strings.Cut(name, "/")
	if !strings.Contains(before(tail, "\n"), " not found") {
		r.Kind = UnparsedRefusal
	}
}

func readCall(r *Refusal, tail string) {
	r.Webhook = Webhook(tail)
	r.Name = r.Webhook.Name
}

// readPolicy reads "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: …".
func readPolicy(words string) func(*Refusal, string) {
	return func(r *Refusal, tail string) {
		name, rest, _ := quoted(strings.TrimPrefix(tail, words))
		r.Name = name
		if strings.HasPrefix(rest, " with binding ") {
			r.Binding = quotedAfter(rest, " with binding ")
		}
	}
}
