package plan

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/audit/fix"
	"github.com/seaworthy-dev/seaworthy/audit/fix/patch"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Attempt is the change of an object as a server can be asked about it, or why there is
// nothing to ask, in words that end a sentence. The error is of an object that cannot be
// encoded.
func (p *Plan) Attempt(o *Object) (a kube.Attempt, why string, err error) {
	return attempt(p.Before.Cluster, p.After.Cluster, o)
}

func attempt(from, to *kube.Cluster, o *Object) (a kube.Attempt, why string, err error) {
	r, ok := kube.ResourceOf(o.Ref.Group, o.Ref.Kind)
	if !ok {
		return a, "its kind is not known", nil
	}
	a = kube.Attempt{Resource: r, Namespace: o.Ref.Namespace, Name: o.Ref.Name}
	switch o.Action {
	case Create:
		a.Verb = kube.TryCreate
		a.Body, err = json.Marshal(o.New)
		return a, "", err
	case Delete:
		a.Verb = kube.TryDelete
		return a, "", nil
	case Change:
	}
	if field := o.Immutable(); field != "" {
		return a, "no server changes " + field + " of what is there", nil
	}
	a.Verb = kube.TryPatch
	change, err := PatchOf(from, to, o.Ref)
	switch {
	case err != nil:
		return a, "", err
	case change.Empty():
		return a, "it changes in its manifest alone", nil
	case change.Strategic != nil:
		a.Body, err = json.Marshal(change.Strategic)
	default:
		a.JSONPatch = true
		a.Body, err = json.Marshal(change.JSON)
	}
	return a, "", err
}

// PatchOf is the change of an object from one view to another, as a server has it. The
// error is [fix.ErrNotInView], or that of [fix.Encoded].
func PatchOf(from, to *kube.Cluster, ref kube.Ref) (patch.Patch, error) {
	var states [2]audit.Object
	for i, c := range []*kube.Cluster{from, to} {
		object, ok := c.Find(ref)
		if !ok {
			return patch.Patch{}, fmt.Errorf("writing the change of %s: %w", ref, fix.ErrNotInView)
		}
		value, err := fix.Encoded(object)
		if err != nil {
			return patch.Patch{}, fmt.Errorf("writing the change of %s: %w", ref, err)
		}
		states[i] = value
	}
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	return patch.Of(resource, states[0], states[1])
}

// fixedFields are the fields of a kind that no server lets anybody change in place
// (k8s.io/kubernetes pkg/apis/*/validation), but for some below them.
func fixedFields(kind string) (fixed, but []string) {
	switch kind {
	case kube.Pods.Kind:
		return []string{"spec"}, nil
	case kube.Jobs.Kind:
		return []string{"spec.template", "spec.selector", "spec.completionMode"}, nil
	case kube.Deployments.Kind, kube.DaemonSets.Kind, kube.ReplicaSets.Kind:
		return []string{"spec.selector"}, nil
	case kube.StatefulSets.Kind:
		return []string{"spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"}, nil
	case kube.RoleBindings.Kind, kube.ClusterRoleBindings.Kind:
		return []string{"roleRef"}, nil
	case kube.PersistentVolumeClaims.Kind:
		return []string{"spec"}, []string{"spec.resources"}
	case kube.StorageClasses.Kind:
		return []string{"provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"}, nil
	}
	return nil, nil
}

// Immutable names the field of an object that the plan changes and no server does: it
// has to be deleted and created again. "" if there is none.
func (o *Object) Immutable() string {
	fixed, but := fixedFields(o.Ref.Kind)
	for _, e := range o.Edits {
		under := func(field string) bool {
			rest, below := strings.CutPrefix(e.Path, field)
			return below && (rest == "" || rest[0] == '.' || rest[0] == '[')
		}
		image := o.Ref.Kind == kube.Pods.Kind && strings.HasSuffix(e.Path, "].image")
		if slices.ContainsFunc(fixed, under) && !slices.ContainsFunc(but, under) && !image {
			return e.Path
		}
	}
	return ""
}
