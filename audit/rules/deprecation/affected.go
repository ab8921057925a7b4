package deprecation

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/version"
)

// span is a range of versions that have a fault: those from the first, "" for
// all before, up to the one that mends it.
type span struct{ from, fixed string }

// affected are the versions of a program that have a fault.
type affected []span

// exposure is what a version says of a fault.
type exposure int

const (
	safe exposure = iota
	exposed
	unsure // a build of somebody who mends faults without a new version
)

// early is how versions call themselves that come before a release.
var early = []string{"-alpha", "-beta", "-rc", "-dev"}

// of says whether a version has the fault, and if so which one mends it. The
// error is of a text that is no version. What follows the numbers decides only
// where a vendor may have mended the fault in a build of his own: "1.5.9-0ubuntu1".
func (a affected) of(text string) (exposure, string, error) {
	v, err := version.ParseGeneric(text)
	if err != nil {
		return safe, "", fmt.Errorf("reading the version: %w", err)
	}
	suffix := strings.TrimLeft(strings.TrimPrefix(text, "v"), "0123456789.")
	before := hasPrefix(suffix, early)
	for _, s := range a {
		fixed := version.MustParseGeneric(s.fixed)
		if v.AtLeast(fixed) && (!before || v.GreaterThan(fixed)) || s.from != "" && v.LessThan(version.MustParseGeneric(s.from)) {
			continue
		}
		if suffix != "" && !before && !hasPrefix(suffix, rebuilt) {
			return unsure, s.fixed, nil
		}
		return exposed, s.fixed, nil
	}
	return safe, "", nil
}

// rebuilt is what follows the version in builds that change nothing of it: the
// distributions of Rancher, and base images.
var rebuilt = []string{"+k3s", "+rke2", "-ubuntu", "-alpine", "-debian"}

func hasPrefix(text string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	return false
}
