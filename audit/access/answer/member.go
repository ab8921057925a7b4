package answer

import (
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/seaworthy-dev/seaworthy/audit/access"
	"github.com/seaworthy-dev/seaworthy/kube"
	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// Groups says which ServiceAccounts are in the groups among some subjects, one line
// a group.
func Groups(view *kube.Cluster, subjects []access.Subject) []string {
	var lines []string
	told := map[access.Subject]bool{}
	for _, s := range subjects {
		if s.Kind != rbacv1.GroupKind || told[s] {
			continue
		}
		told[s] = true
		also := ""
		switch {
		case s.Name == access.GroupAuthenticated:
			also = "everybody who has proved who they are, "
		case s.Name == access.GroupUnauthenticated:
			lines = append(lines, Subject(s)+" is everybody who has not said who they are.")
			continue
		case s.HomeNamespace() == "" && s.Name != access.GroupServiceAccounts:
			continue
		}
		members := access.Members(view, s)
		names := make([]string, len(members))
		for i, m := range members {
			names[i] = m.Namespace + "/" + m.Name
		}
		lines = append(lines, printable.Text(fmt.Sprintf("%s is %s%d ServiceAccounts: %s.",
			Subject(s), also, len(names), strings.ReplaceAll(Some(names, 5), ",", ", "))))
	}
	slices.Sort(lines)
	return lines
}
