package network

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// standing is what is known of an object that another one names.
type standing int

const (
	present standing = iota
	absent
	unread // the view cannot tell
)

// stands says what is known of the object that ref names. Manifests prove an
// absence only in namespaces that they create themselves and have Services in:
// others are filled by operators.
func stands(c *kube.Cluster, r kube.Resource, ref kube.Ref) standing {
	switch {
	case c.Has(ref):
		return present
	case access.Complete(c, r, ref.Namespace) && (!c.Info.Offline || len(c.Services.In(ref.Namespace)) > 0):
		return absent
	}
	return unread
}

// notInView says why nothing is known of an object.
func notInView(ref kube.Ref) string { return ref.String() + " is not in the view" }

// eachRoute returns a Check that judges every route of the Gateway API.
func eachRoute(judge func(p *audit.Pass, namespace string, r *route)) audit.Check {
	return audit.Each(eachCustomOf(routeResources()...), func(p *audit.Pass, o customObject) {
		decoded, err := kube.Decode[route](o.Unstructured)
		if err != nil {
			p.Unknown(err.Error())
			return
		}
		judge(p, o.GetNamespace(), &decoded)
	})
}

// grant is what matters of a ReferenceGrant.
type grant struct {
	Spec struct {
		From []struct {
			Group     string `json:"group"`
			Kind      string `json:"kind"`
			Namespace string `json:"namespace"`
		} `json:"from"`
		To []struct {
			Group string `json:"group"`
			Kind  string `json:"kind"`
			Name  string `json:"name"`
		} `json:"to"`
	} `json:"spec"`
}

var grants = kube.DeriveFor(func(c *kube.Cluster, namespace string) []grant {
	var all []grant
	for _, o := range c.Custom(kube.ReferenceGrants).In(namespace) {
		if decoded, err := kube.Decode[grant](o); err == nil {
			all = append(all, decoded)
		}
	}
	return all
}).From(kube.ReferenceGrants)

// granted reports whether a ReferenceGrant lets an object name another one in
// another namespace.
func granted(c *kube.Cluster, from, to kube.Ref) bool {
	return slices.ContainsFunc(grants.Of(c, to.Namespace), func(g grant) bool {
		fromHere, toThere := false, false
		for _, f := range g.Spec.From {
			fromHere = fromHere || f.Group == from.Group && f.Kind == from.Kind && f.Namespace == from.Namespace
		}
		for _, t := range g.Spec.To {
			toThere = toThere || t.Group == to.Group && t.Kind == to.Kind && (t.Name == "" || t.Name == to.Name)
		}
		return fromHere && toThere
	})
}

// textAt returns a text of a custom object, "" if there is none.
func textAt(o *unstructured.Unstructured, path ...string) string {
	text, _, _ := unstructured.NestedString(o.Object, path...)
	return text
}
