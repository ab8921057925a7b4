package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// columnsCSV never change their names; new ones come at the end.
var columnsCSV = []string{
	"namespace", "severity", "rule", "category", "kind", "name", "container", "path", "message", "detail",
	"points", "gain", "implied", "fix", "accepted", "owner", "expires", "controls", "file", "line", "id",
}

// writeCSV writes a table of the findings as RFC 4180 has it.
func writeCSV(w io.Writer, d *draft) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	if err := table.Write(columnsCSV); err != nil {
		return err
	}
	for cells, err := range inOrder(d, func(_ int, f Finding) ([]string, error) { return cellsCSV(f), nil }) {
		if err != nil {
			return err
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// writeFleetCSV writes the findings of several clusters, with one more column for which.
// A cluster that could not be looked at has a row without a rule that says so.
func writeFleetCSV(w io.Writer, d *fleetDraft) error {
	table := csv.NewWriter(w)
	table.UseCRLF = true
	if err := table.Write(append(slices.Clone(columnsCSV), "cluster")); err != nil {
		return err
	}
	for _, m := range d.members {
		findings := []Finding{{Message: "could not be looked at: " + reasonOf(m)}}
		if m.Document != nil {
			findings = m.Document.Findings
		}
		for _, f := range findings {
			if err := table.Write(append(cellsCSV(f), textCSV(m.Name()))); err != nil {
				return err
			}
		}
	}
	table.Flush()
	return table.Error()
}

func cellsCSV(f Finding) []string {
	amount := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	fix, file, line := "", "", ""
	if f.Fix != nil {
		fix = f.Fix.Title
	}
	if f.Source != nil {
		file, line = f.Source.File, strconv.Itoa(f.Source.Line)
	}
	accepted := Acceptance{}
	if f.Accepted != nil {
		accepted = *f.Accepted
	}
	text := textCSV
	return []string{
		text(f.Namespace), f.Severity, text(f.Rule), text(f.Category), text(f.Kind), text(f.Name), text(f.Container),
		text(f.Path), text(f.Message), text(f.Detail), amount(f.Points), amount(f.Gain), text(f.Implied), text(fix),
		text(accepted.Reason), text(accepted.Owner), accepted.Expires, text(strings.Join(f.Controls, " ")),
		text(file), line, text(f.ID),
	}
}

// textCSV makes text harmless in a cell. A spreadsheet takes a cell that begins with
// one of these for a formula, also behind blanks and in their wide forms, and an
// apostrophe before it keeps it a text (OWASP, CSV Injection).
func textCSV(text string) string {
	text = printable.Text(text)
	if first := strings.TrimLeft(text, " "); first != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(first)[0]) {
		return "'" + text
	}
	return text
}
