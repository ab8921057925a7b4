package kube

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// APIOf returns an object of a view as the API has it, without what the view does not
// hold: made anew where the view has a row, else the object itself, which nobody may
// change. [Usage] is of no type of the API and stays what it is.
func APIOf(o Object) Object {
	switch o := o.(type) {
	case *Pod:
		return o.API()
	case *ReplicaSet:
		return o.API()
	case *EndpointSlice:
		return o.API()
	case *ControllerRevision:
		return o.API()
	case *Lease:
		return o.API()
	case *unstructured.Unstructured:
		return constraintOf(o)
	}
	return o
}
