package message

import (
	"strings"

	"github.com/distribution/reference"
)

// PullCause is why an image could not be pulled.
type PullCause string

// The causes. Registries and container runtimes say them, in words of their own
// (containerd 2.1, core/remotes/docker; containers/image, which CRI-O uses), and the
// kubelet passes them on (pkg/kubelet/images/image_manager.go).
const (
	// TagMissing: the registry knows no such image, tag or digest.
	TagMissing PullCause = "tag"
	// Access: credentials are missing or wrong, or the repository's name is: to those
	// who may not read it a registry does not say that it does not exist.
	Access PullCause = "access"
	// RateLimited: the registry has answered too often of late.
	RateLimited PullCause = "rate-limit"
	// RegistryName: the registry's name could not be resolved.
	RegistryName PullCause = "dns"
	// RegistryCertificate: the registry's certificate is not trusted, or TLS failed.
	RegistryCertificate PullCause = "certificate"
	// RegistryNetwork: the registry could not be reached, or not in time.
	RegistryNetwork PullCause = "network"
	// RegistryError: the registry answered with an error of its own.
	RegistryError PullCause = "registry"
	// Platform: the image is not made for the node's architecture or system.
	Platform PullCause = "platform"
	// DiskFull: the node has no space left for it.
	DiskFull PullCause = "disk"
	// Signature: the node's policy does not accept the signature, or its lack.
	Signature PullCause = "signature"
	// InvalidName: the image's name cannot be read.
	InvalidName PullCause = "name"
	// NeverPulled: the node does not have it, and pull policy Never forbids to pull.
	NeverPulled PullCause = "never"
	// KubeletBusy: the kubelet pulls no faster (registryPullQPS).
	KubeletBusy PullCause = "kubelet-limit"
	// Unsaid: the kubelet waits before it tries again, and does not say why the last
	// attempt failed (1.31 never does, 1.37 nearly always): an event Failed does.
	Unsaid PullCause = "unsaid"
	// UnparsedPull: in Text alone.
	UnparsedPull PullCause = Unparsed
)

// pullCauses are the words of a cause, in the order in which they are looked for:
// what is particular before what is common, and how the network failed before what
// the registry would have been asked.
var pullCauses = [...]struct {
	words string
	cause PullCause
}{
	{"SignatureValidationFailed", Signature}, // k8s.io/cri-api/pkg/errors
	{"the signature validation failed", Signature},
	{"Source image rejected: ", Signature},     // containers/image, signature policy
	{"no match for platform in ", Platform},    // containerd, core/images
	{"no matching manifest for ", Platform},    // Docker
	{"no image found in ", Platform},           // containers/image, manifest list and image index
	{"no space left on device", DiskFull},      // ENOSPC
	{"toomanyrequests", RateLimited},           // the distribution specification's error code
	{"429 Too Many Requests", RateLimited},     // RFC 6585
	{"too many requests", RateLimited},         // containers/image
	{"pull rate limit", RateLimited},           // Docker Hub
	{"pull QPS exceeded", KubeletBusy},         // pkg/kubelet/images/helpers.go
	{"pull policy of Never", NeverPulled},      // imageNotPresentOnNeverPolicyError
	{"couldn't parse image name", InvalidName}, // pkg/util/parsers
	{"invalid reference format", InvalidName},  // distribution/reference
	{"Failed to apply default image tag ", InvalidName},
}

// answers are the words of what a registry, once reached, says.
var answers = [...]struct {
	words string
	cause PullCause
}{
	{"500 Internal Server Error", RegistryError},
	{"502 Bad Gateway", RegistryError},
	{"503 Service Unavailable", RegistryError},
	{"504 Gateway Timeout", RegistryError},
	{"no basic auth credentials", Access},
	{"unauthorized", Access},
	{"Unauthorized", Access},
	{"authentication required", Access},
	{"authorization failed", Access},
	{"insufficient_scope", Access},
	{"403 Forbidden", Access},
	{"access denied", Access},
	{"access to the requested resource is not authorized", Access},
	{"denied: ", Access},
	{"manifest unknown", TagMissing},
	{"name unknown", TagMissing},
	{"not found", TagMissing},
	{"404 Not Found", TagMissing},
	{"the registry is unavailable", RegistryError}, // image_manager.go, evalCRIPullErr
	{"RegistryUnavailable", RegistryError},
}

// PullFailure is why an image could not be pulled, and which.
type PullFailure struct {
	Cause PullCause
	// Image is the image as the pod names it, or as the runtime does; "" if neither
	// is said.
	Image string
	// Registry is the host of Image, docker.io where it names none; "" if there is
	// no image, or it cannot be read.
	Registry string
	// Host is what was asked: a mirror, or a server of tokens, may stand for the
	// registry. "" if it is not said.
	Host string
	Text string
}

// Pull reads the message of a container that waits for ErrImagePull, ImagePullBackOff,
// ErrImageNeverPull, InvalidImageName, ImageInspectError, RegistryUnavailable or
// SignatureValidationFailed, or of the event Failed.
func Pull(message string) PullFailure {
	message = bounded(message)
	p := PullFailure{Image: imageIn(message), Host: hostIn(message), Text: Scrub(message)}
	if named, err := reference.ParseNormalizedNamed(p.Image); err == nil && p.Image != "" {
		p.Registry = reference.Domain(named)
	}
	p.Cause = pullCause(message)
	if p.Cause == UnparsedPull && backsOff(message) {
		p.Cause = Unsaid
	}
	return p
}

func pullCause(message string) PullCause {
	for i := range pullCauses {
		if strings.Contains(message, pullCauses[i].words) {
			return pullCauses[i].cause
		}
	}
	switch callCause(message) {
	case NameUnknown:
		return RegistryName
	case Certificate, Handshake:
		return RegistryCertificate
	case Refused, TimedOut, Unreachable:
		return RegistryNetwork
	default: // it answered, or is not of the network
	}
	for i := range answers {
		if strings.Contains(message, answers[i].words) {
			return answers[i].cause
		}
	}
	return UnparsedPull
}

// backsOff reports whether a message is `Back-off pulling image "x"` and no more.
func backsOff(message string) bool {
	tail, is := strings.CutPrefix(message, "Back-off pulling image ")
	_, rest, inQuotes := quoted(tail)
	return is && inQuotes && strings.TrimSpace(rest) == ""
}

// imageIn returns the first image that a message names, by the words of the kubelet
// and of containerd (internal/cri/server/images, client/pull.go).
func imageIn(message string) string {
	for _, words := range [...]string{
		"Back-off pulling image ", "Failed to pull image ", "Container image ", "Failed to inspect image ",
		"Failed to apply default image tag ", "failed to pull and unpack image ", "failed to resolve reference ", "failed to resolve image ",
	} {
		if image := quotedAfter(message, words); image != "" {
			return image
		}
	}
	if image, rest, _ := strings.Cut(after(message, "image pull failed for "), " "); strings.HasPrefix(rest, "because ") {
		return image
	}
	return ""
}

// hostIn returns the host of the first URL, with its port.
func hostIn(message string) string {
	for _, scheme := range [...]string{"https://", "http://"} {
		host := after(message, scheme)
		if end := strings.IndexAny(host, "/?#\" "); end >= 0 {
			host = host[:end]
		}
		if host != "" {
			return strings.Trim(host[strings.LastIndexByte(host, '@')+1:], ".,:;'")
		}
	}
	return ""
}
