package rbac

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
)

// Object returns what the row under the cursor is about: the object of a finding, a role,
// a ServiceAccount. Users and groups are no objects.
func (s *Screen) Object() (kube.Ref, bool) {
	r := s.list().selected()
	if r == nil {
		return kube.Ref{}, false
	}
	if f := r.about.finding; f != nil {
		return f.Subject, true
	}
	if r.about.named {
		return objectOf(r.about.subject)
	}
	start, err := screen.ParseStart(r.paths.Target)
	switch {
	case err != nil || r.paths.Screen == "":
		return kube.Ref{}, false
	case !start.Object.IsZero():
		return start.Object, true
	}
	return objectOf(start.Subject)
}

// objectOf returns the object that a subject is.
func objectOf(s access.Subject) (kube.Ref, bool) {
	if s.Kind != rbacv1.ServiceAccountKind || s.Name == "" {
		return kube.Ref{}, false
	}
	return kube.ServiceAccounts.Ref(s.Namespace, s.Name), true
}

// Object returns the ServiceAccount that the screen is about.
func (s *Subject) Object() (kube.Ref, bool) { return objectOf(s.subject) }

// Object returns the ClusterRole that the screen is about.
func (s *Role) Object() (kube.Ref, bool) { return kube.ClusterRoles.Ref("", s.name), true }
