package report

import (
	"fmt"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/capacity"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Capacity is what a report says of how the nodes of a cluster are filled. A figure that is
// not known is absent, and never 0.
type Capacity struct {
	// Prices are those that were given, by the hour; absent if none were.
	Prices *CapacityPrices `json:"prices,omitempty"`
	// Unknown says why something is not known: nodes, pods (on nodes), namespaces, use,
	// limitRanges, quotas.
	Unknown     map[string]string `json:"unknown"`
	Allocatable *Amount           `json:"allocatable,omitempty"` // of all nodes but virtual ones
	Requested   *Amount           `json:"requested,omitempty"`   // by the pods on those
	Limits      *Amount           `json:"limits,omitempty"`
	Free        *Amount           `json:"free,omitempty"`     // on nodes that take pods
	Stranded    *Amount           `json:"stranded,omitempty"` // the part of it that pods like those that are there cannot take
	TakePods    int               `json:"nodesThatTakePods"`
	// LeastNodes is on how many of those all that is requested would fit at the best; absent
	// if that is not known.
	LeastNodes int                `json:"leastNodes,omitempty"`
	Said       []string           `json:"said"` // the findings of the section in sentences
	Losses     []NodeLoss         `json:"losses"`
	Nodes      []NodeCapacity     `json:"nodes"`
	Namespaces []NamespaceDemands `json:"namespaces"`

	of     *capacity.Capacity
	prices capacity.Prices
}

// CapacityPrices are what is paid an hour, in whatever currency.
type CapacityPrices struct {
	CPU    float64 `json:"cpuCoreHour"`
	Memory float64 `json:"memoryGiBHour"`
}

// Amount is CPU and memory.
type Amount struct {
	Cores float64 `json:"cores"`
	Bytes int64   `json:"bytes"`
}

// NodeLoss is a node whose pods would find no room on the others.
type NodeLoss struct {
	Node  string `json:"node"`
	Lacks string `json:"lacks"`
}

// NodeCapacity is how one node is filled.
type NodeCapacity struct {
	Name        string  `json:"name"`
	Pool        string  `json:"pool,omitempty"`
	TakesPods   bool    `json:"takesPods"`
	Virtual     bool    `json:"virtual,omitempty"`
	Allocatable Amount  `json:"allocatable"`
	MaxPods     int64   `json:"maxPods"`
	Pods        *int    `json:"pods,omitempty"`
	Requests    *Amount `json:"requests,omitempty"`
	DaemonSets  *Amount `json:"daemonSets,omitempty"` // the part of the requests that they make
	Static      *Amount `json:"static,omitempty"`     // that of static pods
	Limits      *Amount `json:"limits,omitempty"`
	Unlimited   *int    `json:"podsWithoutMemoryLimit,omitempty"`
	// Used is one sample of the metrics API: an instant.
	Used   *Amount    `json:"used,omitempty"`
	UsedAt *time.Time `json:"usedAt,omitempty"`
}

// NamespaceDemands is what the pods of a namespace ask for and use.
type NamespaceDemands struct {
	Name     string `json:"name"`
	Pods     int    `json:"pods"`
	Pending  int    `json:"pending"`
	Requests Amount `json:"requests"`
	Limits   Amount `json:"limits"`
	// Used and Unused are of the pods whose use is known: of PodsSampled by one sample, of
	// PodsMeasured over some time, and not of PodsUnknown.
	Used          *Amount `json:"used,omitempty"`
	Unused        *Amount `json:"unused,omitempty"` // requested and not used, pod by pod
	Sampled       int     `json:"podsSampled"`
	Measured      int     `json:"podsMeasured"`
	UseUnknown    int     `json:"podsUnknown"`
	Containers    int     `json:"containers"`
	WithoutCPU    int     `json:"containersWithoutCPURequest"`
	WithoutMemory int     `json:"containersWithoutMemoryRequest"`
	Unlimited     int     `json:"podsWithoutMemoryLimit"`
	LimitRanges   *int    `json:"limitRanges,omitempty"`
	Quotas        *int    `json:"quotas,omitempty"`
	// Advised is what VerticalPodAutoscalers recommend instead of AdvisedOf.
	Advised   *Amount `json:"advised,omitempty"`
	AdvisedOf *Amount `json:"advisedOf,omitempty"`
	// Month and UnusedMonth are what the requests cost a month of 730 hours, and what is
	// not used of them; absent without prices.
	Month       *float64 `json:"costMonth,omitempty"`
	UnusedMonth *float64 `json:"unusedCostMonth,omitempty"`
}

func capacityOf(a *score.Assessment, prices capacity.Prices) *Capacity {
	c := capacity.Of(a.Cluster)
	r := &Capacity{
		Unknown: map[string]string{}, Said: append([]string{}, c.Said(prices)...),
		Losses: []NodeLoss{}, Nodes: []NodeCapacity{}, Namespaces: []NamespaceDemands{}, of: c, prices: prices,
	}
	if prices.Known() {
		r.Prices = &CapacityPrices{prices.CPU, prices.Memory}
	}
	for what, why := range map[string]string{
		"nodes": c.Unknown, "pods": c.PodsUnknown, "namespaces": c.NamespacesUnknown, "use": c.UseUnknown,
		"limitRanges": c.LimitsUnknown, "quotas": c.QuotasUnknown,
	} {
		if why != "" {
			r.Unknown[what] = why
		}
	}
	if c.Unknown == "" {
		r.Allocatable = amountOf(c.Allocatable)
		if c.PodsUnknown == "" {
			r.Requested, r.Limits, r.Free, r.Stranded = amountOf(c.Requested), amountOf(c.Limits), amountOf(c.Free), amountOf(c.Stranded)
			r.TakePods, r.LeastNodes = c.TakePods, c.Least
		}
	}
	for _, l := range c.Losses {
		r.Losses = append(r.Losses, NodeLoss{l.Node.Name, l.Lacks()})
	}
	for i := range c.All {
		r.Nodes = append(r.Nodes, r.node(&c.All[i]))
	}
	for i := range c.Namespaces {
		r.Namespaces = append(r.Namespaces, r.namespace(&c.Namespaces[i]))
	}
	return r
}

func amountOf(a capacity.Amount) *Amount { return &Amount{a.Cores(), a.Memory} }

func (r *Capacity) node(n *capacity.Node) NodeCapacity {
	of := NodeCapacity{
		Name: n.Name, Pool: n.Pool, TakesPods: n.TakesPods(), Virtual: n.Virtual,
		Allocatable: *amountOf(n.Allocatable), MaxPods: n.MaxPods,
	}
	if r.of.PodsUnknown == "" {
		of.Pods, of.Unlimited = new(n.Pods), new(n.Unlimited)
		of.Requests, of.DaemonSets, of.Static, of.Limits = amountOf(n.Requests), amountOf(n.Daemons), amountOf(n.Static), amountOf(n.Limits)
	}
	if s := r.of.Samples[n.Name]; s != nil {
		of.Used, of.UsedAt = amountOf(s.Amount), new(s.At.UTC())
	}
	return of
}

func (r *Capacity) namespace(n *capacity.Namespace) NamespaceDemands {
	of := NamespaceDemands{
		Name: n.Name, Pods: n.Pods, Pending: n.Pending, Requests: *amountOf(n.Requests), Limits: *amountOf(n.Limits),
		Sampled: n.Use.Sampled, Measured: n.Use.Measured, UseUnknown: n.Use.Unknown,
		Containers: n.Containers, WithoutCPU: n.WithoutCPU, WithoutMemory: n.WithoutMemory, Unlimited: n.Unlimited,
	}
	if n.Use.Known() {
		of.Used, of.Unused = amountOf(n.Use.Amount), amountOf(n.Use.Waste)
	}
	if r.of.LimitsUnknown == "" {
		of.LimitRanges = new(n.LimitRanges)
	}
	if r.of.QuotasUnknown == "" {
		of.Quotas = new(n.Quotas)
	}
	if n.Advice.Pods > 0 {
		of.Advised, of.AdvisedOf = amountOf(n.Advice.Target), amountOf(n.Advice.Requests)
	}
	if r.prices.Known() {
		of.Month = new(r.prices.Month(n.Requests))
		if n.Use.Known() {
			of.UnusedMonth = new(r.prices.Month(n.Use.Waste))
		}
	}
	return of
}

// mostNodes is how many nodes, and namespaces, tables for people have; programs get all.
const mostNodes = 100

// more says how many rows a table does not have, "" for none.
func more(rows, most int, what string) string {
	if rows <= most {
		return ""
	}
	return fmt.Sprintf("and %d more %s: -o json has all", rows-most, what)
}
