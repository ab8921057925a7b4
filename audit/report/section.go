package report

import (
	"github.com/seaworthy-dev/seaworthy/audit/framework"
	"github.com/seaworthy-dev/seaworthy/audit/score"
)

// Section is a part of a report that it has only if it is asked for.
type Section struct {
	fill func(*Document, *score.Assessment)
}

// Frameworks are sections that say which controls of frameworks pass.
func Frameworks(all ...framework.Framework) []Section {
	var sections []Section
	for _, f := range all {
		sections = append(sections, Section{func(d *Document, a *score.Assessment) {
			d.Frameworks = append(d.Frameworks, complianceOf(f, a))
		}})
	}
	return sections
}

// ReadinessSection says how far the cluster has what production asks for.
func ReadinessSection() Section {
	return Section{func(d *Document, a *score.Assessment) { d.Readiness = readinessOf(a) }}
}

// UpgradeSection says what stands in the way of the cluster's next minor release.
func UpgradeSection() Section {
	return Section{func(d *Document, a *score.Assessment) { d.Upgrade = upgradeOf(a) }}
}

// OwnershipSection says who the objects belong to, and what people changed by hand of what
// is delivered from Git.
func OwnershipSection() Section {
	return Section{func(d *Document, a *score.Assessment) { d.Ownership = ownershipOf(a) }}
}
