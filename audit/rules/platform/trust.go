package platform

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/seaworthy-dev/seaworthy/audit"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// apiServer stands for the API server, and for what stands before it: the Service by which
// pods call it.
var apiServer = kube.Services.Ref(metav1.NamespaceDefault, "kubernetes")

// callees are the resources of which an object says by which certificates the API server
// knows whom it calls.
func callees() []kube.Resource {
	return slices.DeleteFunc(kube.TrustResources(), func(r kube.Resource) bool { return r == kube.ClusterTrustBundles })
}

// eachCallee returns a Check that judges every object whose server is known by a bundle.
func eachCallee(judge func(*audit.Pass, kube.Trust)) audit.Check {
	return audit.EachOf(callees(), func(p *audit.Pass, _ kube.Object) {
		trusts := p.Cluster.Trusts(p.Subject().Ref)
		if len(trusts) == 0 {
			p.NotApplicable() // known by the roots of the system, or not verified at all
		}
		for _, t := range trusts {
			judge(p, t)
		}
	})
}

// shown is a certificate that can be seen of a subject.
type shown struct {
	*kube.Certificate
	path string // where the object has it, "" where it is of a connection
	what string // what it is: "the CA bundle", "the certificate that it shows"
	// anchor says that clients trust it whoever signed it.
	anchor bool
}

// eachShown returns a Check that judges the certificates of every subject: bundles, and
// what was seen when the API server was connected to.
func eachShown(judge func(*audit.Pass, []shown)) audit.Check {
	return audit.Each(func(c *kube.Cluster) iter.Seq2[audit.Subject, []shown] {
		return func(yield func(audit.Subject, []shown) bool) {
			for _, r := range kube.TrustResources() {
				for _, o := range c.Objects(r) {
					ref := r.Ref("", o.GetName())
					if all := shownIn(c.Trusts(ref)); len(all) > 0 && !yield(audit.Subject{Ref: ref}, all) {
						return
					}
				}
			}
			if all := shownBy(c.Info); len(all) > 0 {
				yield(audit.Subject{Ref: apiServer}, all)
			}
		}
	}, judge)
}

func shownIn(trusts []kube.Trust) []shown {
	var all []shown
	for _, t := range trusts {
		for i := range t.Bundle.Certificates {
			all = append(all, shown{&t.Bundle.Certificates[i], t.Path, "a certificate of its CA bundle", true})
		}
	}
	return all
}

// shownBy returns what the API server was connected to with.
func shownBy(info kube.Info) []shown {
	var all []shown
	if info.Certificate != nil {
		all = append(all, shown{info.Certificate, "", "the certificate that it shows", false})
	}
	if info.Root != nil {
		all = append(all, shown{info.Root, "", "the root by which it is verified", true})
	}
	return all
}

// String tells of the certificate, for the detail of a finding.
func (s shown) String() string {
	return fmt.Sprintf("%s is issued by %s and lasts from %s to %s.", s.name(), s.Issuer, kube.Moment(metav1.NewTime(s.NotBefore)), endOf(s.Certificate))
}

func (s shown) name() string {
	if s.Subject == "" {
		return "The certificate"
	}
	return "The certificate of " + s.Subject
}

func endOf(x *kube.Certificate) string { return kube.Moment(metav1.NewTime(x.NotAfter)) }

// soon reports whether a certificate ends within some days, and in the last quarter of its
// life: who renews it in time does so before, cert-manager after two thirds
// (https://cert-manager.io/docs/usage/certificate/#reissuance-triggered-by-expiry-renewal).
func soon(c *kube.Cluster, x *kube.Certificate, days int) bool {
	const day = 24 * 60
	quarter := int(x.NotAfter.Sub(x.NotBefore).Minutes()) / 4
	return c.Lasted(metav1.NewTime(x.NotAfter), -min(days*day, quarter))
}

// over reports whether a certificate has ended.
func over(c *kube.Cluster, x *kube.Certificate) bool {
	return c.Lasted(metav1.NewTime(x.NotAfter), 0)
}

// whose names the webhooks that a bundle is for, "" where the object is all there is.
func whose(t kube.Trust) string {
	if len(t.For) == 0 {
		return ""
	}
	names := t.For[:min(len(t.For), mostNamed)]
	text := " It is for webhook " + strings.Join(names, ", ")
	if more := len(t.For) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text + "."
}
