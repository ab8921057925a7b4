package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/seaworthy-dev/seaworthy/kube/printable"
)

// TestCSVIsATable holds that a reader finds the same cells, whatever a cluster says,
// and that none of them is a formula to a spreadsheet.
func TestCSVIsATable(t *testing.T) {
	t.Parallel()
	anything(t, func(text string) bool {
		out := written(t, "csv", crowd(t, 1, 2, text, text, "another"))
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil || len(rows) < 3 || rows[0][8] != "message" {
			t.Errorf("%d rows, %v", len(rows), err)
			return false
		}
		found := false
		for _, row := range rows[1:] {
			for i, cell := range row {
				number := rows[0][i] == "points" || rows[0][i] == "gain"
				if first := strings.TrimLeft(cell, " \t\r\n"); !number && strings.ContainsAny(first[:min(3, len(first))], "=+@＝＋－＠") && strings.IndexAny(first, "=+-@＝＋－＠") == 0 {
					t.Errorf("cell %q is a formula", cell)
					return false
				}
			}
			found = found || strings.TrimPrefix(row[8], "'") == strings.TrimPrefix(printable.Text(text), "'")
		}
		return found && bytes.Count(out, []byte("\n")) == bytes.Count(out, []byte("\r\n"))
	})
}
