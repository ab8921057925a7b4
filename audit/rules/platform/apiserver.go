package platform

import (
	"iter"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// servers are the resources that tell the flags of API servers.
func servers() []kube.Resource { return []kube.Resource{kube.Flagz, kube.Pods} }

// eachAPIServer returns a Check that judges every API server whose flags are known.
func eachAPIServer(judge func(*audit.Pass, kube.APIServer)) audit.Check {
	list := func(c *kube.Cluster) iter.Seq2[audit.Subject, kube.APIServer] {
		return func(yield func(audit.Subject, kube.APIServer) bool) {
			for _, s := range c.APIServers() {
				if !yield(audit.Subject{Ref: s.Ref, Namespace: s.Ref.Namespace}, s) {
					return
				}
			}
		}
	}
	return audit.Each(list, func(p *audit.Pass, s kube.APIServer) {
		if s.Elsewhere != "" {
			p.Unknown(s.Elsewhere)
			return
		}
		judge(p, s)
	})
}

// about places a finding at a flag.
func about(s kube.APIServer, flag string, f audit.Finding) audit.Finding {
	f.Path = s.Field(flag)
	if s.Container.Container != nil {
		f.Container = s.Container.Name
	}
	return f
}

// inFile says that it is not known what is in a file that a flag names.
func inFile(s kube.APIServer, flag string) (why string, named bool) {
	file := s.Flag(flag, "")
	return "what is in the file of --" + flag + " is not known", file != ""
}
