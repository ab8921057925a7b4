package message

import "strings"

// ConfigKind is why a container was not made, or its volumes not mounted.
type ConfigKind string

// The kinds.
const (
	// ObjectMissing: there is no Object called Name.
	ObjectMissing ConfigKind = "object-missing"
	// KeyMissing: the Object has no key called Key.
	KeyMissing ConfigKind = "key-missing"
	// ObjectForbidden: the kubelet may not read the Object called Name: the node
	// authorizer has not seen the pod, or it belongs to none on the node.
	ObjectForbidden ConfigKind = "object-forbidden"
	// ObjectUnsynced: the kubelet has not got the Object from the API server yet.
	ObjectUnsynced ConfigKind = "object-unsynced"
	// RunsAsRoot: runAsNonRoot is set, and the image's user is root, or not known not to be.
	RunsAsRoot ConfigKind = "run-as-root"
	// ClaimUnbound: the PersistentVolumeClaim called Name is not bound to a volume.
	ClaimUnbound ConfigKind = "claim-unbound"
	// ClaimDeleted: the PersistentVolumeClaim called Name is being deleted.
	ClaimDeleted ConfigKind = "claim-deleted"
	// DriverMissing: no CSI driver called Name has registered on the node.
	DriverMissing ConfigKind = "driver-missing"
	// HostPath: what is at the path Name is not what hostPath.type says.
	HostPath ConfigKind = "host-path"
	// MountLimit: the node has as many volumes attached as it takes.
	MountLimit ConfigKind = "volume-limit"
	// MountTimedOut: volumes were not ready in time; the message does not say why.
	MountTimedOut ConfigKind = "volume-timeout"
	// MountFailed: a volume was not set up; the words are those of its driver, in Text.
	MountFailed ConfigKind = "volume-failed"
	// UnparsedConfig: in Text alone.
	UnparsedConfig ConfigKind = Unparsed
)

// ConfigProblem is what a container lacks before it can be made.
type ConfigProblem struct {
	Kind ConfigKind
	// Object is ConfigMap, Secret, ServiceAccount or PersistentVolumeClaim, "" if it
	// is about none.
	Object string
	// Namespace, Name and Key are "" where they are not said.
	Namespace, Name, Key string
	// Volume is the name of the pod's volume, "" if it is not said. Unmounted has
	// all that wait.
	Volume    string
	Unmounted []string
	Text      string
}

// attachmentLimit is what the kubelet says of a pod that it rejects for its volumes
// (kubelet/volumemanager, VolumeAttachLimitExceededError); Kubelet.rejectPod puts "Pod
// was rejected: " before it, in the pod's status message.
const attachmentLimit = "Node has reached its volume attachment limit, rejecting pod"

// Config reads the message of a container that waits for CreateContainerConfigError, of
// the event FailedMount, and of a pod with the reason VolumeAttachmentLimitExceeded.
// Volumes that are merely slow bring no event (Kubelet.SyncPod writes none when the wait
// was interrupted, in 1.31 as in 1.37).
func Config(message string) ConfigProblem {
	message = bounded(message)
	p := ConfigProblem{Kind: UnparsedConfig, Text: Scrub(message)}
	p.Volume = quotedAfter(message, " for volume ")
	_, list, waits := strings.Cut(message, "unmounted volumes=")
	if waits { // kubelet/volumemanager/volume_manager.go, WaitForAttachAndMount
		p.Unmounted = listed(list)
	}
	for _, read := range [...]func(*ConfigProblem, string) bool{readMissingKey, readObject, readUser, readClaim, readVolume} {
		if read(&p, message) {
			return p
		}
	}
	switch {
	case strings.Contains(message, attachmentLimit):
		p.Kind = MountLimit
	case waits:
		p.Kind = MountTimedOut
	case strings.HasPrefix(message, "MountVolume.") || strings.HasPrefix(message, "MapVolume."):
		// volume/util/operationexecutor/operation_generator.go
		p.Kind = MountFailed
	}
	return p
}

// objectKinds are the words by which the kubelet calls an object, and its kind.
var objectKinds = [...]struct{ word, kind string }{
	{"configmap", "ConfigMap"},
	{"secret", "Secret"},
	{"serviceaccount", "ServiceAccount"},
	{"persistentvolumeclaim", "PersistentVolumeClaim"},
}

// readMissingKey reads `couldn't find key k in ConfigMap ns/name` (kubelet_pods.go,
// makeEnvironmentVariables), and "references non-existent secret key: k"
// (pkg/volume/configmap and pkg/volume/secret), which names no object.
func readMissingKey(p *ConfigProblem, message string) bool {
	if _, tail, is := strings.Cut(message, "couldn't find key "); is {
		for _, kind := range objectKinds {
			key, object, found := strings.Cut(tail, " in "+kind.kind+" ")
			if !found {
				continue
			}
			p.Kind, p.Object, p.Key = KeyMissing, kind.kind, key
			p.Namespace, p.Name, _ = strings.Cut(wordAfter(" "+object, " "), "/")
			return true
		}
	}
	for _, words := range [...]struct{ words, kind string }{
		{"references non-existent config key: ", "ConfigMap"}, {"references non-existent secret key: ", "Secret"},
	} {
		if key := wordAfter(message, words.words); key != "" {
			p.Kind, p.Object, p.Key = KeyMissing, words.kind, key
			return true
		}
	}
	return false
}

// readObject reads `secret "x" not found` and the like: the errors of listers and of
// the API server (apimachinery/pkg/api/errors), and those of the kubelet's caches
// (kubelet/util/manager).
func readObject(p *ConfigProblem, message string) bool {
	for _, kind := range objectKinds {
		for _, word := range [...]string{kind.word + " ", kind.word + "s "} {
			name, rest, found := quoted(tailOf(message, word))
			switch {
			case !found:
				continue
			case strings.HasPrefix(rest, " not found"):
				p.Kind = ObjectMissing
			case strings.HasPrefix(rest, " is forbidden"):
				p.Kind = ObjectForbidden
			default:
				continue
			}
			p.Object, p.Name = kind.kind, name
			return true
		}
		if strings.Contains(message, "failed to sync "+kind.word+" cache") {
			p.Kind, p.Object = ObjectUnsynced, kind.kind
			return true
		}
	}
	if namespace, rest, found := quoted(after(message, "object ")); found && strings.HasSuffix(rest, " not registered") {
		p.Kind, p.Namespace = ObjectUnsynced, namespace
		p.Name = quotedAfter(rest, "/")
		return true
	}
	return false
}

// tailOf returns what follows the first place where a word is followed by quotes.
func tailOf(text, word string) string {
	return strings.TrimPrefix(text[max(strings.Index(text, word+`"`), 0):], word)
}

// readUser reads what kuberuntime/security_context_others.go says.
func readUser(p *ConfigProblem, message string) bool {
	if strings.HasPrefix(message, "container has runAsNonRoot and ") || strings.HasPrefix(message, "container's runAsUser breaks non-root policy") {
		p.Kind = RunsAsRoot
		return true
	}
	return false
}

// readClaim reads "error processing PVC ns/name: PVC is not bound"
// (kubelet/volumemanager/populator).
func readClaim(p *ConfigProblem, message string) bool {
	object := wordAfter(message, "error processing PVC ")
	if object == "" {
		return false
	}
	switch {
	case holds(message, "PVC is not bound", "PVC has empty pvc.Spec.VolumeName", "not yet bound to the claim"):
		p.Kind = ClaimUnbound
	case strings.Contains(message, "PVC is being deleted"):
		p.Kind = ClaimDeleted
	default:
		return false
	}
	p.Object = "PersistentVolumeClaim"
	p.Namespace, p.Name, _ = strings.Cut(object, "/")
	return true
}

// readVolume reads what pkg/volume/csi/csi_client.go and pkg/volume/hostpath say.
func readVolume(p *ConfigProblem, message string) bool {
	if strings.Contains(message, " not found in the list of registered CSI drivers") {
		p.Kind, p.Name = DriverMissing, wordAfter(message, "driver name ")
		return true
	}
	if _, tail, is := strings.Cut(message, "hostPath type check failed"); is {
		p.Kind, p.Name = HostPath, before(strings.TrimLeft(tail, ":, "), " is not a ")
		return true
	}
	return false
}
