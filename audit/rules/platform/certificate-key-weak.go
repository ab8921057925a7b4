package platform

import (
	"fmt"
	"strings"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

var certificateKeyWeak = &audit.Rule{
	ID:       "certificate-key-weak",
	Title:    "A certificate has a weak key, or a weak signature",
	Severity: audit.Medium,
	Rationale: "Who works out the key of an authority is whoever it vouches for: a webhook that sees every Secret that is written, the API server itself. " +
		"RSA keys below 2048 bits are not acceptable since 2014 (NIST SP 800-131A), and of MD5 and SHA-1 somebody can make two certificates with one signature. " +
		"Go refuses such signatures, and RSA keys below 1024 bits in TLS.",
	Remediation: "Issue it again with ECDSA P-256 or RSA 2048 and up, signed with SHA-256 and up. For cert-manager that is spec.privateKey of the Certificate.",
	Since:       "3",
	Subjects:    kube.TrustResources(),
	Timed:       true, // the API server may show another one at any time
	Check: eachShown(func(p *audit.Pass, all []shown) {
		for _, s := range all {
			var weak []string
			if s.Key == "RSA" && s.Bits > 0 && s.Bits < 2048 {
				weak = append(weak, fmt.Sprintf("an RSA key of %d bits", s.Bits))
			}
			if s.Key == "DSA" {
				weak = append(weak, "a DSA key")
			}
			// What a root says of itself nobody verifies.
			if hash := brokenHash(s.Signature); hash != "" && !s.SelfSigned {
				weak = append(weak, "a signature with "+hash)
			}
			if len(weak) > 0 {
				p.Report(audit.Finding{Path: s.path, Message: s.what + " has " + strings.Join(weak, " and "), Detail: s.String()})
			}
		}
	}),
}

// brokenHash returns the hash of a signature of which collisions can be made, "" if it has
// another.
func brokenHash(signature string) string {
	for _, hash := range []string{"MD2", "MD5", "SHA1"} {
		if strings.HasPrefix(signature, hash+"-") || strings.HasSuffix(signature, "-"+hash) {
			return hash
		}
	}
	return ""
}
