package briefing

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/seaworthy-dev/seaworthy/audit/triage"
	"github.com/seaworthy-dev/seaworthy/audit/triage/blast"
	"github.com/seaworthy-dev/seaworthy/audit/triage/cause"
	"github.com/seaworthy-dev/seaworthy/audit/triage/change"
	"github.com/seaworthy-dev/seaworthy/audit/triage/incident"
	"github.com/seaworthy-dev/seaworthy/audit/triage/message"
	"github.com/seaworthy-dev/seaworthy/kube"
)

// Schema names the form of a [Document]. Its keys never change their meaning; new ones
// may come.
const Schema = "seaworthy/triage/v1"

// Document is a report for programs.
type Document struct {
	Schema    string    `json:"schema"`
	Generated time.Time `json:"generated"` // by the API server's clock
	Cluster   Cluster   `json:"cluster"`
	// Window says how far back it can be seen what changed.
	Window Span `json:"window"`
	// Worst is the severity of the worst incident that is open, "" if none is.
	Worst string `json:"worst"`
	// Signals fire; Explained are those that have a reason in common with another.
	Signals   int `json:"signalsFiring"`
	Explained int `json:"signalsExplained"`
	// Blind are the detectors that cannot see all they read: what they find is unknown.
	Blind     []Blind    `json:"blind"`
	Incidents []Incident `json:"incidents"`
	// Notes are signals of no consequence, Suspects have not held for long enough.
	Notes    []Signal `json:"notes"`
	Suspects []Signal `json:"suspects"`
	// Changes are all that are known within the window, the newest first.
	Changes []Change `json:"changes"`
}

// Cluster says what was looked at, and as whom.
type Cluster struct {
	Name    string `json:"name"`
	Server  string `json:"server,omitempty"`
	Version string `json:"version,omitempty"`
	User    string `json:"user,omitempty"`
}

// Span says since when changes are known, and since when they were seen as they happened.
type Span struct {
	Since time.Time `json:"since"`
	Live  time.Time `json:"live"`
}

// Blind is a detector that does not see a resource.
type Blind struct {
	Detector  string `json:"detector"`
	Resource  string `json:"resource"`
	Namespace string `json:"namespace,omitempty"`
	Verb      string `json:"verb"`
	Reason    string `json:"reason"`
}

// Object names one object.
type Object struct {
	Group     string `json:"group,omitempty"`
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
}

// Incident is one thing to mend.
type Incident struct {
	ID        string     `json:"id"`
	Aliases   []string   `json:"aliases,omitempty"`
	Severity  string     `json:"severity"`
	Title     string     `json:"title"`
	Where     string     `json:"where"`
	Root      Key        `json:"root"`
	Since     time.Time  `json:"since"`
	Estimated bool       `json:"estimated"` // since is worked out, or when it was first seen
	State     string     `json:"state"`     // open, recovering, resolved
	Flapping  bool       `json:"flapping"`
	Ended     *time.Time `json:"ended,omitempty"`
	Pods      int        `json:"pods"`
	Members   []Object   `json:"members"`
	Signals   []Signal   `json:"signals"`
	// Changes are those that may explain it, the best first.
	Changes []Change `json:"changes"`
	// Unchanged says that nothing is known to have changed, and what could not be seen.
	Unchanged string  `json:"unchanged,omitempty"`
	Causes    []Cause `json:"causes"`
	Blast     Blast   `json:"blast"`
	// Commands are those of the likeliest cause that are not known to be denied, Denied
	// those that are left out.
	Commands []Command `json:"commands"`
	Denied   []Command `json:"denied,omitempty"`
	// Possible are the incidents of which this may be a symptom, by their IDs.
	Possible []string `json:"possibleSymptomOf,omitempty"`
}

// Key is what explains an incident.
type Key struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// Signal is one thing that is wrong with one object.
type Signal struct {
	ID        string     `json:"id"` // of the detector
	Object    Object     `json:"object"`
	Workload  *Object    `json:"workload,omitempty"`
	Container string     `json:"container,omitempty"`
	Cause     string     `json:"cause,omitempty"`
	Message   string     `json:"message"`
	Raw       string     `json:"raw,omitempty"` // in the words of the component, without what looks like a secret
	Since     time.Time  `json:"since"`
	Estimated bool       `json:"estimated"`
	State     string     `json:"state"`
	Severity  string     `json:"severity,omitempty"`
	Ended     *time.Time `json:"ended,omitempty"`
	// Explained is the ID of the signal that explains it, with its object; absent for a root.
	Explained *Explanation `json:"explainedBy,omitempty"`
}

// Explanation is the signal that explains another.
type Explanation struct {
	ID     string `json:"id"`
	Object Object `json:"object"`
	Key    *Key   `json:"through,omitempty"`
}

// Change is one thing that changed.
type Change struct {
	Time        time.Time    `json:"time"`
	Bound       string       `json:"bound,omitempty"` // "at the latest", "at the earliest"
	Certainty   string       `json:"certainty"`       // live, stated, inferred
	Kind        string       `json:"kind"`
	Action      string       `json:"action"`
	Object      Object       `json:"object"`
	By          string       `json:"by,omitempty"`
	Revision    string       `json:"revision,omitempty"`
	From        string       `json:"from,omitempty"`
	Title       string       `json:"title"`
	Differences []Difference `json:"differences,omitempty"`
	// Relevance is how well it explains the incident, 0 to 1; absent outside of one.
	Relevance *float64 `json:"relevance,omitempty"`
	Contrast  string   `json:"contrast,omitempty"` // convicted, acquitted
	Reaction  bool     `json:"reaction,omitempty"` // it came after the onset
}

// Difference is one field that differs.
type Difference struct {
	Container string `json:"container,omitempty"`
	Path      string `json:"path"`
	Before    string `json:"before"`
	After     string `json:"after"`
}

// Cause is a likely cause.
type Cause struct {
	Pattern    string   `json:"pattern"`
	Title      string   `json:"title"`
	Confidence int      `json:"confidence"` // 0 to 95
	Band       string   `json:"band"`       // cause, likely, possible, not determined
	For        []string `json:"for"`
	Against    []string `json:"against"`
	Unknown    []string `json:"unknown"`
	Fix        string   `json:"fix,omitempty"`
}

// Command is one to type.
type Command struct {
	Text      string `json:"text"`
	About     string `json:"about,omitempty"`
	Writes    bool   `json:"writes"`    // it changes the cluster
	Sensitive bool   `json:"sensitive"` // it may show secrets
	// Needs are the rights without which it fails.
	Needs []Right `json:"needs"`
	// Allowed is whether who looks has them; absent where that is not known.
	Allowed *bool `json:"allowed,omitempty"`
}

// Right is an access right, as a SelfSubjectAccessReview has it.
type Right struct {
	Verb        string `json:"verb"`
	Group       string `json:"group,omitempty"`
	Resource    string `json:"resource,omitempty"`
	Subresource string `json:"subresource,omitempty"`
	Namespace   string `json:"namespace,omitempty"`
	Name        string `json:"name,omitempty"`
	Path        string `json:"path,omitempty"` // in the place of a resource
}

// Blast says who else is hit, as far as objects tell: potentially, since no traffic is
// measured.
type Blast struct {
	Summary      string      `json:"summary"`
	Hosts        []string    `json:"hosts"`
	Services     int         `json:"services"`
	ServicesDown int         `json:"servicesDown"`
	Workloads    int         `json:"workloads"`
	Pods         int         `json:"pods"`
	Dependents   []Dependent `json:"dependents"`
	More         int         `json:"more"` // dependents that are not listed
}

// Dependent is what depends on what is hit.
type Dependent struct {
	Object    Object `json:"object"`
	Through   Object `json:"through"`
	Relation  string `json:"relation"`
	Certainty string `json:"certainty"` // certain, likely, hint
	When      string `json:"when"`      // now, next start
	Distance  int    `json:"distance"`
	Lost      string `json:"lost,omitempty"`
}

// NewDocument returns a report for programs. Text of the cluster in it is without what
// looks like a secret. What is known of the rights of who looks is nil where nobody can be
// asked.
func NewDocument(r *Report, known cause.Answers) *Document {
	info := r.Cluster.Info
	d := &Document{
		Schema: Schema, Generated: r.Time, Worst: r.Worst().String(), Signals: r.Signals, Explained: r.Explained,
		Cluster: Cluster{info.Name, info.Server, info.Version, info.User}, Window: Span{r.Time.Add(-Window), r.Live},
		Blind: []Blind{}, Incidents: []Incident{}, Notes: []Signal{}, Suspects: []Signal{}, Changes: []Change{},
	}
	for _, u := range r.Blind {
		d.Blind = append(d.Blind, Blind{u.Detector.ID, u.State.Resource.String(), u.State.Namespace, u.State.Verb, u.State.Reason})
	}
	for _, b := range r.Briefings {
		d.Incidents = append(d.Incidents, incidentOf(b, known))
	}
	if r.Notes != nil {
		d.Notes = signalsOf(r.Notes.Signals)
	}
	for k := range r.Suspects {
		d.Suspects = append(d.Suspects, signalOf(&r.Suspects[k], 0))
	}
	for _, c := range r.Changes() {
		d.Changes = append(d.Changes, changeOf(&c))
	}
	return d
}

// WriteJSON writes a report for programs.
func WriteJSON(w io.Writer, r *Report, known cause.Answers) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(NewDocument(r, known)); err != nil {
		return fmt.Errorf("writing what is broken: %w", err)
	}
	return nil
}

func incidentOf(b *Briefing, known cause.Answers) Incident {
	i := Incident{
		ID: b.ID, Aliases: b.Aliases, Severity: b.Severity.String(), Title: message.Scrub(b.Title), Where: b.Where,
		Root: Key{string(b.Root.Kind), b.Root.Name}, Since: b.Since, Estimated: b.Estimated, State: b.State.String(),
		Flapping: b.Flapping, Pods: b.Pods, Members: []Object{}, Signals: signalsOf(b.Signals),
		Changes: []Change{}, Causes: []Cause{}, Commands: []Command{}, Possible: b.Possible,
	}
	if b.State != incident.Open && !b.Ended.IsZero() {
		i.Ended = &b.Ended
	}
	for _, ref := range b.Members {
		i.Members = append(i.Members, objectOf(ref))
	}
	diagnosis := b.Diagnosis()
	i.Unchanged = diagnosis.Unchanged
	for _, ranked := range [][]change.Ranked{diagnosis.Changes, diagnosis.Reactions} {
		for _, r := range ranked {
			c := changeOf(r.Change)
			c.Relevance, c.Contrast, c.Reaction = &r.Relevance, r.Contrast.String(), r.Reaction
			i.Changes = append(i.Changes, c)
		}
	}
	for k := range diagnosis.Causes {
		i.Causes = append(i.Causes, causeOf(&diagnosis.Causes[k]))
	}
	proposal := diagnosis.Causes[0].Propose(known) // there is always one
	i.Commands = append(i.Commands, commandsOf(proposal.Commands, known)...)
	i.Denied = commandsOf(proposal.Denied, known)
	i.Blast = blastOf(b.Radius())
	return i
}

func commandsOf(commands []cause.Command, known cause.Answers) []Command {
	var all []Command
	for k := range commands {
		c := &commands[k]
		d := Command{Text: c.Text, About: c.About, Writes: c.Writes, Sensitive: c.Sensitive, Needs: []Right{}}
		for _, n := range c.Needs {
			d.Needs = append(d.Needs, Right{n.Verb, n.Group, n.Resource, n.Subresource, n.Namespace, n.Name, n.Path})
		}
		if permission := known.Of(c); permission != kube.PermissionUnknown {
			allowed := permission == kube.Permitted
			d.Allowed = &allowed
		}
		all = append(all, d)
	}
	return all
}

func causeOf(c *cause.Cause) Cause {
	return Cause{c.Pattern, c.Title, c.Confidence, c.Band.String(), list(c.For), list(c.Against), list(c.Unknown), c.Fix}
}

// list returns texts of which there is a list also if there are none.
func list(texts []string) []string {
	all := make([]string, 0, len(texts))
	for _, text := range texts {
		all = append(all, message.Scrub(text))
	}
	return all
}

func signalsOf(signals []incident.Signal) []Signal {
	all := make([]Signal, 0, len(signals))
	for k := range signals {
		s := signalOf(&signals[k].Watched, signals[k].Severity)
		if by := signals[k].By; signals[k].Symptom() {
			s.Explained = &Explanation{ID: by.Detector, Object: objectOf(by.Object)}
			if through := signals[k].Through; through != (triage.Key{}) {
				s.Explained.Key = &Key{string(through.Kind), through.Name}
			}
		}
		all = append(all, s)
	}
	return all
}

func signalOf(w *triage.Watched, severity triage.Severity) Signal {
	s := Signal{
		ID: w.Detector.ID, Object: objectOf(w.Object), Container: w.Container, Cause: w.Cause, Message: message.Scrub(w.Message),
		Raw: message.Scrub(w.Raw), Since: w.Onset, Estimated: w.Estimated || w.Observed, State: w.State.String(), Severity: severity.String(),
	}
	if !w.Workload.IsZero() && w.Workload != w.Object {
		workload := objectOf(w.Workload)
		s.Workload = &workload
	}
	if !w.Ended.IsZero() {
		s.Ended = &w.Ended
	}
	return s
}

func changeOf(c *change.Change) Change {
	d := Change{
		Time: c.Time, Bound: c.Bound.String(), Certainty: c.Certainty.String(), Kind: c.Kind.String(), Action: c.Action.String(),
		Object: objectOf(c.Object), By: c.By, Revision: c.Revision, From: c.From, Title: message.Scrub(c.Title),
	}
	for _, difference := range c.Differences {
		d.Differences = append(d.Differences, Difference{
			difference.Container, difference.Path, message.Scrub(difference.Before), message.Scrub(difference.After),
		})
	}
	return d
}

func blastOf(r *blast.Radius) Blast {
	b := Blast{
		Summary: r.String(), Hosts: append([]string{}, r.HostNames...), Services: r.Services, ServicesDown: r.ServicesDown,
		Workloads: r.Workloads, Pods: r.Pods, Dependents: []Dependent{}, More: r.More,
	}
	for _, d := range r.Dependents {
		b.Dependents = append(b.Dependents, Dependent{
			objectOf(d.Object), objectOf(d.Through), d.Relation.String(), d.Certainty.String(), d.When.String(), d.Distance, d.Lost,
		})
	}
	return b
}

func objectOf(ref kube.Ref) Object { return Object{ref.Group, ref.Kind, ref.Namespace, ref.Name} }
