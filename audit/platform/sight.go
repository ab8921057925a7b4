package platform

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Unseen returns why something may be there that does not show, "" if all that could show
// it was read. What it can be seen by is in reads.
func Unseen(c *kube.Cluster, reads []kube.Resource) string {
	if why := partial(c); why != "" {
		return why
	}
	for _, r := range reads {
		if why := Unread(c, r); why != "" {
			return why
		}
	}
	return ""
}

// partial returns why a view shows a part of a cluster, "" if it shows the whole.
func partial(c *kube.Cluster) string {
	switch {
	case c.Info.Offline:
		return "manifests are a part of a cluster at best"
	case len(c.Info.Scope) > 0:
		return "only namespaces " + strings.Join(c.Info.Scope, ", ") + " were looked at"
	}
	return ""
}

// Unread returns why the objects of a resource are not all known, "" if they are; for one
// in namespaces, in those that were looked at.
func Unread(c *kube.Cluster, r kube.Resource) string {
	looked := len(c.States()) == 0 // a view that nobody read from a server holds all there is
	for _, s := range c.States() {
		if s.Resource != r {
			continue
		}
		if s.Blind() {
			return fmt.Sprintf("%s: %s", r, cmp.Or(s.Reason, s.Phase.String()))
		}
		looked = true
	}
	if !looked {
		return r.String() + ": not looked at when this was recorded"
	}
	return ""
}
