package cause

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube"
)

// Answers is what was answered about the rights of who looks. A right that is not in it
// was not asked about; nil is for files and recordings, of which nobody can be asked.
type Answers map[kube.Right]kube.Permission

// Of says whether a command is permitted: it is if all that it needs is, and it is denied
// if anything of it is.
func (a Answers) Of(c *Command) kube.Permission {
	least := kube.Permitted
	for _, right := range c.Needs {
		switch a[right] {
		case kube.Denied:
			return kube.Denied
		case kube.PermissionUnknown:
			least = kube.PermissionUnknown
		case kube.Permitted:
		}
	}
	return least
}

// Tags says what is to be minded of a command, each after a gap; "" for nothing. What it
// needs is told where the server was asked and did not say whether it is permitted.
func (a Answers) Tags(c *Command, gap string) string {
	text := ""
	if c.Writes {
		text += gap + "[writes]"
	}
	if c.Sensitive {
		text += gap + "[may show secrets]"
	}
	var doubtful []string
	for _, right := range c.Needs {
		if answer, asked := a[right]; asked && answer == kube.PermissionUnknown {
			doubtful = append(doubtful, right.String())
		}
	}
	if len(doubtful) > 0 {
		text += gap + "[may be denied: needs " + strings.Join(doubtful, ", ") + "]"
	}
	return text
}

// Proposal is what of the commands of a cause is worth typing for who looks.
type Proposal struct {
	// Commands are those that are not known to be denied, in the order of the cause. In
	// the place of one that is denied and only reads stands the next that is not, if
	// there is one.
	Commands []Command
	// Denied are the commands of the cause that are left out, nil if none is.
	Denied []Command
}

// Propose returns what to type next, by what is known of the rights of who looks.
func (c *Cause) Propose(known Answers) Proposal {
	var p Proposal
	var writes []Command
	replaced := 0
	for _, command := range c.Commands {
		switch {
		case known.Of(&command) == kube.Denied:
			p.Denied = append(p.Denied, command)
			if !command.Writes {
				replaced++
			}
		case command.Writes:
			writes = append(writes, command)
		default:
			p.Commands = append(p.Commands, command)
		}
	}
	for _, command := range c.spare {
		seen := func(other Command) bool { return other.Text == command.Text }
		if replaced > 0 && known.Of(&command) != kube.Denied && !slices.ContainsFunc(p.Commands, seen) {
			p.Commands = append(p.Commands, command)
			replaced--
		}
	}
	p.Commands = append(p.Commands, writes...)
	return p
}

// mostMissing is how many rights are named that are missing.
const mostMissing = 3

// LeftOut says how many commands of some proposals are left out, and which rights they
// need that who looks does not have; "" if none is left out.
func LeftOut(known Answers, all ...Proposal) string {
	var commands, missing []string
	for _, p := range all {
		for _, c := range p.Denied {
			if slices.Contains(commands, c.Text) {
				continue
			}
			commands = append(commands, c.Text)
			for _, right := range c.Needs {
				if text := right.String(); known[right] == kube.Denied && !slices.Contains(missing, text) {
					missing = append(missing, text)
				}
			}
		}
	}
	if len(commands) == 0 {
		return ""
	}
	text := "1 command is"
	if len(commands) > 1 {
		text = fmt.Sprintf("%d commands are", len(commands))
	}
	text += " left out: this user may not " + strings.Join(missing[:min(len(missing), mostMissing)], ", ")
	if more := len(missing) - mostMissing; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// Rights knows which rights who looks has.
type Rights interface {
	// Permitted answers about each right; what it does not know is
	// [kube.PermissionUnknown].
	Permitted(ctx context.Context, rights []kube.Right) map[kube.Right]kube.Permission
}

// Ask asks about the rights that the commands of a diagnosis need, and about those of the
// commands that take the place of what is denied: of no others. It adds to what is known,
// which may be nil and is not changed.
func (d *Diagnosis) Ask(ctx context.Context, rights Rights, known Answers) Answers {
	all := maps.Clone(known)
	if all == nil {
		all = Answers{}
	}
	for open := d.unasked(all); len(open) > 0; open = d.unasked(all) {
		answers := rights.Permitted(ctx, open)
		for _, right := range open {
			all[right] = answers[right]
		}
	}
	return all
}

// unasked returns the rights that proposed commands need and nobody asked about.
func (d *Diagnosis) unasked(known Answers) []kube.Right {
	var open []kube.Right
	for k := range d.Causes {
		for _, c := range d.Causes[k].Propose(known).Commands {
			for _, right := range c.Needs {
				if _, asked := known[right]; !asked && !slices.Contains(open, right) {
					open = append(open, right)
				}
			}
		}
	}
	return open
}
