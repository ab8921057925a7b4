package message

import "strings"

// EvictionKind is why the kubelet evicted a pod.
type EvictionKind string

// The kinds (pkg/kubelet/eviction/helpers.go, the constants …MessageFmt).
const (
	// NodeLow: the node was low on Resource.
	NodeLow EvictionKind = "node-low"
	// NodeCondition: the node had Conditions, so that the pod was not admitted.
	NodeCondition EvictionKind = "node-condition"
	// ContainerStorage: Container wrote more than its limit of ephemeral storage.
	ContainerStorage EvictionKind = "container-storage"
	// PodStorage: the containers together wrote more than their limits.
	PodStorage EvictionKind = "pod-storage"
	// EmptyDir: the volume Volume grew over its size limit.
	EmptyDir EvictionKind = "empty-dir"
	// UnparsedEviction: in Text alone.
	UnparsedEviction EvictionKind = Unparsed
)

// Consumer is who used more than requested of what the node was low on.
type Consumer struct {
	// Container is "" for the pod as a whole, whose requests are its own.
	Container      string
	Usage, Request string // quantities as the kubelet writes them
}

// Evicted is why a pod was evicted.
type Evicted struct {
	Kind     EvictionKind
	Resource string // memory, ephemeral-storage, inodes, pids, or "" if it is not said
	// Threshold and Available are quantities, "" if they are not said.
	Threshold, Available string
	// Consumers of this pod; nil if none used more than it requested.
	Consumers         []Consumer
	Conditions        []string // of NodeCondition
	Container, Volume string   // of ContainerStorage and EmptyDir
	Limit             string   // that was exceeded, "" of the node
	Text              string
}

// Eviction reads the status message of a pod whose reason is Evicted, and the event of
// that name.
func Eviction(message string) Evicted {
	message = bounded(message)
	e := Evicted{Kind: UnparsedEviction, Text: Scrub(message)}
	switch {
	case strings.HasPrefix(message, "The node was low on resource: "):
		readLow(&e, message)
	case strings.HasPrefix(message, "The node had condition: "):
		e.Kind = NodeCondition
		e.Conditions = listed(after(message, "condition: "))
	case strings.HasPrefix(message, "Container ") && strings.Contains(message, " exceeded its local ephemeral storage limit "):
		e.Kind, e.Resource = ContainerStorage, "ephemeral-storage"
		e.Container = wordAfter(message, "Container ")
		e.Limit = quotedAfter(message, " limit ")
	case strings.HasPrefix(message, "Pod ephemeral local storage usage exceeds the total limit of containers "):
		e.Kind, e.Resource = PodStorage, "ephemeral-storage"
		e.Limit = wordAfter(message, " of containers ")
	case strings.HasPrefix(message, "Usage of EmptyDir volume "):
		e.Kind, e.Resource = EmptyDir, "ephemeral-storage"
		e.Volume = quotedAfter(message, "EmptyDir volume ")
		e.Limit = quotedAfter(message, " exceeds the limit ")
	}
	return e
}

// readLow reads "The node was low on resource: memory. Threshold quantity: 100Mi,
// available: 52Mi. Container a was using 1Gi, request is 0, has larger consumption of
// memory." (1.24 ends ", which exceeds its request of 0").
func readLow(e *Evicted, message string) {
	e.Kind = NodeLow
	e.Resource = wordAfter(message, "low on resource: ")
	e.Threshold = wordAfter(message, "Threshold quantity: ")
	e.Available = wordAfter(message, ", available: ")
	for sentence := range strings.SplitSeq(message, ". ") {
		who, usage, is := strings.Cut(sentence, " was using ")
		if !is {
			continue
		}
		c := Consumer{Usage: wordAfter(" "+usage, " ")}
		if c.Request = wordAfter(usage, ", request is "); c.Request == "" {
			c.Request = wordAfter(usage, "exceeds its request of ")
		}
		if name, is := strings.CutPrefix(who, "Container "); is {
			c.Container = name
		} else if !strings.HasPrefix(who, "Pod ") {
			continue
		}
		e.Consumers = append(e.Consumers, c)
	}
}
