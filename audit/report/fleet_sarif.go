package report

import "io"

// notLookedAt is the descriptor of the notification about a cluster that could not be
// looked at.
const notLookedAt = "not-looked-at"

// writeFleetSARIF writes a SARIF log with a run for each cluster. A cluster that could not
// be looked at has a run that failed, so that nobody takes its silence for a clean result:
// GitHub's code scanning calls that an unsuccessful execution and closes no alert for it.
// It refuses more than 20 runs in a file.
func writeFleetSARIF(w io.Writer, d *fleetDraft) error {
	return writeSARIFLog(w, func(p *printer, next func()) error {
		for _, m := range d.members {
			next()
			if err := p.sarifMember(m, d.RuleSet); err != nil {
				return err
			}
		}
		return nil
	})
}

// sarifMember writes the run of a cluster of a fleet.
func (p *printer) sarifMember(m Member, ruleSet string) error {
	if m.Document == nil {
		run := m.sarifFailure(ruleSet)
		return p.sarifRun(run, func(func([]byte, error) bool) {})
	}
	d := newMemberDraft(m)
	run := d.sarifRun()
	run.Automation = sarifAutomationOf(m.Name())
	run.Properties["contexts"] = m.Contexts
	return p.sarifRun(run, d.sarifResults(func(*sarifResult, int) {}))
}

// sarifFailure is the run of a cluster that could not be looked at. Its list of results is
// empty and there, since readers look for it.
func (m Member) sarifFailure(ruleSet string) sarifRun {
	failed := sarifInvocation{Began: m.moment().Format(sarifTime), Notifications: []sarifNotification{
		sarifNotified(notLookedAt, "error", m.Name()+" could not be looked at: "+reasonOf(m)),
	}}
	return sarifRun{
		Tool:       sarifTool{sarifDriverOf(ruleSet, notLookedAt, "A cluster that could not be looked at, so not judged")},
		Automation: sarifAutomationOf(m.Name()), Invocations: []sarifInvocation{failed}, Results: []sarifResult{},
		Properties: map[string]any{"cluster": Cluster{Name: m.Name()}, "contexts": m.Contexts},
	}
}
