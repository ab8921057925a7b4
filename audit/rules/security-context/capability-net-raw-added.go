package securitycontext

import (
	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var capabilityNetRawAdded = &audit.Rule{
	ID:       "capability-net-raw-added",
	Title:    "NET_RAW added",
	Severity: audit.Medium,
	Rationale: "With raw sockets a program can send packets under another's address, " +
		"and so take over the names and connections of its neighbours on networks that do not filter them.",
	Remediation: "Remove NET_RAW. A program that only pings can use ICMP sockets, which the sysctl net.ipv4.ping_group_range opens.",
	Controls:    []string{"PSS-baseline", "CIS-5.2.8", "OWASP22-K01", "OWASP25-K01"},
	Since:       "2",
	Subjects:    kube.WorkloadResources(),
	Admission:   asksNotToAdd("NET_RAW"),
	Check:       eachAdding("allows to forge packets", "NET_RAW"),
}
