package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
)

// writeFleetOSCAL writes assessment results with a result for each cluster. Nothing was
// reviewed in one that could not be looked at, and its one observation says why. UUIDs of a
// result are made from what it says: they stay when other clusters change.
func writeFleetOSCAL(w io.Writer, d *fleetDraft) error {
	spaces, whole := make([]oscalSpace, len(d.members)), []byte("fleet")
	var newest time.Time
	for i, m := range d.members {
		var err error
		if spaces[i], err = m.oscalSpace(); err != nil {
			return err
		}
		whole = append(whole, spaces[i][:]...)
		if at := m.moment(); at.After(newest) {
			newest = at
		}
	}
	file := oscalSpaceOf(whole).file(cell("Seaworthiness of "+plural(len(d.members), "cluster")), newest.Format(time.RFC3339), d.RuleSet)
	return writeOSCALFile(w, file, func(p *printer, next func()) error {
		for i, m := range d.members {
			next()
			if err := p.oscalMember(m, spaces[i], d.RuleSet); err != nil {
				return err
			}
		}
		return nil
	})
}

func (m Member) oscalSpace() (oscalSpace, error) {
	if m.Document != nil {
		return newMemberDraft(m).oscalSpace()
	}
	content, err := json.Marshal([]any{m.cluster(), m.moment()})
	if err != nil {
		return oscalSpace{}, fmt.Errorf("encoding it: %w", err)
	}
	return oscalSpaceOf(content), nil
}

// oscalMember writes the result of a cluster of a fleet.
func (p *printer) oscalMember(m Member, space oscalSpace, ruleSet string) error {
	contexts := ""
	if len(m.Contexts) > 1 {
		contexts = strings.Join(m.Contexts, ", ")
	}
	if m.Document != nil {
		d := newMemberDraft(m)
		result := d.oscalResult(space)
		result.Props = append(result.Props, properties("contexts", contexts)...)
		return p.oscalResult(result, d.oscalObservations(space, result.Start))
	}
	at, why := m.moment().Format(time.RFC3339), cell(reasonOf(m))
	result := oscalResult{
		oscalNamed: oscalNamed{space.id("result"), cell("Seaworthiness of " + m.Name()), cell(m.Name()) + " could not be looked at: " + why},
		Start:      at, End: at, Observations: []oscalObservation{},
		Props: properties("cluster", m.Name(), "rule-set", ruleSet, "coverage", "0.0", "contexts", contexts),
	}
	result.Reviewed.Selections = []oscalSelection{{Description: "Nothing was reviewed: the cluster could not be looked at.", Remarks: why}}
	return p.oscalResult(result, func(yield func([]byte, error) bool) {
		yield(encode(oscalIndent, space.seen(0, []string{why}, at)))
	})
}
