package recording

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Format is the name and version of what [Writer] writes.
const Format = "seaworthy/recording/v1"

// ErrFormat is returned for input that is no recording, or one of a version
// that this program does not read.
var ErrFormat = errors.New("not a recording that this version reads")

// ErrTruncated is the problem of a recording that ends early.
var ErrTruncated = errors.New("the recording ends early")

// header is the first line.
type header struct {
	Format  string `json:"format"`
	Name    string `json:"name,omitempty"`
	Server  string `json:"server,omitempty"`
	Version string `json:"version,omitempty"`
	User    string `json:"user,omitempty"`
	// Certificate is what the server showed; recordings of before have none.
	Certificate *kube.Certificate `json:"certificate,omitempty"`
	// Root is the authority by which it was verified.
	Root *kube.Certificate `json:"root,omitempty"`
	// Offline and Scope are those of [kube.Info].
	Offline bool     `json:"offline,omitempty"`
	Scope   []string `json:"scope,omitempty"`
	// Redacted is that of [kube.Info]; recordings of before were not.
	Redacted bool `json:"redacted,omitempty"`
}

// line is any other line; exactly one of its groups is there.
type line struct {
	Spec  int             `json:"spec,omitempty"`  // number of the pod spec that Value is, or that the pod Object has
	Value json.RawMessage `json:"value,omitempty"` // a pod spec

	Set    string          `json:"set,omitempty"` // resource
	Object json.RawMessage `json:"object,omitempty"`

	Delete    string `json:"delete,omitempty"` // resource
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name,omitempty"`

	State *state `json:"state,omitempty"`
	Frame *frame `json:"frame,omitempty"`
}

// state is a [kube.State].
type state struct {
	Resource  string `json:"resource"`
	Namespace string `json:"namespace,omitempty"`
	Phase     string `json:"phase"`
	Count     int    `json:"count,omitempty"`
	Total     int    `json:"total,omitempty"`
	Verb      string `json:"verb,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// frame ends the lines of one moment.
type frame struct {
	Time  time.Time `json:"time"`
	Lines int       `json:"lines"`
}

// usage is a [kube.Usage].
type usage struct {
	Namespace  string                       `json:"namespace,omitempty"`
	Name       string                       `json:"name"`
	Time       time.Time                    `json:"time"`
	Window     time.Duration                `json:"window"`
	Containers map[string]map[string]string `json:"containers"`
}

func resourceNamed(name string) (kube.Resource, bool) {
	for _, r := range append(kube.Resources(), kube.Measurements) {
		if r.String() == name {
			return r, true
		}
	}
	return kube.Resource{}, false
}

func phaseNamed(name string) (kube.Phase, bool) {
	for p := kube.Waiting; p <= kube.Skipped; p++ {
		if p.String() == name {
			return p, true
		}
	}
	return kube.Failed, false
}
