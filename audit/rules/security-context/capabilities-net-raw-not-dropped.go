package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilitiesNetRawNotDropped = &audit.Rule{
	ID:       "capabilities-net-raw-not-dropped",
	Title:    "NET_RAW kept",
	Severity: audit.Low,
	Rationale: "Some runtimes give every container NET_RAW. With it a program can send packets under another's address, " +
		"and so take over the names and connections of its neighbours on networks that do not filter them.",
	Remediation: `Set securityContext.capabilities.drop to ["ALL"], or to ["NET_RAW"] where the program needs the others.`,
	Controls:    []string{"CIS-5.2.8", "CIS-5.7.3", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission: &audit.Admission{
		Except:    "variables.windows",
		Container: "!c.?securityContext.capabilities.drop.orValue([]).exists(x, x.upperAscii() in ['ALL', 'NET_RAW'])",
	},
	Check: eachLinux(func(p *audit.Pass, w *kube.Workload) {
		for c := range w.Containers() {
			if dropsCapability(c, "NET_RAW") {
				continue
			}
			f := inContainer(c, "securityContext.capabilities.drop", "may keep NET_RAW")
			f.Detail = "capabilities.drop lists neither ALL nor NET_RAW, which containerd and Docker give by default."
			f.Implied = impliedByKeptCapabilities(p.Cluster, w, c)
			drop := audit.Fix{
				Title: "drop NET_RAW",
				Edits: []audit.Edit{{Op: audit.Append, Path: f.Path, Value: "NET_RAW"}},
				Risk:  "A program that opens raw sockets (ping, packet capture) stops working.",
			}
			fixable(&f, c, drop)
			p.Report(f)
		}
	}),
}
