package platform

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// servers are the resources that tell the flags of API servers.
func servers() []kube.Resource { return []kube.Resource{kube.Flagz, kube.Pods} }

// about places a finding at a flag.
func about(s kube.APIServer, flag string, f audit.Finding) audit.Finding {
	f.Container, f.Path = s.Program(), s.Field(flag)
	return f
}

// inFile says that it is not known what is in a file that a flag names.
func inFile(s kube.APIServer, flag string) (why string, named bool) {
	file := s.Flag(flag, "")
	return "what is in the file of --" + flag + " is not known", file != ""
}
