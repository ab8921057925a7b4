package ui

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/seaworthy-dev/seaworthy/audit/policy/form"
	"github.com/seaworthy-dev/seaworthy/ui/keymap"
	"github.com/seaworthy-dev/seaworthy/ui/nav"
	"github.com/seaworthy-dev/seaworthy/ui/screen"
	"github.com/seaworthy-dev/seaworthy/ui/widget"
)

// command is something that is typed behind a colon and is no address.
type command struct {
	name  string
	short string // another name for it, "" for none
	// args is how its arguments are written, in capitals what is to be replaced and in
	// brackets what may be left out; "" where it takes none.
	args string
	help string // what it does, as the help of a binding says it
	// complete returns what the arguments, as far as they are typed, may become, the best
	// first; nil where nothing can be said.
	complete func(m *Model, args string) []string
	// run does it. The error is for the user, who sees it in the last line.
	run func(m *Model, args string) (tea.Cmd, error)
}

// commands are what can be typed behind a colon beside addresses. The palette, the
// completion and the help read this list; to add a command, add it here.
func commands() []command {
	return []command{
		{"sort", "", "COLUMN [asc|desc]", "sort the rows by a column", completeSort, sortCommand},
		{"columns", "", "[A,B,C]", "show these columns, or choose among them", completeColumns, columnsCommand},
		{"filter", "", "[TEXT]", "filter the rows by a text, or show all", nil, filterCommand},
		{"ask", "", "[TEXT]", "ask the screen something else", nil, askCommand},
		{"rule", "", "RULE", "show the findings of a rule", completeRule, ruleCommand},
		{"context", "ctx", "[NAME]", "look at another cluster, with - at the one before", completeContext, contextCommand},
		{"mark", "", "", "mark all that the filter shows", nil, keyCommand(keymap.MarkAll)},
		{"unmark", "", "", "take all marks off", nil, keyCommand(keymap.Unmark)},
		{"address", "", "", "show the address of what is seen, and copy it", nil, addressCommand},
		{"quit", "q", "", "leave the program", nil, keyCommand(keymap.Quit)},
	}
}

// usage is how a command is typed.
func (c command) usage() string { return strings.TrimSpace(c.name + " " + c.args) }

// usages are how commands are typed, and what each does.
func usages() [][2]string {
	var all [][2]string
	for _, c := range commands() {
		all = append(all, [2]string{c.usage(), c.help})
	}
	return all
}

// commandOf returns the command of a name, false if there is none.
func commandOf(name string) (command, bool) {
	all := commands()
	i := slices.IndexFunc(all, func(c command) bool { return name != "" && (c.name == name || c.short == name) })
	if i < 0 {
		return command{}, false
	}
	return all[i], true
}

// needs reports whether a command cannot be run without arguments.
func (c command) needs() bool { return c.args != "" && c.args[0] != '[' }

// runCommand runs a command, or says what is wrong with its arguments.
func (m *Model) runCommand(c command, args string) tea.Cmd {
	var cmd tea.Cmd
	var err error
	switch {
	case c.args == "" && args != "":
		err = fmt.Errorf("%s takes no argument", c.name)
	case c.needs() && args == "":
		err = fmt.Errorf("%s needs an argument: %s", c.name, c.usage())
	default:
		cmd, err = c.run(m, args)
	}
	if err != nil {
		m.notice = notice{err.Error(), true}
	}
	return cmd
}

// keyCommand does what a key does.
func keyCommand(id keymap.ID) func(*Model, string) (tea.Cmd, error) {
	return func(m *Model, _ string) (tea.Cmd, error) { return m.do(id), nil }
}

// filterCommand filters the rows of the shown screen.
func filterCommand(m *Model, args string) (tea.Cmd, error) {
	f, ok := m.top().(screen.Filterer)
	if !ok || m.instead() != nil {
		return nil, errors.New("there is nothing to filter here")
	}
	return nil, f.Filter(args)
}

// askCommand asks the shown screen something else.
func askCommand(m *Model, args string) (tea.Cmd, error) {
	a, ok := m.top().(screen.Asker)
	if !ok || m.instead() != nil {
		return nil, errors.New("there is nothing to ask here: rbac and plan answer questions")
	}
	a.Act(keymap.Ask)
	return nil, a.Ask(args)
}

// sortCommand sorts the rows of the shown screen.
func sortCommand(m *Model, args string) (tea.Cmd, error) {
	of, table := m.table()
	if table == nil {
		return nil, errors.New("there is nothing to sort here")
	}
	return nil, order(of, args)
}

func completeSort(m *Model, args string) []string {
	_, table := m.table()
	if table == nil {
		return nil
	}
	column, rest, several := strings.Cut(args, " ")
	if !several {
		return completions(args, table.Sortable())
	}
	var found []string
	for _, direction := range completions(strings.TrimLeft(rest, " "), []string{"asc", "desc"}) {
		found = append(found, column+" "+direction)
	}
	return found
}

// columnsCommand shows the columns that are named, in that order, or opens the chooser.
func columnsCommand(m *Model, args string) (tea.Cmd, error) {
	_, table := m.table()
	if args == "" || table == nil {
		m.startChooser()
		return nil, nil
	}
	var layout widget.Layout
	for _, id := range strings.FieldsFunc(strings.ToLower(args), func(r rune) bool { return r == ',' || r == ' ' }) {
		if _, ok := table.Column(id); !ok {
			return nil, fmt.Errorf("there is no column %q (there are: %s)", id, strings.Join(columnsOf(table), ", "))
		}
		layout = append(layout, widget.Placed{ID: id, Shown: true})
	}
	for _, id := range columnsOf(table) {
		if !slices.Contains(layout, widget.Placed{ID: id, Shown: true}) {
			layout = append(layout, widget.Placed{ID: id})
		}
	}
	m.layOut(table, layout)
	return nil, nil
}

// columnsOf are the columns that can be named.
func columnsOf(t *widget.Table) []string {
	var ids []string
	for _, c := range t.Columns() {
		ids = append(ids, c.ID)
	}
	return ids
}

func completeColumns(m *Model, args string) []string {
	_, table := m.table()
	if table == nil {
		return nil
	}
	before, last := "", args
	if at := strings.LastIndexByte(args, ','); at >= 0 {
		before, last = args[:at+1], args[at+1:]
	}
	var found []string
	for _, id := range completions(last, columnsOf(table)) {
		found = append(found, before+id)
	}
	return found
}

// addressCommand shows and copies where the user is.
func addressCommand(m *Model, _ string) (tea.Cmd, error) {
	address := m.address().String()
	return nav.Copy(address, address), nil
}

// ruleCommand opens the findings of a rule.
func ruleCommand(m *Model, id string) (tea.Cmd, error) {
	if ids := m.rules(); !slices.Contains(ids, id) {
		return nil, fmt.Errorf("there is no rule %q%s", id, form.Nearest(id, ids))
	}
	m.open(findingsOf("rule=" + id))
	return nil, nil
}

// rules are the IDs of the rules that the cluster is judged by.
func (m *Model) rules() []string {
	var ids []string
	for _, c := range m.options.Categories {
		for _, r := range c.Rules {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func completeRule(m *Model, args string) []string { return completions(args, m.rules()) }

// findingsOf is the address of the findings that a filter lets through.
func findingsOf(filter string) string {
	return screen.WithFilter(nav.Address{Screen: "findings"}, filter).String()
}
