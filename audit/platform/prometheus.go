package platform

import (
	"fmt"
	"regexp"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// prometheus is what is told of a Prometheus
// (https://prometheus-operator.dev/docs/api-reference/api/, monitoring.coreos.com/v1). Of an
// Alertmanager it is the replicas alone.
type prometheus struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     struct {
		Replicas      *int   `json:"replicas"` // of each shard, 1 where it is not set
		Shards        *int   `json:"shards"`   // 1 where it is not set
		Paused        bool   `json:"paused"`
		Retention     string `json:"retention"`
		RetentionSize string `json:"retentionSize"`
		// IgnoreNamespaceSelectors has monitors reach their own namespace alone.
		IgnoreNamespaceSelectors bool `json:"ignoreNamespaceSelectors"`
	} `json:"spec"`
}

// operated returns what the Prometheus Operator is to run of a kind, each of which
// prometheus-not-available is to judge unless it is switched off.
func operated(c *kube.Cluster, r kube.Resource) []Trace {
	var traces []Trace
	for o := range c.Custom(r).All() {
		t := Trace{What: r.Kind, Ref: r.Ref(o.GetNamespace(), o.GetName()), Objects: 1}
		p, err := kube.Decode[prometheus](o)
		switch replicas := p.replicas(); {
		case err != nil: // the rule says so
		case replicas == 0:
			t.Objects, t.Says = 0, "switched off, by no replicas"
		default:
			t.Says = counted(replicas, "replica")
			if r == kube.Prometheuses {
				t.Says += ", " + p.memory()
			}
		}
		if p.Spec.Paused {
			t.Says += ", paused: its operator changes nothing"
		}
		traces = append(traces, t)
	}
	return traces
}

func (p *prometheus) replicas() int {
	n := 1
	for _, factor := range []*int{p.Spec.Replicas, p.Spec.Shards} {
		if factor != nil {
			n *= *factor
		}
	}
	return n
}

// memory says for how long measurements are kept: a day where nothing else is said.
func (p *prometheus) memory() string {
	switch age, size := p.Spec.Retention, p.Spec.RetentionSize; {
	case age == "" && size == "":
		return "keeps measurements for 24 hours"
	case size == "":
		return "keeps measurements for " + lasting(age)
	case age == "":
		return "keeps " + size + " of measurements"
	default:
		return "keeps measurements for " + lasting(age) + ", at most " + size
	}
}

// duration is a duration as Prometheus has it, "1d12h", or a part of one.
var duration = regexp.MustCompile(`(\d+)(ms|[ywdhms])`)

// lasting returns a duration in words, "1 day 12 hours", and what is none as it is.
func lasting(text string) string {
	units := map[string]string{
		"y": "year", "w": "week", "d": "day", "h": "hour", "m": "minute", "s": "second", "ms": "millisecond",
	}
	var words []string
	for _, part := range duration.FindAllStringSubmatch(text, -1) {
		unit := units[part[2]]
		if part[1] != "1" {
			unit += "s"
		}
		words = append(words, part[1]+" "+unit)
	}
	if duration.ReplaceAllString(text, "") != "" {
		return fmt.Sprintf("%q", text)
	}
	return strings.Join(words, " ")
}
