package fleet

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Cluster is one cluster of a fleet.
type Cluster struct {
	// Contexts are the names that it was asked for by; it was looked at through the first.
	Contexts []string
	// Standing is nil if it could not be looked at.
	*Standing
	Err error // why not, nil if it could
}

// Name is what the cluster is called.
func (c *Cluster) Name() string { return c.Contexts[0] }

// Fleet is several clusters, in the order in which they were asked for.
type Fleet struct{ Clusters []*Cluster }

// Seen counts the clusters that could be looked at.
func (f *Fleet) Seen() int {
	seen := 0
	for _, c := range f.Clusters {
		if c.Standing != nil {
			seen++
		}
	}
	return seen
}

// Coverage is the mean coverage of the clusters in percent. Of one that could not be
// looked at nothing was seen. It has one decimal, as all coverage.
func (f *Fleet) Coverage() float64 {
	sum := 0.0
	for _, c := range f.Clusters {
		if c.Standing != nil {
			sum += c.Coverage
		}
	}
	return math.Round(10*sum/float64(max(1, len(f.Clusters)))) / 10
}

// Skew says how far the versions of the servers are apart: the oldest, the newest, and
// how many minor versions are between them. They are "" where no version is known.
func (f *Fleet) Skew() (oldest, newest string, minors int) {
	var known []kube.Info
	for _, c := range f.Clusters {
		if c.Standing != nil && c.Info.Minor() > 0 {
			known = append(known, c.Info)
		}
	}
	if len(known) == 0 {
		return "", "", 0
	}
	slices.SortStableFunc(known, kube.CompareVersions)
	first, last := known[0], known[len(known)-1]
	return first.Version, last.Version, last.Minor() - first.Minor()
}

// Contact is one way to a cluster, and how far it led.
type Contact struct {
	Context string
	UID     string // of its namespace kube-system, "" if it could not be read
	// Address is equal for the same server and authority, "" if they are not known.
	Address string
	Err     error // nil if the server answered
}

// same reports whether two contacts are of one cluster.
func (c Contact) same(other Contact) bool {
	if c.UID != "" && other.UID != "" {
		return c.UID == other.UID
	}
	return c.Address != "" && c.Address == other.Address
}

// Join puts the contacts of one cluster together. Of each cluster it returns their
// indices, those that answered first; clusters and contacts keep their order otherwise.
func Join(contacts []Contact) [][]int {
	var clusters [][]int
	for i, c := range contacts {
		at := slices.IndexFunc(clusters, func(of []int) bool {
			return slices.ContainsFunc(of, func(j int) bool { return c.same(contacts[j]) })
		})
		if at < 0 {
			clusters = append(clusters, []int{i})
			continue
		}
		clusters[at] = append(clusters[at], i)
	}
	for _, of := range clusters {
		slices.SortStableFunc(of, func(a, b int) int { return failures(contacts[a]) - failures(contacts[b]) })
	}
	return clusters
}

func failures(c Contact) int {
	if c.Err != nil {
		return 1
	}
	return 0
}

// Merged says of a cluster with several names which they are, "" of one with one.
func (c *Cluster) Merged() string {
	if len(c.Contexts) < 2 {
		return ""
	}
	return fmt.Sprintf("%s: the same cluster as %s", strings.Join(c.Contexts[1:], ", "), c.Name())
}
