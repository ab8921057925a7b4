package fix

import (
	"errors"
	"fmt"
	"strings"

	certificatesv1 "k8s.io/api/certificates/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/document"
)

// ErrNotInView is returned for a fix of an object that the view does not hold.
var ErrNotInView = errors.New("it is not in view")

// ErrThere is returned for an object that a fix would create and that exists.
var ErrThere = errors.New("there is one already")

// Outcome returns what a fix makes of the objects of a view: what it changes in the
// order of its edits, then what it creates, then what it deletes. [kube.Cluster.With]
// takes it. Nothing of the view is changed. Subject is the object that the finding is
// about.
//
// The error is [ErrNotInView] or [ErrThere] for objects that the view lacks or has,
// [ErrNotWhole] for one of which it holds too little, or why an edit makes no sense.
func Outcome(c *kube.Cluster, subject kube.Ref, f audit.Fix) ([]kube.Change, error) {
	var changes []kube.Change
	for _, of := range byObject(subject, f.Edits) {
		change, err := changed(c, of.object, of.edits)
		if err != nil {
			return nil, fmt.Errorf("changing %s: %w", of.object, err)
		}
		changes = append(changes, change)
	}
	for _, o := range f.New {
		change, err := created(c, o)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	for _, ref := range f.Delete {
		before, ok := c.Find(ref)
		if !ok {
			return nil, fmt.Errorf("deleting %s: %w", ref, ErrNotInView)
		}
		resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
		changes = append(changes, kube.Change{Resource: resource, Namespace: ref.Namespace, Name: ref.Name, Before: before})
	}
	return changes, nil
}

// editsOf are all edits of one object.
type editsOf struct {
	object kube.Ref
	edits  []audit.Edit
}

// byObject puts edits together by object, in the order in which objects come.
func byObject(subject kube.Ref, edits []audit.Edit) []editsOf {
	var all []editsOf
	at := map[kube.Ref]int{}
	for _, e := range edits {
		ref := e.Object
		if ref.IsZero() {
			ref = subject
		}
		i, ok := at[ref]
		if !ok {
			i = len(all)
			at[ref], all = i, append(all, editsOf{object: ref})
		}
		all[i].edits = append(all[i].edits, e)
	}
	return all
}

// changed makes the edits of one object. It means the same as [Apply] does to the
// object's manifest, and keeps what no manifest has: status, owners, the ID.
func changed(c *kube.Cluster, ref kube.Ref, edits []audit.Edit) (kube.Change, error) {
	before, ok := c.Find(ref)
	if !ok {
		return kube.Change{}, ErrNotInView
	}
	resource, _ := kube.ResourceOf(ref.Group, ref.Kind)
	value, err := Encoded(before)
	if err == nil {
		value, err = Values(value, edits)
	}
	if err != nil {
		return kube.Change{}, err
	}
	after, err := decoded(resource, value)
	if err != nil {
		return kube.Change{}, err
	}
	return kube.Change{Resource: resource, Namespace: ref.Namespace, Name: ref.Name, Before: before, After: after}, nil
}

// Encoded returns an object of a view as the API encodes it, with all that the view
// holds of it. The error is [ErrNotWhole] for one of which it holds too little.
func Encoded(o kube.Object) (audit.Object, error) {
	var whole any = o
	switch held := o.(type) {
	case *metav1.PartialObjectMetadata, *kube.EndpointSlice, *kube.Usage, *kube.ControllerRevision, *kube.Lease, *certificatesv1.CertificateSigningRequest:
		return nil, ErrNotWhole
	case *kube.Pod:
		whole = held.API()
	case *kube.ReplicaSet:
		whole = held.API()
	}
	value, err := plain(whole)
	if err != nil {
		return nil, err
	}
	encoded, ok := value.(map[string]any)
	if !ok {
		return nil, errNotAMap
	}
	return encoded, nil
}

// Values returns an object, as it would be written, with edits made; the object itself
// is not changed. The error is of the first edit that makes no sense.
func Values(o audit.Object, edits []audit.Edit) (audit.Object, error) {
	value, err := plain(o)
	if err != nil {
		return nil, err
	}
	for _, e := range edits {
		if value, err = editedBy(value, e); err != nil {
			return nil, fmt.Errorf("editing %s: %w", e.Path, err)
		}
	}
	edited, ok := value.(map[string]any)
	if !ok {
		return nil, errNotAMap
	}
	return edited, nil
}

func editedBy(value any, e audit.Edit) (any, error) {
	path, err := document.ParsePath(e.Path)
	if err != nil {
		return nil, err
	}
	if len(path) == 0 {
		return nil, errNoField
	}
	to, err := plain(e.Value)
	if err != nil {
		return nil, err
	}
	if e.Op == audit.Remove {
		if !exists(value, path) {
			return value, nil
		}
		path = topmost(value, path)
	}
	return edited(value, e.Op, path, to)
}

// created returns the change that an object to create is.
func created(c *kube.Cluster, o audit.Object) (kube.Change, error) {
	value, err := plain(o)
	if err != nil {
		return kube.Change{}, err
	}
	object, _ := value.(map[string]any)
	apiVersion, _ := object["apiVersion"].(string)
	kind, _ := object["kind"].(string)
	group, version, found := strings.Cut(apiVersion, "/")
	if !found {
		group, version = "", apiVersion
	}
	resource, ok := kube.ResourceOf(group, kind)
	if !ok || resource.Version != version {
		return kube.Change{}, fmt.Errorf("creating %s of %s: %w", kind, apiVersion, kube.ErrWrongType)
	}
	after, err := decoded(resource, value)
	if err != nil {
		return kube.Change{}, fmt.Errorf("creating %s: %w", kind, err)
	}
	if ref := resource.Ref(after.GetNamespace(), after.GetName()); c.Has(ref) {
		return kube.Change{}, fmt.Errorf("creating %s: %w", ref, ErrThere)
	}
	return kube.Change{Resource: resource, Namespace: after.GetNamespace(), Name: after.GetName(), After: after}, nil
}

// decoded turns JSON-like values into an object as a Builder takes it.
func decoded(r kube.Resource, value any) (kube.Object, error) {
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding: %w", err)
	}
	into := kube.NewObject(r)
	if err := json.Unmarshal(encoded, into); err != nil {
		return nil, fmt.Errorf("decoding: %w", err)
	}
	return into, nil
}
