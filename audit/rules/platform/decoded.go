package platform

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// eachDecoded returns a Check that judges the objects of custom resources; one that has
// fields of another form than T is unknown.
func eachDecoded[T any](resources []kube.Resource, judge func(*audit.Pass, *T)) audit.Check {
	return audit.EachOf(resources, func(p *audit.Pass, o kube.Object) { judgeAs(p, o, judge) })
}

// judgeAs judges an object of a custom resource by the fields that T names.
func judgeAs[T any](p *audit.Pass, o kube.Object, judge func(*audit.Pass, *T)) {
	decoded, err := kube.Decode[T](o.(*unstructured.Unstructured))
	if err != nil {
		p.Unknown(err.Error())
		return
	}
	judge(p, &decoded)
}
