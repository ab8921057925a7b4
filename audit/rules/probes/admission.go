package probes

import (
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
)

// asksForDeclaredPort is [portDeclared] for a server.
func asksForDeclaredPort(k kind) *audit.Admission {
	const port = "(P.httpGet.hasValue() ? (P.httpGet.host.orValue('') == '' ? P.httpGet.port : optional.none()) : " +
		"P.tcpSocket.hasValue() ? (P.tcpSocket.host.orValue('') == '' ? P.tcpSocket.port : optional.none()) : P.grpc.port)"
	const known = "c.?ports.orValue([]).exists(q, q.?name.orValue('') == n && q.containerPort != 0)"
	const tcp = "q.?protocol.orValue('TCP') == 'TCP'"
	const declared = "variables.longRunning.exists(d, d.?ports.orValue([]).exists(q, " + tcp + "))"
	const there = "variables.longRunning.exists(d, d.?ports.orValue([]).exists(q, " + tcp + " && q.containerPort == n))"
	return &audit.Admission{
		Except: "variables.completes", Among: "longRunning",
		Container: strings.ReplaceAll(port, "P", "c.?"+k.field) +
			".optMap(n, type(n) == string ? !" + known + " : " + declared + " && !" + there + ").orValue(false)",
	}
}
