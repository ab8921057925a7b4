package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// constraintsEvery is a third of the time between two audits of Gatekeeper (60 s, its
// --audit-interval), each of which writes the status of every constraint anew: a watch
// would bring all of them as often, over a connection a kind.
const constraintsEvery = 20 * time.Second

// readConstraints lists the constraints of every kind that there is now: those of a new
// template are read the next time, those of a template that is gone are forgotten. Who may
// not list one of the kinds is told so, and sees none.
func (f *feed) readConstraints(ctx context.Context) ([]kube.Object, error) {
	kinds, err := f.source.client.constraintKinds(ctx, f.resource)
	if err != nil {
		return nil, err
	}
	var objects []kube.Object
	for _, kind := range kinds {
		for o := (metav1.ListOptions{Limit: page}); ; {
			list, err := f.source.client.list(ctx, kind, "", o)
			if apierrors.IsNotFound(err) {
				break // the template went meanwhile, or its kind is not served yet
			}
			if err != nil {
				return nil, err
			}
			if objects, err = appendConstraints(objects, list); err != nil {
				return nil, fmt.Errorf("reading a list of %s: %w", kind, err)
			}
			next, err := meta.ListAccessor(list)
			if err != nil || next.GetContinue() == "" {
				break
			}
			o.Continue = next.GetContinue()
		}
	}
	return objects, nil
}

// appendConstraints adds what a list holds, by the names of the view.
func appendConstraints(objects []kube.Object, list runtime.Object) ([]kube.Object, error) {
	constraints, ok := list.(*unstructured.UnstructuredList)
	if !ok {
		return nil, fmt.Errorf("the server sent %T", list)
	}
	for i := range constraints.Items {
		kube.NameConstraint(&constraints.Items[i])
		objects = append(objects, &constraints.Items[i])
	}
	return objects, nil
}

// constraintKinds asks which kinds of constraints there are. The error says that there is none:
// then there is no such group either.
func (k *client) constraintKinds(ctx context.Context, r kube.Resource) ([]kube.Resource, error) {
	list, err := k.served.client.ServerResourcesForGroupVersionWithContext(ctx, schema.GroupVersion{Group: r.Group, Version: r.Version}.String())
	if err != nil {
		return nil, err
	}
	var kinds []kube.Resource
	for i := range list.APIResources {
		served := &list.APIResources[i]
		if !strings.Contains(served.Name, "/") && slices.Contains(served.Verbs, "list") {
			kind := r.As(served.Kind)
			kind.Plural = served.Name
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		return nil, apierrors.NewNotFound(schema.GroupResource{Group: r.Group, Resource: r.Plural}, "")
	}
	return kinds, nil
}
